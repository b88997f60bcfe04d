"""The next 14 days: what goes where and when as things stand, and the slots that are free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from pipeline.model import Appointment, Delivery, State
from pipeline.plan.following import Go
from pipeline.plan.openings import NO_MOMENT, Terms, slots_between
from pipeline.plan.slots import DAY, day_of, start_of
from pipeline.report.following import follow_of
from pipeline.report.lanes import LaneStatus, lanes_of
from pipeline.run.arranging import past_of, terms_of
from pipeline.run.trip import Trip

DAYS_SHOWN = 14


def calendar_of(trip: Trip) -> tuple[Appointment, ...]:
    """Every appointment of the days shown, from today on; those without a time come last."""
    now, zone = trip.now(), trip.settings.timezone()
    end = start_of(day_of(now, zone) + DAYS_SHOWN * DAY, zone)
    found: list[Appointment] = []
    for name, destination in trip.settings.destinations.items():
        if destination.enabled and trip.wants(name):
            stories = list(_stories(trip, name))
            found += [one for one in stories if one.at is None or one.at < end]
            found += _free_slots(trip, stories, name, end)
    undated = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(found, key=lambda one: (one.at or undated, one.destination)))


def _stories(trip: Trip, name: str) -> Iterator[Appointment]:
    terms = terms_of(trip, name)
    lane = next(
        (lane for lane in lanes_of(trip.ledger, trip.settings, trip.now()) if lane.destination == name), None
    )
    planned = [one for one in trip.ledger.in_states({State.PLANNED}) if one.destination == name]
    planned.sort(key=lambda one: (one.asset, one.part))
    for _, parts in groupby(planned, key=lambda one: one.asset):
        yield _appointment(trip, list(parts), terms, lane)


def _appointment(trip: Trip, parts: Sequence[Delivery], terms: Terms, lane: LaneStatus | None) -> Appointment:
    first, now = parts[0], trip.now()
    at: datetime | None = terms.outside_quiet_hours(max(first.due_at or now, now))
    reason = first.reason
    if reason in NO_MOMENT:
        at = None
    if lane is not None and at == now:
        verdict = follow_of(trip.ledger, trip.settings, first, now)
        if not isinstance(verdict, Go):
            at, reason = None, verdict.reason
        elif lane.reason:
            at, reason = None if lane.stopped else lane.turn.at, lane.reason
    return Appointment(at, first.destination, first.path, len(parts), reason)


def _free_slots(
    trip: Trip, stories: Sequence[Appointment], name: str, end: datetime
) -> Iterator[Appointment]:
    """The slots that nothing has, on days that aren't full."""
    terms, now = terms_of(trip, name), trip.now()
    past = past_of(trip, name, terms, now)
    taken = {story.at for story in stories} | set(past.taken)
    used = Counter(past.begun) + Counter(day_of(story.at, terms.zone) for story in stories if story.at)
    for slot in slots_between(terms, now, end):
        if slot not in taken and used[day_of(slot, terms.zone)] < terms.most():
            yield Appointment(slot, name)
