"""When a person hears of what waits for them: once, then gently again, never at night. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from pipeline.plan.due import after_quiet_hours
from pipeline.plan.terms import QuietHours

GATHER = timedelta(hours=1)
"""What would come up within so long is told with what is told anyway; so long before quiet hours is told
what couldn't wait for their end."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person wants to be told: of new stories, again `after` so long, and so long `before_end`."""

    ready: bool
    after: tuple[timedelta, ...]
    before_end: timedelta | None
    quiet: QuietHours | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person since then, `until` it expires; they were `told` at these moments since."""

    since: datetime
    until: datetime | None
    told: tuple[datetime, ...] = ()


def is_quiet(manner: Manner, now: datetime) -> bool:
    """Whether nobody is to be disturbed now."""
    return after_quiet_hours(now, manner.quiet, manner.zone) > now


def is_due(waiting: Waiting, manner: Manner, now: datetime) -> bool:
    """Whether its next moment has come, and nothing was said since.

    Moments that were missed, when the computer was off or it was quiet, count as one.
    """
    if is_quiet(manner, now) or (waiting.until is not None and waiting.until <= now):
        return False
    come = [moment for moment in moments(waiting, manner) if moment <= now]
    if not come:
        return False
    return not any(told >= come[-1] - _gathered(come) for told in waiting.told)


def moments(waiting: Waiting, manner: Manner) -> tuple[datetime, ...]:
    """When it's told of, in order; as none is in quiet hours or after its end, there may be none."""
    placed = {_outside_quiet_hours(wish, waiting, manner) for wish in _wishes(waiting, manner)}
    return tuple(sorted(moment for moment in placed if moment is not None))


def _wishes(waiting: Waiting, manner: Manner) -> set[datetime]:
    wishes = {waiting.since + wait for wait in manner.after}
    if manner.ready:
        wishes.add(waiting.since)
    if manner.before_end is not None and waiting.until is not None:
        wishes.add(waiting.until - manner.before_end)
    return {
        wish for wish in wishes if wish >= waiting.since and (waiting.until is None or wish < waiting.until)
    }


def _outside_quiet_hours(wish: datetime, waiting: Waiting, manner: Manner) -> datetime | None:
    """After them; where that is too late, in the evening before; else not at all."""
    later = after_quiet_hours(wish, manner.quiet, manner.zone)
    if waiting.until is None or later < waiting.until:
        return later
    evening = _before_quiet_hours(wish, manner) if later > wish else None
    return evening if evening is not None and evening >= waiting.since else None


def _before_quiet_hours(wish: datetime, manner: Manner) -> datetime | None:
    """A while before the quiet hours around `wish` begin, unless it's quiet then as well."""
    if manner.quiet is None:
        return None
    local = wish.astimezone(manner.zone)
    after_midnight = manner.quiet.start > manner.quiet.end and local.time() < manner.quiet.start
    evening = local.date() - timedelta(days=1 if after_midnight else 0)
    begin = datetime.combine(evening, manner.quiet.start, manner.zone).astimezone(UTC)
    moment = begin - GATHER
    return None if is_quiet(manner, moment) else moment


def _gathered(come: list[datetime]) -> timedelta:
    """How long before the latest moment a telling already counts for it; never as far as the one before."""
    gaps = [later - earlier for earlier, later in pairwise(come)]
    return min(GATHER, gaps[-1] / 2) if gaps else timedelta(0)
