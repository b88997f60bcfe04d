"""The stand-in inside the test's own process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes.instagram import api
from fakes.instagram.certificates import HOSTS
from fakes.instagram.challenge import challenge_body
from fakes.instagram.faults import CHALLENGES, REPLIES, Fault, Faults
from fakes.instagram.model import Kind, Story, Upload, User, Venue
from fakes.instagram.world import World
from fakes.servers.base import Server
from fakes.servers.clock import StandInClock
from fakes.servers.faults import cut_short
from fakes.servers.wire import Reply, Request

PLACES = (Venue(213_385_402, "Dhaka"), Venue(110_774_245_607, "Old Town Bakery", 52.52, 13.405))


class StandIn(Server):
    """Instagram on this machine. Use it as a context manager, and talk to it through `proxy`."""

    hosts = HOSTS
    domains = (".instagram.com", ".cdninstagram.com")

    def __init__(
        self,
        users: Mapping[str, User],
        *,
        folder: Path | None = None,
        port: int = 0,
        places: tuple[Venue, ...] = PLACES,
    ) -> None:
        super().__init__(folder, port)
        self._world = World(self.folder, users, places)
        self.faults = Faults()

    def close(self) -> None:
        self._listener.close()
        self._world.close()
        self._open.close()

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
        self,
        user: str,
        content: bytes,
        kind: Kind = "photo",
        duration_s: float | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> Story:
        """A story that the person put up themselves, with their phone.

        `told` is laid over what listings say of it: its stickers, as the app's own stories have them.
        """
        with self._world.lock:
            now = self._world.clock.now()
            upload_id = str(int(now.timestamp() * 1000))
            sha256 = self._world.keep_media(content)
            story = Story("", user, self.pk_of(user), kind, sha256, len(content), now, now, upload_id)
            form = {"told": dict(told or {})}
            return self._world.publish(replace(story, duration_s=duration_s, foreign=True, form=form))

    def delete(self, story: Story) -> None:
        """The person takes a story away, with their phone."""
        with self._world.lock:
            self._world.delete(story.pk)

    def _user_of(self, request: Request) -> str:
        return api.user_in(self._world, request) or ""

    def _is_upload(self, request: Request) -> bool:
        return request.endpoint.startswith("rupload_")

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
