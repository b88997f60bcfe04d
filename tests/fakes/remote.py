"""An account of a network, in memory, with all that can go wrong, and a mirror that publishes there."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from fakes.clock import FakeClock

from pipeline.destination import Doubt, Journal, Look, Parcel, Published, Receipt, Sighting
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, TryAgain
from pipeline.model import Rendition
from pipeline.plan.reconcile import MOST_REPEATS

LIVES = timedelta(hours=24)
FOREIGN = 0


class Killed(BaseException):
    """The process is gone: nobody catches this."""


@dataclass(slots=True)
class Times:
    """The true time, which is the server's, and the local clock, which is wrong by `skew`."""

    clock: FakeClock = field(default_factory=FakeClock)
    skew: timedelta = timedelta(0)

    @property
    def true(self) -> datetime:
        return self.clock.moment

    def local(self) -> datetime:
        self.pass_by(0.001)
        return self.true + self.skew

    def pass_by(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each thing goes wrong: as a share of the calls, or of the commits."""

    kill_at_call: float = 0.0
    kill_at_commit: float = 0.0
    no_answer: float = 0.0
    answer_lost: float = 0.0
    """Of an act that was carried out."""
    refused: float = 0.0
    blocked: float = 0.0
    dead_session: float = 0.0
    unseen_picture: float = 0.0
    foreign: float = 0.0
    late: float = 0.0
    """Listed only after up to half an hour."""


@dataclass(frozen=True, slots=True)
class Post:
    """One story on the server; `delivery` is the truth that the server doesn't tell."""

    pk: str
    delivery: int
    picture: str
    kind: Literal["photo", "video"]
    duration_s: float | None
    taken_at: datetime
    listed_at: datetime


@dataclass(slots=True)
class Remote:
    """The server."""

    chance: random.Random
    times: Times = field(default_factory=Times)
    rates: Rates = field(default_factory=Rates)
    posts: list[Post] = field(default_factory=list)
    mortal: bool = False
    """Whether a run is under way that may be killed."""

    def often(self, rate: float) -> bool:
        """Whether it happens this time."""
        return rate > 0 and self.chance.random() < rate

    def may_die(self, rate: float) -> None:
        """The process may be killed at this very moment."""
        if self.mortal and self.often(rate):
            raise Killed

    def call(self) -> None:
        """A request goes out: it takes time, and somebody may post from their phone meanwhile."""
        self.may_die(self.rates.kill_at_call)
        self.times.pass_by(self.chance.uniform(0.1, 3))
        if self.often(self.rates.foreign):
            self.post_by_hand()

    def answer(self) -> None:
        """The answer comes in; whoever waits for it may be gone."""
        self.times.pass_by(self.chance.uniform(0.1, 1))
        self.may_die(self.rates.kill_at_call)

    def listing(self) -> list[Post]:
        """Every story that is live and shown by now."""
        now = self.times.true
        return [post for post in self.posts if post.listed_at <= now < post.taken_at + LIVES]

    def put(self, delivery: int, rendition: Rendition) -> Post:
        """A story goes live."""
        video = rendition.duration_s is not None
        return self._add(delivery, rendition.sha256, "video" if video else "photo", rendition.duration_s)

    def post_by_hand(self) -> None:
        """The person posts something else from their phone."""
        kind: Literal["photo", "video"] = self.chance.choice(("photo", "video"))
        length = self.chance.choice((5.0, 15.0)) if kind == "video" else None
        self._add(FOREIGN, f"foreign {len(self.posts)}", kind, length)

    def _add(
        self, delivery: int, picture: str, kind: Literal["photo", "video"], length: float | None
    ) -> Post:
        now = self.times.true
        late_s = self.chance.uniform(0, 1700) if self.often(self.rates.late) else self.chance.uniform(0, 20)
        pk = str(1000 + len(self.posts))
        post = Post(pk, delivery, picture, kind, length, now, now + timedelta(seconds=late_s))
        self.posts.append(post)
        return post


@dataclass(slots=True)
class RemoteMirror:
    """Publishes as the protocol wants it; how carefully, its subclasses change."""

    remote: Remote
    name: str = "instagram"
    session_is_dead: bool = False
    rest: timedelta = timedelta(hours=2)
    touched: list[str] = field(default_factory=list)
    most_repeats: int = 1
    """How often a machine may publish a story once more, without a person's word."""

    def blocked(self) -> str | None:
        self._ask("blocked")
        return None

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        before, server_at = self._before()
        journal.record("looked", {"before": before, "server_at": server_at})
        upload_id = str(parcel.earlier.get("upload_id") or self.remote.chance.randrange(10**12))
        self._ask("upload")
        journal.record("uploaded", {"upload_id": upload_id})
        length = parcel.rendition.duration_s
        detail: dict[str, object] = {
            "before": before,
            "server_at": server_at,
            "upload_id": upload_id,
            "kind": "photo" if length is None else "video",
            "duration_s": length,
            "local_at": self.remote.times.local().isoformat(),
        }
        self.announce(journal, detail)
        return Published(self._configure(parcel))

    def announce(self, journal: Journal, detail: dict[str, object]) -> None:
        journal.publishing(detail)

    def look(self, doubt: Doubt) -> Look:
        self._ask("look")
        seen_at = self.remote.times.true
        seen = [post for post in self.remote.listing() if post.pk not in doubt.known]
        return Look(seen_at, tuple(self._sighting(post, doubt) for post in seen))

    def keep_only(self, deliveries: Collection[int]) -> None:
        return

    def _before(self) -> tuple[list[str], str]:
        self._ask("before")
        return [post.pk for post in self.remote.listing()], self.remote.times.true.isoformat()

    def _ask(self, what: str) -> None:
        """A request that changes nothing; it may fail in every way."""
        remote = self.remote
        self.touched.append(what)
        remote.call()
        if self.session_is_dead or remote.often(remote.rates.dead_session):
            self.session_is_dead = True
            raise NeedsPerson("the session is dead", everything=True)
        if remote.often(remote.rates.no_answer):
            raise TryAgain("no answer")
        if remote.often(remote.rates.blocked):
            raise TryAgain("please wait", rest_until=remote.times.local() + self.rest)
        remote.answer()

    def _configure(self, parcel: Parcel) -> str:
        remote = self.remote
        self.touched.append("configure")
        remote.call()
        refusal = self._refusal()
        if refusal is not None:
            raise refusal
        arrives = not remote.often(remote.rates.no_answer)
        post = remote.put(parcel.delivery, parcel.rendition) if arrives else None
        remote.answer()
        if post is None or remote.often(remote.rates.answer_lost):
            rest = remote.often(remote.rates.blocked * 4)
            until = remote.times.local() + self.rest if rest else None
            raise OutcomeUnknown("the connection was lost", rest_until=until)
        return post.pk

    def _refusal(self) -> DeliveryError | None:
        remote = self.remote
        if remote.often(remote.rates.refused):
            return TryAgain("not yet")
        if remote.often(remote.rates.refused / 2):
            return NeedsPerson("this one needs a look")
        if remote.often(remote.rates.blocked):
            return TryAgain("feedback required", rest_until=remote.times.local() + self.rest)
        return None

    def _sighting(self, post: Post, doubt: Doubt) -> Sighting:
        chance = self.remote.chance
        same = post.picture == doubt.rendition.sha256
        distance = chance.randrange(6) if same else chance.randrange(20, 45)
        unseen = self.remote.often(self.remote.rates.unseen_picture)
        return Sighting(post.pk, post.kind, post.taken_at, post.duration_s, None if unseen else distance)


@dataclass(slots=True)
class KnowsByNumber(RemoteMirror):
    """Its server publishes each draft once, and says of a draft's number whether that has happened."""

    drafts: dict[str, str] = field(default_factory=dict)
    most_repeats: int = MOST_REPEATS

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        self._ask("upload")
        draft = str(parcel.earlier.get("draft") or self.remote.chance.randrange(10**12))
        journal.record("uploaded", {"draft": draft})
        self._ask("draft")
        self.announce(journal, {"draft": draft, "server_at": self.remote.times.true.isoformat()})
        if draft in self.drafts:
            raise OutcomeUnknown("it was published already")
        before = len(self.remote.posts)
        try:
            return Published(self._configure(parcel))
        finally:
            for post in self.remote.posts[before:]:
                if post.delivery == parcel.delivery:
                    self.drafts[draft] = post.pk

    def look(self, doubt: Doubt) -> Look:
        self._ask("look")
        seen_at, draft = self.remote.times.true, str(doubt.detail["draft"])
        if self.remote.often(self.remote.rates.unseen_picture):
            return Look(seen_at, (), blind="nobody can tell")
        live_as = self.drafts.get(draft)
        return Look(seen_at, (), live_as=live_as, not_live=live_as is None)


class TakesSilenceForNo(KnowsByNumber):
    """Wrong: what isn't listed yet isn't live, and what it has sent before is sent anew."""

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        return KnowsByNumber.deliver(self, replace(parcel, earlier={}), journal)

    def look(self, doubt: Doubt) -> Look:
        look, listed = KnowsByNumber.look(self, doubt), {post.pk for post in self.remote.listing()}
        return replace(look, live_as=None, not_live=True) if look.live_as not in listed else look


class Forgets(RemoteMirror):
    """Wrong: it doesn't say when it becomes serious."""

    def announce(self, journal: Journal, detail: dict[str, object]) -> None:
        journal.record("configuring", detail)


class TrustsTheLocalClock(RemoteMirror):
    """Wrong: it leaves out what seems to be older than the attempt."""

    def look(self, doubt: Doubt) -> Look:
        look = RemoteMirror.look(self, doubt)
        begun = datetime.fromisoformat(str(doubt.detail["local_at"]))
        return replace(look, sightings=tuple(one for one in look.sightings if one.taken_at >= begun))
