"""The outbox after other hands were in it: a folder that is gone is laid out again, one file isn't."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.handoff.folder import Laid, how_it_lies
from pipeline.model import WAITING_FOR_SEND, Delivery
from pipeline.report.events import Alarm
from pipeline.report.words import name_of
from pipeline.run.stranded import lay_out_again
from pipeline.run.trip import Trip
from pipeline.tools.whereabouts import unmounted

TAKEN = "its file was taken from the outbox"


def look_after(trip: Trip) -> None:
    """Who takes a file from the outbox has sent it, or doesn't want it: they are asked, once.

    When what the outbox knew of it is gone too, somebody has removed the folder, and it is laid out again.
    """
    if unmounted(trip.settings.state, "outbox", trip.settings.outbox):
        return
    lying = [
        (delivery, how_it_lies(trip.settings.outbox / delivery.destination, delivery.id))
        for delivery in _in_the_outbox(trip)
        if trip.wants(delivery.destination)
    ]
    for delivery, how in lying:
        if how is Laid.TAKEN:
            _ask(trip, delivery)
    lay_out_again(trip, [delivery for delivery, how in lying if how is Laid.GONE])


def _in_the_outbox(trip: Trip) -> Iterator[Delivery]:
    places = trip.ledger.where_they_lie()
    for delivery in trip.ledger.in_states(WAITING_FOR_SEND):
        folder = f"{trip.settings.outbox / delivery.destination}/"
        if places.get(delivery.id, "").startswith(folder):
            yield delivery


def _ask(trip: Trip, delivery: Delivery) -> None:
    if delivery.reason == TAKEN:
        return
    trip.ledger.note(delivery, "taken", TAKEN)
    folder, number = trip.settings.outbox / delivery.destination, delivery.id
    reason = (
        f"the file of {name_of(delivery.path)} was taken from {folder}. Next: sent? storyrelay confirm"
        f" {number}. Not wanted? storyrelay skip {number}. Have it back? That, then storyrelay retry {number}"
    )
    trip.observe(Alarm("outbox", reason))
