"""When a story may go out: not before its time, not in quiet hours, not when its time is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

from pipeline.plan.terms import QuietHours
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """What bounds the moment of a delivery; all of it may be missing."""

    not_before: datetime | None
    not_after: datetime | None
    quiet_hours: QuietHours | None
    zone: tzinfo


def due_at(window: Window, now: datetime) -> datetime | None:
    """The first allowed moment (UTC) from `now` on; None when that is now."""
    earliest = max(now, window.not_before or now)
    due = after_quiet_hours(earliest, window.quiet_hours, window.zone)
    return None if due <= now else due


def why_never(window: Window, now: datetime) -> str | None:
    """Why no allowed moment is left, or None."""
    if window.not_after is None:
        return None
    end = f"not_after was {_in_words(window.not_after, window.zone)}"
    if window.not_after <= now:
        return f"its time is over: {end}"
    due = due_at(window, now)
    if due is not None and due > window.not_after:
        end = f"not_after is {_in_words(window.not_after, window.zone)}"
        return f"no time is left for it: {end}, and it isn't allowed before {_in_words(due, window.zone)}"
    return None


def after_quiet_hours(moment: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> datetime:
    """`moment` itself, or the end of the quiet hours it falls in, in UTC."""
    local = moment.astimezone(zone)
    if quiet_hours is None or not _is_quiet(local.time(), quiet_hours):
        return moment.astimezone(UTC)
    crosses_midnight = quiet_hours.start > quiet_hours.end
    evening = crosses_midnight and local.time() >= quiet_hours.start
    morning = local.date() + timedelta(days=1 if evening else 0)
    end = datetime.combine(morning, quiet_hours.end, zone)
    # When the clocks go back this time of day comes twice, and the second one is meant if the first has
    # passed. When they go forward and skip it, fold 0 gives the moment after the gap.
    first = end.astimezone(UTC)
    return first if first > moment else end.replace(fold=1).astimezone(UTC)


def _is_quiet(wall: time, quiet_hours: QuietHours) -> bool:
    start, end = quiet_hours.start, quiet_hours.end
    if start <= end:
        return start <= wall < end
    return wall >= start or wall < end


def _in_words(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}".rstrip()
