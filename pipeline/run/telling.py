"""What is told of every delivery, wherever it goes."""

from __future__ import annotations

from pipeline.deliver import Outcome
from pipeline.ledger import trace
from pipeline.model import Delivery, State
from pipeline.report.events import Delivered
from pipeline.run.trip import Trip


def delivered(delivery: Delivery, outcome: Outcome) -> Delivered:
    """The event that tells how a delivery stands now."""
    return Delivered(
        delivery.id,
        delivery.path,
        delivery.destination,
        delivery.part,
        delivery.parts,
        outcome.state,
        outcome.where,
        outcome.reason,
    )


def tell(trip: Trip, delivery: Delivery, outcome: Outcome) -> None:
    """Tell how a delivery went, and count it by where it stands now."""
    trip.count(_name(trip, delivery, outcome.state), delivered(delivery, outcome))


def _name(trip: Trip, delivery: Delivery, state: State) -> str:
    match state:
        case State.PLANNED:
            return "failed"
        case State.UNKNOWN if trace(trip.ledger, delivery.id).settles_itself:
            return "doubted"
        case _:
            return str(state)
