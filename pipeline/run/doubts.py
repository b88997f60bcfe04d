"""Deliveries in doubt: the account is looked at, and what was seen decides, or a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, assert_never

from pipeline.deliver import doubt_about
from pipeline.destination import Mirror
from pipeline.errors import DeliveryError, NeedsPerson
from pipeline.ledger import Ledger, Move, Trace, doubts, trace
from pipeline.ledger.states import CANNOT_TELL, LOOKED_FOR, NOT_LIVE
from pipeline.model import Delivery, State
from pipeline.plan.reconcile import MOST_REPEATS, AskPerson, Attempt, Live, LookAgain, NotLive, verdict
from pipeline.report.events import Looked
from pipeline.report.lanes import next_look_at, settle_of
from pipeline.run.trip import Trip
from pipeline.tools.plain import to_plain

KINDS: dict[str, Literal["photo", "video"]] = {"photo": "photo", "video": "video"}


def to_look_for(trip: Trip, name: str) -> list[Delivery]:
    """What is in doubt there and may have settled by now."""
    settle = settle_of(trip.settings, name)
    now = trip.now()
    return [
        delivery
        for delivery, traced in doubts(trip.ledger, name)
        if _has_come(next_look_at(traced, settle), settle, now)
    ]


def _has_come(moment: datetime, settle: timedelta, now: datetime) -> bool:
    """Whether it's time; also when the clock was set back so far that it never would be."""
    return moment <= now or moment - settle > now


def look_for(trip: Trip, delivery: Delivery, mirror: Mirror) -> None:
    """Look, remember what was seen, and settle what that tells. A look that fails changes nothing.

    Raises NeedsPerson when the account can't be looked at before a person has acted.
    """
    ledger = trip.ledger
    traced = trace(ledger, delivery.id)
    doubt = doubt_about(delivery, traced, ledger, trip.settings.state / "store")
    try:
        look = mirror.look(doubt)
    except NeedsPerson:
        raise
    except DeliveryError as failure:
        if failure.rest_until is not None:
            ledger.rest(delivery.destination, failure.rest_until, str(failure))
        trip.observe(_looked(delivery, State.UNKNOWN, f"it couldn't be looked for: {failure}"))
        return
    ledger.record(delivery, LOOKED_FOR, to_plain(look))
    _decide(trip, delivery, trace(ledger, delivery.id), doubt.known)


def _decide(trip: Trip, delivery: Delivery, traced: Trace, known: frozenset[str]) -> None:
    ledger = trip.ledger
    found = verdict(_attempt(trip, delivery, traced, known), traced.looks)
    match found:
        case Live(external_id):
            detail = {"by": "looking", "external_id": external_id}
            ledger.move(delivery, Move(State.PUBLISHED, "published", external_id=external_id, detail=detail))
            trip.count("settled", _looked(delivery, State.PUBLISHED, external_id=external_id))
        case NotLive():
            reason = "it isn't live; it is published once more"
            ledger.move(delivery, Move(State.PLANNED, NOT_LIVE, reason, not_after=delivery.not_after))
            trip.count("settled", _looked(delivery, State.PLANNED, reason))
        case LookAgain():
            trip.observe(_looked(delivery, State.UNKNOWN, "too early to tell; a later run looks again"))
        case AskPerson(reason, candidates):
            ids = tuple(one.external_id for one in candidates)
            _ask(ledger, delivery, reason)
            told = _looked(delivery, State.UNKNOWN, reason, candidates=ids, needs_person=True)
            trip.count("unknown", told)
        case _:
            assert_never(found)


def _ask(ledger: Ledger, delivery: Delivery, reason: str) -> None:
    """The reason may be the same as before: it's noted all the same, or it would be looked for again."""
    ledger.note(delivery, CANNOT_TELL, reason)
    if not trace(ledger, delivery.id).asked:
        ledger.record(delivery, CANNOT_TELL, {"reason": reason})


def _attempt(trip: Trip, delivery: Delivery, traced: Trace, known: frozenset[str]) -> Attempt:
    detail = traced.publishing or {}
    return Attempt(
        known=known,
        kind=KINDS.get(str(detail.get("kind"))),
        duration_s=_number(detail.get("duration_s")),
        server_at=_moment(detail.get("server_at")),
        settle=settle_of(trip.settings, delivery.destination),
        lives=timedelta(hours=delivery.lifetime_hours),
        again=traced.repeats > 0,
        often=traced.repeats >= MOST_REPEATS,
    )


def _number(plain: Any) -> float | None:
    return None if plain is None else float(plain)


def _moment(plain: Any) -> datetime | None:
    return None if plain is None else datetime.fromisoformat(plain)


def _looked(delivery: Delivery, state: State, reason: str | None = None, **more: Any) -> Looked:
    place = (delivery.id, delivery.path, delivery.destination, delivery.part, delivery.parts)
    return Looked(*place, state, reason=reason, **more)
