"""Arm, act, settle: the only sender. Each delivery is committed before the act and settled after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_never

from pipeline.destination import Destination, Doubt, Offered, Parcel, Published, Receipt
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, TryAgain
from pipeline.ledger import Ledger, Move, Trace, trace
from pipeline.ledger.states import PUBLISHING, STOPPED
from pipeline.model import Delivery, Rendition, State
from pipeline.tools.clock import Clock
from pipeline.tools.plain import from_plain, to_plain

RETRY_AFTER = timedelta(minutes=5)
NOTHING_KNOWN = Trace()


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
    before = trace(ledger, delivery.id)
    armed = _arm(delivery, rendition, ledger)
    earlier = before.publishing or {}
    parcel = Parcel(delivery.id, delivery.path.name, rendition, delivery.texts, expires_at, earlier)
    try:
        receipt = destination.deliver(parcel, Steps(armed, ledger, before))
        move = _move_for(_checked(receipt, armed, ledger), expires_at)
    except DeliveryError as failure:
        move = _move_after(failure, delivery, clock())
    _settle(armed, move, ledger)
    where = receipt.where if move.to is State.OFFERED and isinstance(receipt, Offered) else None
    return Outcome(move.to, where, move.reason)


@dataclass(frozen=True, slots=True)
class Steps:
    """The journal of one armed delivery; `before` is what was known of it before this attempt."""

    delivery: Delivery
    ledger: Ledger
    before: Trace = NOTHING_KNOWN

    def record(self, step: str, detail: Mapping[str, object]) -> None:
        """A step after which nothing is live yet."""
        self.ledger.record(self.delivery, step, detail)

    def publishing(self, detail: Mapping[str, object]) -> None:
        """The next request may make it live.

        When a machine repeats what it believes isn't live, and meanwhile there is a story that nobody has
        accounted for, then that belief was wrong, or somebody posted by hand: looking will tell.
        """
        if self.before.publishing is not None and self.before.repeats:
            accounted = _ids(self.before.publishing) | self.ledger.claimed(self.delivery.destination)
            if _ids(detail) - accounted:
                raise OutcomeUnknown(
                    "a story has shown up there since it was tried first: it may be this one"
                )
        self.ledger.record(self.delivery, PUBLISHING, detail)


def doubt_about(delivery: Delivery, traced: Trace, ledger: Ledger, store: Path) -> Doubt:
    """What a mirror needs to look for a delivery; `store` is the folder of renditions."""
    armed = traced.armed
    rendition = from_plain(Rendition, armed["rendition"])
    detail = traced.publishing or {}
    known = _ids(detail) | ledger.claimed(delivery.destination)
    return Doubt(delivery.id, replace(rendition, path=store / armed["file"]), known, detail)


def _ids(publishing: Mapping[str, object]) -> frozenset[str]:
    before = publishing.get("before")
    return frozenset(map(str, before)) if isinstance(before, Iterable) else frozenset()


def recover(ledger: Ledger) -> list[Delivery]:
    """Settle what a dead run left armed: doubt what may be live, repeat the rest. Returns the doubtful."""
    doubtful = []
    for delivery in ledger.in_states({State.ARMED}):
        kept = delivery.not_after
        if trace(ledger, delivery.id).under_way:
            reason = "the run ended while it was being published"
            _settle(delivery, Move(State.UNKNOWN, "cut short", reason, not_after=kept), ledger)
            doubtful.append(replace(delivery, state=State.UNKNOWN, reason=reason))
        else:
            _settle(delivery, Move(State.PLANNED, "cut short", not_after=kept), ledger)
    return doubtful


def _arm(delivery: Delivery, rendition: Rendition, ledger: Ledger) -> Delivery:
    detail = {
        "sha256": rendition.sha256,
        "bytes": rendition.bytes,
        "file": rendition.path.name,
        "rendition": to_plain(rendition),
    }
    if not ledger.move(delivery, Move(State.ARMED, "armed", not_after=delivery.not_after, detail=detail)):
        message = f"delivery {delivery.id} changed while this run held the lock"
        raise RuntimeError(message)
    return replace(delivery, state=State.ARMED)


def _settle(delivery: Delivery, move: Move, ledger: Ledger) -> None:
    if not ledger.move(delivery, move):
        message = f"delivery {delivery.id} changed while it was armed"
        raise RuntimeError(message)


def _checked(receipt: Receipt, armed: Delivery, ledger: Ledger) -> Receipt:
    """The receipt, unless it names another delivery's story: then nobody knows what happened."""
    if isinstance(receipt, Published) and ledger.is_claimed(armed.destination, receipt.external_id):
        raise OutcomeUnknown(f"the answer names a story that is known already ({receipt.external_id})")
    return receipt


def _move_for(receipt: Receipt, expires_at: datetime) -> Move:
    match receipt:
        case Offered(where):
            return Move(State.OFFERED, "offered", expires_at=expires_at, detail={"where": where})
        case Published(external_id):
            return Move(State.PUBLISHED, "published", expires_at=expires_at, external_id=external_id)
    assert_never(receipt)


def _move_after(failure: DeliveryError, delivery: Delivery, at: datetime) -> Move:
    move = _answer_to(failure, at)
    return replace(
        move, reason=str(failure), not_after=_while_open(move, delivery), rest_until=failure.rest_until
    )


def _answer_to(failure: DeliveryError, at: datetime) -> Move:
    match failure:
        case TryAgain(not_before=due_at):
            return Move(State.PLANNED, "try again", due_at=due_at or at + RETRY_AFTER)
        case Rejected():
            return Move(State.FAILED, "rejected")
        case NeedsPerson(everything=True):
            return Move(State.PARKED, STOPPED, stops=True)
        case NeedsPerson():
            return Move(State.PARKED, "parked")
        case OutcomeUnknown() | DeliveryError():
            return Move(State.UNKNOWN, "unknown")


def _while_open(move: Move, delivery: Delivery) -> datetime | None:
    return None if move.to is State.FAILED else delivery.not_after
