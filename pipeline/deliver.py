"""Arm, act, settle: the only sender. Each delivery is committed before the act and settled after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from pipeline.destination import Destination, Offered, Parcel, Published, Receipt
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, TryAgain
from pipeline.ledger import Ledger, Move
from pipeline.model import Delivery, Rendition, State
from pipeline.tools.clock import Clock

PUBLISHING = "publishing"
RETRY_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one delivery ended: where it stands now, and where a person finds it, or why not."""

    state: State
    where: str | None = None
    reason: str | None = None


def deliver(
    delivery: Delivery, rendition: Rendition, destination: Destination, ledger: Ledger, clock: Clock
) -> Outcome:
    """Deliver one part. Never raises for what a destination can answer; a bug leaves it armed."""
    expires_at = clock() + timedelta(hours=delivery.lifetime_hours)
    armed = _arm(delivery, rendition, ledger)
    parcel = Parcel(delivery.id, delivery.path.name, rendition, delivery.texts, expires_at)
    try:
        receipt = destination.deliver(parcel, Steps(armed, ledger))
    except DeliveryError as failure:
        move = _move_after(failure, delivery, clock())
    else:
        move = _move_for(receipt, expires_at)
    _settle(armed, move, ledger)
    where = receipt.where if move.to is State.OFFERED and isinstance(receipt, Offered) else None
    return Outcome(move.to, where, move.reason)


@dataclass(frozen=True, slots=True)
class Steps:
    """The journal of one armed delivery."""

    delivery: Delivery
    ledger: Ledger

    def record(self, step: str, detail: Mapping[str, object]) -> None:
        """A step after which nothing is live yet."""
        self.ledger.record(self.delivery, step, detail)

    def publishing(self, detail: Mapping[str, object]) -> None:
        """The next request may make it live."""
        self.ledger.record(self.delivery, PUBLISHING, detail)


def recover(ledger: Ledger, repeatable: frozenset[str]) -> list[Delivery]:
    """Settle what a dead run left armed: repeat what is harmless, doubt the rest. Returns the doubtful."""
    doubtful = []
    for delivery in ledger.in_states({State.ARMED}):
        if delivery.destination in repeatable:
            move = Move(State.PLANNED, "cut short", not_after=delivery.not_after)
        else:
            doubtful.append(delivery)
            move = Move(State.UNKNOWN, "cut short", "the run ended while it was being published")
        _settle(delivery, move, ledger)
    return doubtful


def _arm(delivery: Delivery, rendition: Rendition, ledger: Ledger) -> Delivery:
    detail = {"sha256": rendition.sha256, "bytes": rendition.bytes, "file": rendition.path.name}
    if not ledger.move(delivery, Move(State.ARMED, "armed", not_after=delivery.not_after, detail=detail)):
        message = f"delivery {delivery.id} changed while this run held the lock"
        raise RuntimeError(message)
    return replace(delivery, state=State.ARMED)


def _settle(delivery: Delivery, move: Move, ledger: Ledger) -> None:
    if not ledger.move(delivery, move):
        message = f"delivery {delivery.id} changed while it was armed"
        raise RuntimeError(message)


def _move_for(receipt: Receipt, expires_at: datetime) -> Move:
    match receipt:
        case Offered(where):
            return Move(State.OFFERED, "offered", expires_at=expires_at, detail={"where": where})
        case Published(external_id):
            return Move(State.PUBLISHED, "published", expires_at=expires_at, external_id=external_id)
    assert_never(receipt)


def _move_after(failure: DeliveryError, delivery: Delivery, at: datetime) -> Move:
    reason = str(failure)
    match failure:
        case TryAgain(not_before=due_at):
            due_at = due_at or at + RETRY_AFTER
            return Move(State.PLANNED, "try again", reason, due_at=due_at, not_after=delivery.not_after)
        case Rejected():
            return Move(State.FAILED, "rejected", reason)
        case NeedsPerson():
            return Move(State.PARKED, "parked", reason)
        case OutcomeUnknown() | DeliveryError():
            return Move(State.UNKNOWN, "unknown", reason)
