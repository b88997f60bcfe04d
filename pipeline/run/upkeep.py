"""Before and after the work: leftovers, ended offers, old renditions, and the sum of it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.errors import AssetError, EnvironmentFault, NeedsPerson
from pipeline.ledger import doubts
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND
from pipeline.plan.origin import PULLED
from pipeline.reformat import Order, Store, rendition_key
from pipeline.report.events import Summary
from pipeline.report.lanes import lanes_of
from pipeline.run.trip import Trip
from pipeline.tools.clock import monotonic_s
from pipeline.tools.files import remove_leftovers

if TYPE_CHECKING:
    from pipeline.config import Settings

KEEP_RENDITIONS = timedelta(hours=24)
MEGA = 1_000_000
OURS = ("store", "scratch", "backups", "seen", "tokens", PULLED)


def remove_what_a_crash_left(settings: Settings) -> None:
    """Remove half-written files of a run that didn't end."""
    state = settings.state
    for folder in (
        settings.outbox,
        *(state / name for name in OURS),
    ):
        remove_leftovers(folder)  # not in the whole state folder: somebody may just leave an answer there


def forget_old_renditions(trip: Trip) -> None:
    """Remove renditions that no open delivery needs: all that are a day old, and the oldest beyond the limit.

    What is needed stays, even where it's more than the limit.
    """
    store = Store(trip.settings.state / "store")
    old = store.made_before(trip.now() - KEEP_RENDITIONS)
    limit_mb = trip.settings.limits.store_mb
    sizes = {} if limit_mb is None else store.sizes()
    too_much = sum(sizes.values()) - MEGA * (limit_mb or 0) if sizes else 0
    if not old and too_much <= 0:
        return
    old -= (needed := _needed(trip))
    too_much -= sum(sizes.get(key, 0) for key in old)
    for key in sizes:
        if too_much > 0 and key not in needed and key not in old:
            old.add(key)
            too_much -= sizes[key]
    store.remove(old)


def tidy_share(trip: Trip) -> None:
    """The same for what workers got and gave, when they were at work in this run."""
    farm = trip.elsewhere and trip.elsewhere.farm
    if not farm:
        return
    from pipeline.execute.farm import files_of

    orders = list(_orders(trip))
    files = {sha256 for order in orders for sha256 in files_of(order).values() if sha256}
    with suppress(EnvironmentFault):  # the next run that works with it tidies it up too
        farm.tidy(files, {rendition_key(order) for order in orders}, trip.now() - KEEP_RENDITIONS)


def make_room(trip: Trip) -> None:
    """Remove every rendition that no open delivery needs, however new: the disk is nearly full."""
    store = Store(trip.settings.state / "store")
    store.remove(store.sizes().keys() - _needed(trip))


def _needed(trip: Trip) -> set[str]:
    return {rendition_key(order) for order in _orders(trip)}


def _orders(trip: Trip) -> Iterator[Order]:
    """All that open deliveries are made of."""
    for delivery in trip.ledger.open_deliveries():
        asset = trip.ledger.asset(delivery.asset)
        if asset is not None:
            yield Order(asset, delivery.recipe, delivery.part)


def summary_of(trip: Trip, number: int, exit_code: int | None) -> Summary:
    """What the run did and what is left to do."""
    counts = trip.ledger.counts(open_only=True)
    tally = trip.tally
    lanes = lanes_of(trip.ledger, trip.settings, trip.now())
    doubtful = len(doubts(trip.ledger))
    held = [lane for lane in lanes if lane.held and lane.reason]
    due_at = trip.ledger.next_due_at()
    moments = [lane.turn.at for lane in held if not lane.stopped] + ([due_at] if due_at else [])
    return Summary(
        run=number,
        seen=tally["seen"],
        refused=tally["refused"],
        postponed=tally["postponed"],
        reformatted=tally["reformatted"],
        offered=tally["offered"],
        published=tally["published"],
        failed=tally["failed"],
        expired=tally["expired"],
        waiting=sum(counts.get(state, 0) for state in WAITING_FOR_SEND),
        planned=counts.get("planned", 0),
        needs_person=sum(counts.get(state, 0) for state in NEEDS_A_PERSON) - doubtful,
        next_due_at=min(moments, default=None),
        seconds=round(monotonic_s() - trip.begun_s, 3),
        exit_code=exit_code_of(trip) if exit_code is None else exit_code,
        held=sum(lane.held for lane in held),
        doubtful=doubtful,
        settled=tally["settled"],
        stopped=tuple(lane.destination for lane in lanes if lane.stopped),
        places=tuple(sorted(_places(trip))),
        surge=tally["surge"],
        adopted=tally["adopted"],
        pulled=tally["pulled"],
    )


def _places(trip: Trip) -> set[str]:
    """Where the person finds what waits for them: the outbox, the page, WhatsApp on a phone."""
    outbox = str(trip.settings.outbox)
    places = trip.ledger.where_they_lie().values()
    return {outbox if place.startswith(outbox) else place for place in places}


def exit_code_of(trip: Trip) -> int:
    """What the worst of all that happened means for whoever called."""
    tally = trip.tally
    if tally["unfit"]:
        return EnvironmentFault.exit_code
    if tally["parked"] or tally["unknown"] or tally["stopped"]:
        return NeedsPerson.exit_code
    if tally["surge"] or tally["refused"] or tally["failed"] or tally["blocked"] or tally["doubted"]:
        return AssetError.exit_code
    return 0
