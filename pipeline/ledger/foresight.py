"""Deliveries as they will stand once the answers that were left for a run are carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.ledger.answers import Answer, decided
from pipeline.ledger.queries import Queries
from pipeline.ledger.writing import Move
from pipeline.model import WAITING_FOR_SEND, Delivery


def foreseen(ledger: Queries, deliveries: Iterable[Delivery], left: Sequence[Answer]) -> list[Delivery]:
    """What the person has said counts for them at once, also while a run holds the lock."""
    standing = {delivery.id: delivery for delivery in deliveries}
    heard: set[tuple[int, str]] = set()
    for answer in left:
        number, said = answer.delivery, answer.said or ""
        if number in standing and (number, said) not in heard:
            standing[number] = _after(ledger, standing[number], answer)
        heard |= {(number, said)} if said else set()
    return list(standing.values())


def _after(ledger: Queries, delivery: Delivery, answer: Answer) -> Delivery:
    if answer.verb == "release":
        return delivery
    move = decided(ledger, answer.verb, answer, delivery)
    if not isinstance(move, Move):
        return delivery
    kept = delivery.expires_at if move.to in WAITING_FOR_SEND else None
    return replace(
        delivery, state=move.to, since=answer.at, expires_at=move.expires_at or kept, reason=move.reason
    )
