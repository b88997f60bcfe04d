"""When an account's next story may go out, so that no limit is ever passed. Pure: history in, moment out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from pipeline.plan.due import after_quiet_hours
from pipeline.plan.terms import QuietHours
from pipeline.values import dataclass

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
PAUSE = "a pause between two stories"
MOST_ROUNDS = 50
"""Each round passes a limit; quiet hours that leave no time at all would never end."""


class PaceTerms(Protocol):
    """An account's limits."""

    @property
    def stories_per_day(self) -> int: ...
    @property
    def stories_per_hour(self) -> int: ...
    @property
    def spacing_seconds(self) -> tuple[float, float]: ...


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is published, on the clock they are meant on."""

    hours: QuietHours | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt to publish, and when it had ended; `live` when it is, or may be; `doubtful` when it may."""

    at: datetime
    live: bool
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything that bounds an account's next story.

    `settle` is how long a story may take to show up: until then nothing follows a doubtful one, or its
    story and the next couldn't be told apart.
    """

    pace: PaceTerms
    settle: timedelta
    quiet: tuple[Quiet, ...] = ()
    rest_until: datetime | None = None
    rest_reason: str | None = None

    @property
    def memory(self) -> timedelta:
        """How far back an attempt counts."""
        return max(DAY, self.settle, timedelta(seconds=self.pace.spacing_seconds[1]))


@dataclass(frozen=True, slots=True)
class Turn:
    """The next story's moment, and what holds it back until then; None when its turn is now."""

    at: datetime
    reason: str | None = None

    @property
    def is_near(self) -> bool:
        """Whether it is now, or comes with the mere pause after the last story."""
        return self.reason in {None, PAUSE}


def turn(tried: Sequence[Tried], limits: Limits, now: datetime) -> Turn:
    """The first moment from `now` on that no limit forbids.

    What seems to lie more than a day ahead doesn't count: the clock was wrong then.
    """
    history = sorted((one for one in tried if one.at <= now + DAY), key=lambda one: one.at)
    held = Turn(now)
    for _ in range(MOST_ROUNDS):
        later = max(_bounds(history, limits, held.at), key=lambda bound: bound.at)
        if later.at <= held.at:
            break
        held = later
    return held


def _bounds(history: Sequence[Tried], limits: Limits, at: datetime) -> list[Turn]:
    """The earliest moment that each limit allows, seen from `at`."""
    pace = limits.pace
    bounds = [
        _after_window(history, pace.stories_per_day, DAY, "24 hours"),
        _after_window(history, pace.stories_per_hour, HOUR, "an hour"),
        Turn(history[-1].at + spacing(history[-1], pace), PAUSE) if history else None,
        *(Turn(one.at + limits.settle, "a story was in doubt just now") for one in history if one.doubtful),
        *(Turn(after_quiet_hours(at, quiet.hours, quiet.zone), "quiet hours") for quiet in limits.quiet),
        Turn(limits.rest_until, limits.rest_reason or "the account rests") if limits.rest_until else None,
    ]
    return [bound for bound in bounds if bound is not None] or [Turn(at)]


def _after_window(history: Sequence[Tried], most: int, window: timedelta, words: str) -> Turn | None:
    """When the window holds less than the most; the last so many stories decide."""
    live = [one for one in history if one.live]
    if len(live) < most:
        return None
    stories = "1 story" if most == 1 else f"{most} stories"
    return Turn(live[-most].at + window, f"{stories} in {words}")


def spacing(after: Tried, pace: PaceTerms) -> timedelta:
    """The pause after an attempt: drawn once and for all by the moment it ended at."""
    import hashlib  # with OpenSSL, 2 ms

    shortest_s, longest_s = sorted(pace.spacing_seconds)
    digest = hashlib.sha256(after.at.isoformat().encode()).digest()
    fraction = int.from_bytes(digest[:8], "big") / 2**64
    return timedelta(seconds=shortest_s + (longest_s - shortest_s) * fraction)
