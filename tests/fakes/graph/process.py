"""The stand-in as its own process: it lives on when the run under test is killed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar, cast

from fakes.graph.faults import Fault
from fakes.graph.model import PAGE_TOKEN, USER_TOKEN, Account, Draft, Kind, Page, Story, Token, TokenState
from fakes.graph.world import DEFAULT, Cast, SecondPublish
from fakes.servers.process import Remote, RemoteFaults, ServerProcess

T = TypeVar("T")
CAST = "cast.json"


class Far(Generic[T]):
    """One of Settings, in the other process."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, line: Remote, owner: type) -> T:
        return cast("T", line._get(self._name))

    def __set__(self, line: Remote, value: T) -> None:
        line._set(self._name, value)


class GraphStandInProcess(ServerProcess):
    """As GraphStandIn; what it knows lies in `folder`, and the next one there goes on from it."""

    processing_s = Far[float]()
    quota_total = Far[int]()
    page_size = Far[int]()
    archive_on = Far[bool]()
    as_reported = Far[bool]()
    second_publish = Far[SecondPublish]()

    def __init__(self, *, folder: Path, port: int = 0, cast: Cast = DEFAULT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CAST).write_text(json.dumps(asdict(cast)))
        super().__init__("fakes.graph", folder, port)
        self.faults: RemoteFaults[Fault] = RemoteFaults(self._port)
        self.user_token = USER_TOKEN
        self.page_token = PAGE_TOKEN

    @property
    def offences(self) -> list[str]:
        return list(self._get("offences"))

    @property
    def fetched(self) -> list[str]:
        return list(self._get("fetched"))

    @property
    def drafts(self) -> list[Draft]:
        return list(self._get("drafts"))

    def stories(self, owner: str | None = None) -> list[Story]:
        return list(self._call("stories", owner))

    def live(self, owner: str) -> list[Story]:
        return list(self._call("live", owner))

    def content(self, thing: Story | Draft) -> bytes:
        return bytes(self._call("content", thing))

    def serve_host(self, host: str, server: str) -> None:
        self._call("serve_host", host, server)

    def add_foreign_story(self, owner: str, content: bytes, kind: Kind = "photo") -> Story:
        story = self._call("add_foreign_story", owner, content, kind)
        assert isinstance(story, Story)
        return story

    def token_of(self, page: str) -> str:
        return str(self._call("token_of", page))

    def add_token(self, token: Token) -> None:
        self._call("add_token", token)

    def end_token(self, value: str, state: TokenState = "password changed") -> None:
        self._call("end_token", value, state)

    def expire_token(self, value: str, in_s: float = 0.0) -> datetime:
        at = self._call("expire_token", value, in_s)
        assert isinstance(at, datetime)
        return at

    def withdraw(self, value: str, permission: str) -> None:
        self._call("withdraw", value, permission)


def cast_in(folder: Path) -> Cast:
    """Who there is, as the one who started it said."""
    told = json.loads((folder / CAST).read_text(encoding="utf-8"))
    accounts = tuple(Account(**it) for it in told["accounts"])
    return Cast(accounts, tuple(Page(**it) for it in told["pages"]), told["web"])
