"""The stand-in as its own process: it lives on when the run under test is killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fakes.instagram.faults import Fault
from fakes.instagram.model import Kind, Story, Upload, User
from fakes.servers.process import RemoteFaults, ServerProcess

USERS = "users.json"


class StandInProcess(ServerProcess):
    """As StandIn; what it knows lies in `folder`, and the next one there goes on from it."""

    def __init__(self, users: Mapping[str, User], *, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / USERS).write_text(json.dumps({name: asdict(user) for name, user in users.items()}))
        super().__init__("fakes.instagram", folder, port)
        self.faults: RemoteFaults[Fault] = RemoteFaults(self._port)

    @property
    def stories(self) -> list[Story]:
        return list(self._get("stories"))

    @property
    def uploads(self) -> list[Upload]:
        return list(self._get("uploads"))

    def content(self, item: Story | Upload) -> bytes:
        return bytes(self._call("content", item))

    def live(self, user: str) -> list[Story]:
        return list(self._call("live", user))

    def pk_of(self, user: str) -> str:
        return str(self._call("pk_of", user))

    def session_of(self, user: str) -> str:
        return str(self._call("session_of", user))

    def end_sessions(self, user: str) -> None:
        self._call("end_sessions", user)

    def distrust(self, user: str) -> None:
        self._call("distrust", user)

    def add_foreign_story(
        self,
        user: str,
        content: bytes,
        kind: Kind = "photo",
        duration_s: float | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> Story:
        story = self._call("add_foreign_story", user, content, kind, duration_s, told)
        assert isinstance(story, Story)
        return story
