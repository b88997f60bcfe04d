"""What looking at an account tells about a story that may be live there. Pure, and never a guess.

A story is taken for ours only when it is the only one that fits, and its picture is ours. A story is taken
for not live only when two looks, far enough apart and late enough, saw nothing that fits. Only the server's
clock counts: with the local one, a minute of skew gave 824 duplicates in 5,599 stories (2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipeline.model import Look, Sighting

MOST_REPEATS = 3
"""Where the server itself says each time that nothing is live; it never ends otherwise."""
NEVER_SUCCEEDS = "the server says that it isn't live, though it was published again and again"
SAME_LENGTH_S = 1.0
SAME_PICTURE_BITS = 12
"""Of 64: a story that was encoded once more differs in a few bits, another picture in about 32."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A story that may be live: what tells it from others, and since when.

    `known` are the ids of stories that are surely others. `server_at` is the server's time just before it
    may have gone live; without it the first look's counts. `again` says that it was repeated once already,
    `often` that it was so many times that a server's own word isn't enough for one more.
    """

    known: frozenset[str]
    kind: Literal["photo", "video"] | None
    duration_s: float | None
    server_at: datetime | None
    settle: timedelta
    lives: timedelta
    again: bool = False
    often: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """It is live, under this id."""

    external_id: str


@dataclass(frozen=True, slots=True)
class NotLive:
    """It never went live: it may be published once more."""


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Too early to tell."""


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Looking can't settle it; `candidates` are what might be it."""

    reason: str
    candidates: tuple[Sighting, ...] = ()


Verdict = Live | NotLive | LookAgain | AskPerson


def verdict(attempt: Attempt, looks: Sequence[Look]) -> Verdict:
    """What all the looks at this attempt tell, oldest first."""
    if not looks:
        return LookAgain()
    if looks[-1].live_as is not None and not looks[-1].pending:
        return Live(looks[-1].live_as)
    since = attempt.server_at or looks[0].seen_at
    settled = [look for look in looks if look.seen_at >= since + attempt.settle]
    if not settled:
        return LookAgain()
    last = settled[-1]
    if last.blind:
        return AskPerson(last.blind)
    if last.not_live:
        return AskPerson(NEVER_SUCCEEDS) if attempt.often else NotLive()
    looked_twice = last.seen_at >= settled[0].seen_at + attempt.settle
    if last.pending:
        return _while_pending(last) if looked_twice else LookAgain()
    found = candidates(attempt, last)
    ours = _ours(found)
    if ours is not None:
        return Live(ours.external_id)
    if last.seen_at >= since + attempt.lives:
        return AskPerson("nobody looked while it would have been live", found)
    if not looked_twice:
        return LookAgain()
    return _after_two(attempt, settled, found)


def _while_pending(look: Look) -> Verdict:
    if look.live_as is not None:
        return Live(look.live_as)
    return AskPerson("the server is still at work on it, and may show it yet")


def _after_two(attempt: Attempt, settled: Sequence[Look], found: tuple[Sighting, ...]) -> Verdict:
    if found:
        several = len(found) > 1
        return AskPerson(
            "several stories there might be it" if several else "a story there might be it", found
        )
    if any(candidates(attempt, look) for look in settled):
        return AskPerson("a story that might have been it is gone again")
    if attempt.again:
        return AskPerson("it was published twice without an answer, and isn't there")
    return NotLive()


def candidates(attempt: Attempt, look: Look) -> tuple[Sighting, ...]:
    """What is live and might be it: not known as another, of its kind, as long as it."""
    return tuple(
        sighting
        for sighting in look.sightings
        if sighting.external_id not in attempt.known
        and attempt.kind in (None, sighting.kind)
        and _as_long(attempt.duration_s, sighting.duration_s)
    )


def _ours(found: Sequence[Sighting]) -> Sighting | None:
    """The one with our picture, when the picture of none of the others could be ours as well."""
    alike = [one for one in found if one.distance is None or one.distance <= SAME_PICTURE_BITS]
    return alike[0] if len(alike) == 1 and alike[0].distance is not None else None


def _as_long(ours_s: float | None, theirs_s: float | None) -> bool:
    return ours_s is None or theirs_s is None or abs(ours_s - theirs_s) <= SAME_LENGTH_S
