"""The plan that a dry run prints, read back from the ledger's copy: one code path with the real thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from pipeline.model import Delivery, Hold, Plan, Refusal, State, Story, Treatment
from pipeline.plan.origin import kept_from
from pipeline.report.events import Asked, Event, Postponed, Refused, Surge
from pipeline.report.following import followers
from pipeline.report.lanes import accounts, lanes_of
from pipeline.run.calendar import calendar_of
from pipeline.run.trip import Trip


def planned(trip: Trip, decided: Sequence[Story], seen: Iterable[Event]) -> Plan:
    """Everything that is planned, the oldest first, and what was decided against, with its reason."""
    stories = [story for delivery in _by_asset(trip) if (story := _story(trip, list(delivery))) is not None][
        : trip.request.limit
    ]
    going = {story.asset.sha256 for story in stories}
    idle = [
        Story(story.asset, (), story.skip or _why_idle(trip, story))
        for story in decided
        if story.asset.sha256 not in going
    ]
    refusals = [_refusal(event) for event in seen if isinstance(event, Refused | Asked | Postponed | Surge)]
    calendar = calendar_of(trip) if trip.request.calendar else None
    sources = tuple(name for name, source in trip.settings.sources.items() if source.enabled)
    unasked = () if trip.request.paths else sources
    return Plan((*stories, *idle), tuple(refusals), _holds(trip, stories), calendar, unasked)


def _holds(trip: Trip, stories: Sequence[Story]) -> tuple[Hold, ...]:
    """What keeps accounts from taking these stories now, from the ledger alone: no server is asked."""
    wanted = {treatment.destination for story in stories for treatment in story.treatments}
    lanes = [
        Hold(lane.destination, lane.reason, None if lane.stopped else lane.turn.at)
        for lane in lanes_of(trip.ledger, trip.settings, trip.now())
        if lane.reason and lane.destination in wanted
    ]
    return (*lanes, *_followers(trip, wanted))


def _followers(trip: Trip, wanted: Collection[str]) -> Iterable[Hold]:
    """What waits for the person's word about the same story, once for each reason."""
    reasons = {
        (name, found.reason): None
        for name, _ in accounts(trip.settings)
        if name in wanted
        for found in followers(trip.ledger, trip.settings, name, trip.now())
    }
    return (Hold(name, reason, None) for name, reason in reasons)


def _refusal(event: Refused | Asked | Postponed | Surge) -> Refusal:
    if isinstance(event, Asked):
        return Refusal(event.path, event.reason, destination=", ".join(event.destinations), asks=True)
    if isinstance(event, Surge):
        return Refusal(event.folder, event.reason)
    if isinstance(event, Refused):
        return Refusal(event.path, event.reason, destination=event.destination)
    return Refusal(event.path, event.reason, later=True)


def _by_asset(trip: Trip) -> Iterable[Iterable[Delivery]]:
    waiting = [
        delivery for delivery in trip.ledger.in_states({State.PLANNED}) if trip.wants(delivery.destination)
    ]
    first: dict[str, int] = {}
    for delivery in waiting:
        first.setdefault(delivery.asset, delivery.id)
    waiting.sort(key=lambda delivery: (first[delivery.asset], delivery.id))
    return (group for _, group in groupby(waiting, key=lambda delivery: delivery.asset))


def _story(trip: Trip, deliveries: Sequence[Delivery]) -> Story | None:
    asset = trip.ledger.asset(deliveries[0].asset)
    firsts = {delivery.destination: delivery for delivery in reversed(deliveries)}
    treatments = tuple(
        Treatment(
            delivery.destination,
            delivery.recipe,
            delivery.texts,
            delivery.due_at,
            delivery.not_after,
            delivery.lifetime_hours,
            delivery.reason,
        )
        for delivery in sorted(firsts.values(), key=lambda delivery: delivery.id)
    )
    return Story(asset, treatments, kept_from=kept_from(asset, trip.settings)) if asset else None


def _why_idle(trip: Trip, story: Story) -> str:
    known = trip.ledger.deliveries_of(story.asset.sha256)
    if not known:
        return "no destination takes it"
    if any(delivery.state is State.PLANNED for delivery in known):
        return "left for a later run"
    if any(delivery.state is State.PARKED for delivery in known):
        return "waits for your word"
    stands = {f"{delivery.destination}: {delivery.state}" for delivery in known}
    return f"already delivered ({', '.join(sorted(stands))})"
