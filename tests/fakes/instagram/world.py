"""All that the stand-in remembers, kept in a folder so that it outlives its process."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fakes.instagram.model import Kind, Story, Upload, User, Venue
from fakes.servers.clock import StandInClock
from fakes.servers.memory import Memory

FIRST_USER_PK = 50_000_000_001
FIRST_STORY_PK = 3_700_000_000_000_000_001
LIFETIME = timedelta(hours=24)


class World:
    """Change it only with `lock` held. Every change is a line of `events.jsonl` before it is true."""

    def __init__(self, folder: Path, users: Mapping[str, User], places: tuple[Venue, ...]) -> None:
        self.folder = folder
        self.users = users
        self.places = places
        self.clock = StandInClock()
        self.listing_delay_s = 0.0
        self.lock = threading.RLock()
        self.stories: dict[str, Story] = {}
        self.uploads: list[Upload] = []
        self.sessions: dict[str, str] = {}
        self.trusted: set[str] = set()
        self._memory = Memory(folder)
        for event in self._memory.past:
            self._apply(event)

    def close(self) -> None:
        self._memory.close()

    def pk_of(self, username: str) -> str:
        """The account's number: the same for a name, whatever else there is."""
        if username in self.users:
            return str(FIRST_USER_PK + list(self.users).index(username))
        return str(FIRST_USER_PK + 10**9 + int(hashlib.sha256(username.encode()).hexdigest()[:7], 16))

    def name_of(self, pk: str) -> str | None:
        """The user with that number."""
        return next((name for name in self.users if self.pk_of(name) == pk), None)

    def open_session(self, user: str) -> str:
        """A new session's id."""
        text = f"{self.pk_of(user)}:{secrets.token_hex(14)}:12:AYe{secrets.token_hex(20)}"
        session = quote(text, safe="")
        self._tell("session", {"id": session, "user": user})
        return session

    def close_sessions(self, user: str) -> None:
        """Whoever is logged in as that user no longer is."""
        self._tell("logout", {"user": user})

    def trust(self, user: str) -> None:
        """The challenge is answered: it isn't asked again."""
        self._tell("trust", {"user": user})

    def distrust(self, user: str) -> None:
        """The next login is challenged again."""
        self._tell("distrust", {"user": user})

    def keep_media(self, body: bytes) -> str:
        """The SHA-256 by which the bytes are found again."""
        return self._memory.keep(body)

    def keep_upload(
        self, user: str, upload_id: str, kind: Kind, params: Mapping[str, Any], body: bytes
    ) -> None:
        sha256 = self.keep_media(body)
        upload = Upload(upload_id, user, kind, sha256, len(body), params, self.clock.now())
        self._tell("upload", asdict(upload))

    def upload(self, user: str, upload_id: str, kind: Kind) -> Upload | None:
        """The newest upload of that id."""
        of_this_id = (it for it in reversed(self.uploads) if it.upload_id == upload_id)
        return next((it for it in of_this_id if it.user == user and it.kind == kind), None)

    def publish(self, story: Story) -> Story:
        """Live from now on; its number and times are given here."""
        taken_at = self.clock.now()
        delay = timedelta(seconds=0 if story.foreign else self.listing_delay_s)
        pk = str(FIRST_STORY_PK + len(self.stories) * 1000 + secrets.randbelow(1000))
        numbered = replace(story, pk=pk, taken_at=taken_at, listed_at=taken_at + delay)
        self._tell("story", asdict(numbered))
        return numbered

    def delete(self, pk: str) -> None:
        self._tell("delete", {"pk": pk})

    def live(self, user: str) -> list[Story]:
        """What the listing shows now, oldest first."""
        now = self.clock.now()
        mine = [story for story in self.stories.values() if story.user == user and not story.deleted]
        return [story for story in mine if story.listed_at <= now < story.taken_at + LIFETIME]

    def media(self, sha256: str) -> Path:
        """The file that holds those bytes."""
        return self._memory.media(sha256)

    def _tell(self, what: str, detail: Mapping[str, Any]) -> None:
        self._apply(self._memory.write(what, detail))

    def _apply(self, event: dict[str, Any]) -> None:
        match event.pop("what"):
            case "session":
                self.sessions[event["id"]] = event["user"]
            case "logout":
                self.sessions = {key: who for key, who in self.sessions.items() if who != event["user"]}
            case "trust":
                self.trusted.add(event["user"])
            case "distrust":
                self.trusted.discard(event["user"])
            case "upload":
                self.uploads.append(upload_from(event))
            case "story":
                self.stories[event["pk"]] = story_from(event)
            case "delete":
                self.stories[event["pk"]] = replace(self.stories[event["pk"]], deleted=True)


def upload_from(content: Mapping[str, Any]) -> Upload:
    """An upload, out of JSON."""
    return Upload(**{**content, "received_at": datetime.fromisoformat(content["received_at"])})


def story_from(content: Mapping[str, Any]) -> Story:
    """A story, out of JSON."""
    times = {key: datetime.fromisoformat(content[key]) for key in ("taken_at", "listed_at")}
    return Story(**{**content, **times, "size": tuple(content["size"])})
