"""Offers that nobody can see any more: what waits on the page when no phone may open it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.deliver import Outcome, Steps
from pipeline.destination import Destination, Offered, Parcel
from pipeline.errors import TryAgain
from pipeline.handoff import destinations
from pipeline.handoff.page import WHERE, Page
from pipeline.handoff.paired import Phones
from pipeline.model import Delivery
from pipeline.report.events import Blocked
from pipeline.run.renditions import made_for
from pipeline.run.telling import delivered
from pipeline.run.trip import Trip

ELSEWHERE = "offered elsewhere"


def offer_elsewhere(trip: Trip) -> None:
    """When the last phone is revoked, what waited on its page is laid out by the next channel that can.

    How it stands and until when it waits stays as it is: the person may just have shared it.
    """
    if Page(Phones(trip.settings.state)).blocked() is not None:
        lay_out_again(trip, _stranded(trip))


def lay_out_again(trip: Trip, deliveries: Iterable[Delivery]) -> None:
    """By the first channel that can; how they stand and until when they wait stays."""
    ways, blocked = destinations(trip.settings), dict[str, str]()
    for delivery in deliveries:
        name = delivery.destination
        if name in ways and name not in blocked and trip.wants(name):
            trip.stop.check()
            try:
                _offer(trip, delivery, ways[name])
            except TryAgain as failure:
                blocked[name] = str(failure)
    for name, reason in blocked.items():
        trip.count("blocked", Blocked(name, reason))


def _stranded(trip: Trip) -> Iterator[Delivery]:
    for number, place in sorted(trip.ledger.where_they_lie().items()):
        delivery = trip.ledger.delivery(number) if place == WHERE else None
        if delivery is not None:
            yield delivery


def _offer(trip: Trip, delivery: Delivery, way: Destination) -> None:
    rendition = made_for(trip, delivery)
    if rendition is None or delivery.expires_at is None:
        return
    parcel = Parcel(delivery.id, delivery.path.name, rendition, delivery.texts, delivery.expires_at)
    receipt = way.deliver(parcel, Steps(delivery, trip.ledger))
    if isinstance(receipt, Offered):
        trip.ledger.record(delivery, ELSEWHERE, {"where": receipt.where})
        trip.observe(delivered(delivery, Outcome(delivery.state, where=receipt.where)))
