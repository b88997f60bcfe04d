"""Until when the tokens of accounts are good, as far as it was ever asked; they themselves aren't kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.tools.files import write_whole
from pipeline.values import dataclass

FOLDER = "tokens"
REMIND = timedelta(days=10)
"""So long before its end a token is told of, once a day."""
TELL_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a token; `ends_at` is None for one that doesn't end. `mark` tells it from others."""

    mark: str
    asked_at: datetime
    ends_at: datetime | None
    told_at: datetime | None = None

    def is_to_be_told(self, at: datetime) -> bool:
        """Whether it ends soon, and nobody was told of it today."""
        if self.ends_at is None or self.ends_at - at > REMIND:
            return False
        return self.told_at is None or not timedelta() <= at - self.told_at < TELL_EVERY


@dataclass(frozen=True, slots=True)
class TokenFile:
    """Where that is kept for one account."""

    path: Path

    def read(self) -> Known | None:
        """What was known last; None when nothing can be read."""
        try:
            plain = json.loads(self.path.read_bytes())
            asked_at = _aware(plain["asked_at"])
            return Known(str(plain["mark"]), asked_at, _moment(plain["ends_at"]), _moment(plain["told_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, known: Known) -> None:
        """Keep it, whole or not at all. Raises OSError."""
        moments = {"asked_at": known.asked_at, "ends_at": known.ends_at, "told_at": known.told_at}
        plain = {name: at and at.isoformat() for name, at in moments.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.path, json.dumps({"mark": known.mark, **plain}).encode())

    def forget(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)


def token_file(state: Path, account: str) -> TokenFile:
    """Where it is kept for an account."""
    return TokenFile(state / FOLDER / f"{account}.json")


def _moment(plain: str | None) -> datetime | None:
    return None if plain is None else _aware(plain)


def _aware(plain: str) -> datetime:
    """Raises ValueError for a moment without its zone."""
    found = datetime.fromisoformat(plain)
    if found.tzinfo is None:
        raise ValueError(plain)
    return found
