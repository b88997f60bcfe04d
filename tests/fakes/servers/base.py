"""A stand-in inside the test's own process, whatever service it stands in for."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from fakes.servers.certificates import CERTIFICATE, authority, server_side
from fakes.servers.clock import StandInClock
from fakes.servers.server import Domains, Listener
from fakes.servers.wire import Answer, Drop, Reply, Request

EVERYBODY = "*"


class Server(ABC):
    """Use it as a context manager, and talk to it through `proxy`.

    `requests` are all that came in, without the bytes of uploads; `latency_s` is added to every answer.
    """

    hosts: tuple[str, ...]
    """The names in its certificate."""
    domains: Domains
    """Whose hosts the proxy leads to; all others are strangers."""

    def __init__(self, folder: Path | None, port: int) -> None:
        self._open = ExitStack()
        self.folder = folder or Path(self._open.enter_context(TemporaryDirectory()))
        self.folder.mkdir(parents=True, exist_ok=True)
        tls = server_side(authority(self.folder), self.hosts)
        self._listener = Listener(self._exchange, tls, self.domains, port)
        self._counting = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self.ca_file = self.folder / CERTIFICATE
        self.requests: list[Request] = []
        self.latency_s = 0.0

    @property
    @abstractmethod
    def clock(self) -> StandInClock: ...

    @abstractmethod
    def _user_of(self, request: Request) -> str:
        """Who asks; empty for nobody."""

    @abstractmethod
    def _answer(self, request: Request, user: str) -> Reply:
        """What they get."""

    @abstractmethod
    def _is_upload(self, request: Request) -> bool:
        """Whether its body is media, which is kept elsewhere."""

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._listener.close()
        self._open.close()

    @property
    def proxy(self) -> str:
        """Where a client finds it."""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def strangers(self) -> list[str]:
        """Other hosts that were asked for; nobody was let through."""
        return list(self._listener.strangers)

    @property
    def proxy_logins(self) -> list[str]:
        """`name:password` of the proxy, as each connection gave it."""
        return list(self._listener.proxy_logins)

    @property
    def connections(self) -> int:
        """How many connections there were."""
        return self._listener.connections

    @property
    def under_way(self) -> int:
        """How many requests haven't been answered yet."""
        return self._under_way[EVERYBODY]

    def most_at_once(self, user: str = EVERYBODY) -> int:
        """How many requests of that user, or of all, were under way at the same time."""
        return self._most[user]

    def _interrupted(self, request: Request) -> None:  # noqa: B027
        """A request that will never be complete; most services forget it."""

    def _exchange(self, request: Request) -> Reply:
        if not request.whole:
            self._interrupted(request)
            return Drop()
        user = self._user_of(request)
        with self._counting:
            self.requests.append(replace(request, body=b"") if self._is_upload(request) else request)
            self._under_way.update([user, EVERYBODY])
            self._most |= self._under_way
        try:
            self._on_the_way()
            reply = self._dated(self._answer(request, user))
            self._on_the_way()
            return reply
        finally:
            with self._counting:
                self._under_way.subtract([user, EVERYBODY])

    def _on_the_way(self) -> None:
        """The time that a request, or its answer, needs."""
        if self.latency_s:
            time.sleep(self.latency_s / 2)

    def _dated(self, reply: Reply) -> Reply:
        if isinstance(reply, Answer):
            return replace(reply, headers=(("date", self.clock.header()), *reply.headers))
        return reply
