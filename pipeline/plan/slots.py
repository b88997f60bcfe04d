"""The moments that a week's slots fall on, and the days they belong to, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from pipeline.model import WeeklySlots

NO_TIME = timedelta(0)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def moment_of(day: date, wall: time, zone: tzinfo) -> datetime:
    """When a clock there shows that time (UTC).

    A time that the clocks skip counts as the first moment after the gap, one that comes twice as the first.
    """
    first, second = (datetime.combine(day, wall, zone).replace(fold=fold) for fold in (0, 1))
    skipped = (second.utcoffset() or NO_TIME) > (first.utcoffset() or NO_TIME)
    moment = first.astimezone(UTC)
    return _end_of_gap(second.astimezone(UTC), moment, zone) if skipped else moment


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first second, of those between the two, with the offset that holds after the gap."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + ((after - before) // SECOND // 2) * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day on the calendar there."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day; not every day has a midnight."""
    return moment_of(day, time(), zone)


def moments_on(day: date, slots: Sequence[WeeklySlots], zone: tzinfo) -> list[datetime]:
    """When the slots of one day are, in order; slots that fall on the same moment are one."""
    walls = {wall for entry in slots if day.weekday() in entry.days for wall in entry.times}
    return sorted({moment_of(day, wall, zone) for wall in walls})
