"""What the person says about deliveries: sent, skip, again. Kept as files while a run holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.states import sources_of
from pipeline.model import Delivery, State
from pipeline.tools.clock import fresh_name
from pipeline.tools.files import write_whole
from pipeline.tools.plain import from_json, to_json

Verb = Literal["confirm", "skip", "retry"]
FOLDER = "answers"

_TARGETS: dict[Verb, tuple[State, str]] = {
    "confirm": (State.CONFIRMED, "confirmed"),
    "skip": (State.SKIPPED, "skipped"),
    "retry": (State.PLANNED, "retried"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One word about one delivery, and when it was given."""

    verb: Verb
    delivery: int
    at: datetime


def apply(ledger: Ledger, answer: Answer) -> Delivery | str:
    """Carry an answer out: the delivery as it stands now, or why nothing was changed.

    Saying the same thing twice is the same as saying it once.
    """
    delivery = ledger.delivery(answer.delivery)
    if delivery is None:
        return f"there is no delivery {answer.delivery}. Next: storyrelay status"
    target, event = _TARGETS[answer.verb]
    if delivery.state is target:
        return delivery
    if delivery.state not in sources_of(target) or delivery.state is State.ARMED:
        return _refusal(answer.verb, delivery)
    detail = {"said_at": answer.at.isoformat(timespec="seconds")}
    ledger.move(delivery, Move(target, event, detail=detail))
    if answer.verb == "retry":
        ledger.forget_home(delivery.asset)
    return ledger.delivery(delivery.id) or delivery


def drop(state: Path, answer: Answer) -> None:
    """Leave an answer for the run that holds the lock, or for the next one."""
    write_whole(state / FOLDER / f"{answer.at:%Y%m%dT%H%M%S%f}-{fresh_name()}.json", to_json(answer).encode())


def take(state: Path) -> Iterator[Answer]:
    """Every answer left so far, in the order given; each is removed once the caller has used it."""
    folder = state / FOLDER
    for file in sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else ():
        try:
            said = from_json(Answer, file.read_text(encoding="utf-8"))
        except (ValueError, TypeError, AttributeError):
            file.rename(file.with_suffix(".unreadable"))
            continue
        yield said
        file.unlink()


def _refusal(verb: Verb, delivery: Delivery) -> str:
    why = {
        "confirm": "only what was offered can be confirmed",
        "skip": "it has ended already",
        "retry": "only what was skipped, failed, expired, parked or in doubt can be sent again",
    }[verb]
    return (
        f"delivery {delivery.id} ({delivery.path.name} to {delivery.destination}) is {delivery.state}:"
        f" {why}. Next: storyrelay show {delivery.id}"
    )
