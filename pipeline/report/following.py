"""Whether what is published to accounts may go yet, from the ledger and the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.ledger import Queries
from pipeline.ledger.states import RETRIED
from pipeline.model import Delivery
from pipeline.plan.following import GiveUp, Go, Verdict, Wait, verdict

if TYPE_CHECKING:
    from pipeline.config import Settings

WHATSAPP = "whatsapp_status"


def goes_alone(settings: Settings) -> bool:
    """Whether no story waits for a person's word; then none need be asked after."""
    return settings.mirror.after == "prepared" or not _by_hand(settings)


def follow_of(ledger: Queries, settings: Settings, delivery: Delivery, at: datetime) -> Verdict:
    """Whether a planned delivery may be published; it may where nobody sends the same story by hand."""
    if settings.mirror.after == "prepared" or not (by_hand := _by_hand(settings)):
        return Go()
    sent = [one for one in ledger.deliveries_of(delivery.asset) if one.destination in by_hand]
    whatsapp = [one for one in sent if by_hand[one.destination] == WHATSAPP]
    return verdict(delivery, whatsapp or sent, at, _insisted_at(ledger, delivery))


def followers(ledger: Queries, settings: Settings, name: str, at: datetime) -> Iterator[Wait | GiveUp]:
    """What keeps back the deliveries that are due at an account's destination."""
    if goes_alone(settings):
        return
    for delivery in ledger.due_there(name, at):
        found = follow_of(ledger, settings, delivery, at)
        if not isinstance(found, Go):
            yield found


def _by_hand(settings: Settings) -> dict[str, str]:
    """The platforms of the destinations that a person sends to."""
    chosen = settings.destinations.items()
    return {name: one.platform for name, one in chosen if one.enabled and one.via == "person"}


def _insisted_at(ledger: Queries, delivery: Delivery) -> datetime | None:
    said = [event.at for event in ledger.events_of(delivery.id) if event.event == RETRIED]
    return said[-1] if said else None
