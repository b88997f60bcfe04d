"""Which moment each story gets where there are slots or a number a day; what has missed its slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.deliver import Outcome
from pipeline.ledger import lapse
from pipeline.model import Delivery, Given, State, Waiting
from pipeline.plan.following import MISSED, Go
from pipeline.plan.openings import Terms
from pipeline.plan.queue import Past, arrange
from pipeline.plan.slots import day_of, start_of
from pipeline.report.following import follow_of, goes_alone
from pipeline.run.presence import is_somewhere
from pipeline.run.telling import tell
from pipeline.run.trip import Trip


def arrange_all(trip: Trip) -> None:
    """Give every story that waits its moment, by the schedule as it is now."""
    every = {name: terms_of(trip, name) for name, one in trip.settings.destinations.items() if one.enabled}
    bound = [name for name, terms in every.items() if terms.bind]
    waiting = trip.ledger.waiting_at(bound) if bound else {}
    for name, terms in every.items():
        if name in waiting:
            _arrange(trip, name, terms, waiting[name])
        elif not terms.bind and trip.ledger.has_moments(name, trip.now()):
            _release(trip, name, terms)


def terms_of(trip: Trip, name: str) -> Terms:
    """A destination's schedule."""
    return Terms(trip.settings.schedule_of(name), trip.settings.timezone())


def has_no_moment(trip: Trip, delivery: Delivery) -> bool:
    """Whether its story may follow only since the moments were given: the next run gives it one."""
    if goes_alone(trip.settings) or not terms_of(trip, delivery.destination).bind:
        return False
    waiting = trip.ledger.waiting(delivery.destination)
    return any(story.asset == delivery.asset and story.moment is None for story in waiting)


def _arrange(trip: Trip, name: str, terms: Terms, waiting: Sequence[Waiting]) -> None:
    now = trip.now()
    held = list(_following(trip, waiting))
    followers = {given.story.number for given in held}
    ready = [story for story in waiting if story.number not in followers]
    past = replace(past_of(trip, name, terms, now), away=_away(trip, ready, now))
    found = arrange(ready, past, terms, now)
    for story in found.missed:
        _miss(trip, story, terms)
    _give(trip, [*held, *found.given])


def _away(trip: Trip, stories: Sequence[Waiting], now: datetime) -> frozenset[int]:
    """The stories whose moment has come and of which no file is there; others aren't looked for."""
    came = [story for story in stories if story.moment is not None and story.moment <= now]
    return frozenset(story.number for story in came if not is_somewhere(trip, story.asset, story.path))


def past_of(trip: Trip, name: str, terms: Terms, now: datetime) -> Past:
    """What has gone out there that still counts."""
    today = start_of(day_of(now, terms.zone), terms.zone)
    begun = Counter(day_of(at, terms.zone) for at in trip.ledger.begun_since(name, today))
    return Past(trip.ledger.moments_taken(name, now), begun)


def _following(trip: Trip, waiting: Sequence[Waiting]) -> Iterator[Given]:
    """What waits for the person's word about the same story has no moment yet."""
    if goes_alone(trip.settings):
        return
    for story in waiting:
        if trip.settings.destinations[story.destination].account is None:
            continue  # before the ledger is asked: 0.8 s for 20,000 stories
        delivery = trip.ledger.delivery(story.number)
        verdict = follow_of(trip.ledger, trip.settings, delivery, trip.now()) if delivery else Go()
        if not isinstance(verdict, Go):
            yield Given(story, None, reason=verdict.reason)


def _release(trip: Trip, name: str, terms: Terms) -> None:
    """Where there are no slots any more, stories go at their own times."""
    now = trip.now()
    given = []
    for story in trip.ledger.waiting(name):
        due = terms.outside_quiet_hours(max(now, story.not_before or now))
        if story.moment is not None and story.moment > now:
            given.append(Given(story, due))
    _give(trip, given)


def _give(trip: Trip, given: Sequence[Given]) -> None:
    changed = [one for one in given if _differs(one)]
    if changed:
        trip.ledger.give(changed)


def _differs(given: Given) -> bool:
    story = given.story
    before = (story.moment, story.due_at, story.turn, story.reason)
    return before != (given.moment, given.moment, given.turn, given.reason)


def _miss(trip: Trip, story: Waiting, terms: Terms) -> None:
    parts = [
        delivery
        for delivery in trip.ledger.deliveries_of(story.asset)
        if delivery.destination == story.destination and delivery.state is State.PLANNED
    ]
    asks = terms.schedule.late == "ask"
    state = State.PARKED if asks else State.SKIPPED
    reason = _reason(parts, story, terms)
    for delivery in parts:
        move = lapse(delivery, state, "missed", reason)
        if asks:
            move = replace(move, not_after=delivery.not_after)
        if trip.ledger.move(delivery, move):
            tell(trip, delivery, Outcome(state, reason=reason))


def _reason(parts: Sequence[Delivery], story: Waiting, terms: Terms) -> str:
    slot = f"{story.moment.astimezone(terms.zone):%a %d %b %H:%M}" if story.moment else ""
    reason = f"{MISSED} {slot} by more than {terms.schedule.late_hours:g} h"
    if terms.schedule.late == "skip":
        return reason
    numbers = " ".join(str(part.id) for part in parts)
    return f"{reason}. Next: storyrelay retry {numbers} sends it, storyrelay skip {numbers} drops it"
