"""What is told of every delivery, wherever it goes."""

from __future__ import annotations

from pathlib import Path

from pipeline.deliver import Outcome
from pipeline.ledger import trace
from pipeline.model import Delivery, State
from pipeline.report.events import Delivered, Postponed
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


def in_place(trip: Trip, delivery: Delivery) -> bool:
    """Whether its file is there, or a copy of it, which then takes its place; told once when it isn't."""
    if _is_there(delivery.path):
        return True
    copy = next(filter(_is_there, trip.ledger.places_of(delivery.asset)), None)
    if copy:
        trip.ledger.move_home(delivery.asset, copy)
        return True
    if delivery.asset not in trip.missing:
        trip.missing.add(delivery.asset)
        trip.count("postponed", Postponed(delivery.path, "it isn't in its place at the moment"))
    trip.ledger.note(delivery, "held", "its file isn't in its place")
    return False


def _is_there(path: Path) -> bool:
    """Not what a disk in trouble doesn't tell of: it's held, not given up."""
    try:
        path.stat()
    except OSError:
        return False
    return True
