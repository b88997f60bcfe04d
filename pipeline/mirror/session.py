"""Session files: who is logged in, on which make-believe phone; readable by nobody but their owner."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import EnvironmentFault, NeedsPerson
from pipeline.tools.files import remove_leftovers, whole_file

FOLDER = "sessions"
DEVICE_KEYS = ("uuids", "device_settings", "usdid", "mid", "push_disabled")
"""What stays the same for an account, however often it logs in: a phone doesn't change at every login."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a session file holds: the client's settings, who they belong to, and since when."""

    settings: Mapping[str, Any]
    username: str | None = None
    since: datetime | None = None

    def __repr__(self) -> str:
        return f"Saved(username={self.username!r}, since={self.since!r})"

    @property
    def logged_in(self) -> bool:
        """Whether there is something to log in with; only the server knows whether it is still good."""
        return bool(
            self.settings.get("authorization_data") or self.settings.get("cookies", {}).get("sessionid")
        )

    def device(self) -> Saved:
        """The phone alone."""
        return Saved({key: self.settings[key] for key in DEVICE_KEYS if key in self.settings})


@dataclass(frozen=True, slots=True)
class SessionFile:
    """The file of one account."""

    path: Path

    def read(self) -> Saved | None:
        """What it holds; None when there is none. Raises NeedsPerson when it is damaged."""
        try:
            plain = json.loads(self.path.read_bytes())
            since = plain.get("since")
            settings = {**plain["settings"]}
            return Saved(settings, plain.get("username"), since and datetime.fromisoformat(since))
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise EnvironmentFault(f"{self.path} can't be read: {fault.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            reason = f"the session file {self.path} is damaged; remove it and log in again"
            raise NeedsPerson(reason, everything=True) from None

    def write(self, saved: Saved) -> None:
        """Keep it, whole or not at all, for the owner's eyes only from the first byte on."""
        since = saved.since.isoformat() if saved.since else None
        plain = {"username": saved.username, "since": since, "settings": dict(saved.settings)}
        content = json.dumps(plain, indent=1, default=str).encode()
        try:
            self._make_folder()
            with whole_file(self.path) as temporary:
                fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(fd, "wb") as file:
                    file.write(content)
        except OSError as fault:
            raise EnvironmentFault(f"{self.path} can't be written: {fault.strerror}") from None

    def forget(self) -> None:
        """Remove it, and what a crash may have left of it."""
        self.path.unlink(missing_ok=True)
        if self.path.parent.is_dir():
            remove_leftovers(self.path.parent)

    def _make_folder(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.parent.chmod(0o700)


def session_file(state: Path, account: str) -> SessionFile:
    """Where an account's session is kept."""
    return SessionFile(state / FOLDER / f"{account}.json")
