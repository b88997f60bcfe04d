"""The stand-in inside the test's own process."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from fakes.instagram import api
from fakes.instagram.certificates import CERTIFICATE, authority, server_side
from fakes.instagram.challenge import challenge_body
from fakes.instagram.clock import StandInClock
from fakes.instagram.faults import CHALLENGES, REPLIES, Fault, Faults, cut_short
from fakes.instagram.model import Kind, Story, Upload, User, Venue
from fakes.instagram.server import Listener
from fakes.instagram.wire import Answer, Reply, Request
from fakes.instagram.world import World

PLACES = (Venue(213_385_402, "Dhaka"), Venue(110_774_245_607, "Old Town Bakery", 52.52, 13.405))
EVERYBODY = "*"


class StandIn:
    """Instagram on this machine. Use it as a context manager, and talk to it through `proxy`."""

    def __init__(
        self,
        users: Mapping[str, User],
        *,
        folder: Path | None = None,
        port: int = 0,
        places: tuple[Venue, ...] = PLACES,
    ) -> None:
        self._open = ExitStack()
        self.folder = folder or Path(self._open.enter_context(TemporaryDirectory()))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._world = World(self.folder, users, places)
        self._listener = Listener(self._exchange, server_side(authority(self.folder)), port)
        self._counting = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self.ca_file = self.folder / CERTIFICATE
        self.faults = Faults()
        self.requests: list[Request] = []
        self.latency_s = 0.0

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._listener.close()
        self._world.close()
        self._open.close()

    @property
    def proxy(self) -> str:
        """Where a client finds it; `latency_s` is added to every answer."""
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
    def clock(self) -> StandInClock:
        return self._world.clock

    @property
    def listing_delay_s(self) -> float:
        return self._world.listing_delay_s

    @listing_delay_s.setter
    def listing_delay_s(self, seconds: float) -> None:
        """For what is published from now on."""
        self._world.listing_delay_s = seconds

    @property
    def stories(self) -> list[Story]:
        """All that clients published, also what was deleted or isn't listed yet, oldest first."""
        with self._world.lock:
            return [story for story in self._world.stories.values() if not story.foreign]

    @property
    def uploads(self) -> list[Upload]:
        with self._world.lock:
            return list(self._world.uploads)

    def content(self, item: Story | Upload) -> bytes:
        """The exact bytes that came in."""
        return self._world.media(item.sha256).read_bytes()

    def live(self, user: str) -> list[Story]:
        """What the listing shows now, foreign ones too."""
        with self._world.lock:
            return self._world.live(user)

    def pk_of(self, user: str) -> str:
        return self._world.pk_of(user)

    @property
    def under_way(self) -> int:
        """How many requests haven't been answered yet."""
        return self._under_way[EVERYBODY]

    def most_at_once(self, user: str = EVERYBODY) -> int:
        """How many requests of that user, or of all, were under way at the same time."""
        return self._most[user]

    def session_of(self, user: str) -> str:
        """A new session's id, as somebody gets who logs in elsewhere."""
        with self._world.lock:
            return self._world.open_session(user)

    def end_sessions(self, user: str) -> None:
        """From now on that user is logged out everywhere."""
        with self._world.lock:
            self._world.close_sessions(user)

    def distrust(self, user: str) -> None:
        """The next login of that user is challenged again."""
        with self._world.lock:
            self._world.distrust(user)

    def add_foreign_story(
        self, user: str, content: bytes, kind: Kind = "photo", duration_s: float | None = None
    ) -> Story:
        """A story that the person put up themselves, with their phone."""
        with self._world.lock:
            now = self._world.clock.now()
            upload_id = str(int(now.timestamp() * 1000))
            sha256 = self._world.keep_media(content)
            story = Story("", user, self.pk_of(user), kind, sha256, len(content), now, now, upload_id)
            return self._world.publish(replace(story, duration_s=duration_s, foreign=True))

    def _exchange(self, request: Request) -> Reply:
        user = api.user_in(self._world, request) or ""
        with self._counting:
            self.requests.append(without_media(request))
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

    def _answer(self, request: Request, user: str) -> Reply:
        fault = self.faults.strike(request.endpoint)
        if fault is None:
            return api.answer(self._world, request)
        if fault in CHALLENGES:
            return challenge_body(
                self._world, user or next(iter(self._world.users)), by_hand=CHALLENGES[fault]
            )
        done = api.answer(self._world, request) if fault.commits else None
        return cut_short(done) if done and fault is Fault.CUT_SHORT_AFTER else REPLIES[fault]

    def _dated(self, reply: Reply) -> Reply:
        if isinstance(reply, Answer):
            return replace(reply, headers=(("date", self.clock.header()), *reply.headers))
        return reply


def without_media(request: Request) -> Request:
    """The request; the bytes of an upload are kept elsewhere."""
    return replace(request, body=b"") if request.endpoint.startswith("rupload_") else request
