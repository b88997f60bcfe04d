"""The calendar for people: day by day, what goes where, and why it isn't earlier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from pipeline.model import Appointment
from pipeline.plan.openings import WAITS
from pipeline.report.words import columns, count, name_of, printable

FREE = "free slot"


def calendar_lines(appointments: Sequence[Appointment], now: datetime, zone: tzinfo) -> Iterator[str]:
    """A line for each story and each free slot, under its day."""
    if not appointments:
        yield "Nothing is planned for the next 14 days."
        yield ""
    for title, group in groupby(appointments, key=lambda one: _day(one, zone)):
        yield title
        yield from (f"  {line}" for line in columns([_row(one, now, zone) for one in group]))
        yield ""


def _day(appointment: Appointment, zone: tzinfo) -> str:
    return f"{appointment.at.astimezone(zone):%a %d %b}" if appointment.at else "Without a time"


def _row(appointment: Appointment, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    at = appointment.at
    time = "" if at is None else "now" if at <= now else f"{at.astimezone(zone):%H:%M}"
    if appointment.path is None:
        return (time, appointment.destination, FREE, "", "")
    parts = count(appointment.parts, "part") if appointment.parts > 1 else ""
    why = "" if appointment.reason in {None, WAITS} else printable(appointment.reason or "")
    return (time, appointment.destination, name_of(appointment.path), parts, why)
