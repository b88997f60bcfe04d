"""What the person says: sent, skip, again, go on. Kept as files while a run holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.states import RETRIED, sources_of
from pipeline.model import Delivery, State
from pipeline.tools.clock import fresh_name
from pipeline.tools.files import write_whole
from pipeline.tools.plain import from_json, to_json

Verb = Literal["confirm", "skip", "retry"]
Word = Literal[Verb, "release"]
FOLDER = "answers"

_TARGETS: dict[Verb, tuple[State, str]] = {
    "confirm": (State.CONFIRMED, "confirmed"),
    "skip": (State.SKIPPED, "skipped"),
    "retry": (State.PLANNED, RETRIED),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One word about one delivery, and when it was given.

    `not_live` says that the person has looked: only then what is in doubt may be repeated, and only if it's
    the same doubt, which began at `in_doubt_since`. `live_as` is the server's id of the story that a
    delivery in doubt turned out to be. `release` is about a whole `destination`, which may go on;
    `delivery` is 0 then.
    """

    verb: Word
    delivery: int
    at: datetime
    not_live: bool = False
    in_doubt_since: datetime | None = None
    live_as: str | None = None
    destination: str | None = None


def apply(ledger: Ledger, answer: Answer) -> Delivery | str:
    """Carry an answer out: the delivery as it stands now, or why nothing was changed.

    Saying the same thing twice is the same as saying it once.
    """
    if answer.verb == "release":
        freed = ledger.release(answer.destination or "")
        return f"{freed} deliveries go on at {answer.destination}"
    delivery = ledger.delivery(answer.delivery)
    if delivery is None:
        return f"there is no delivery {answer.delivery}. Next: storyrelay status"
    target, event = _target(answer.verb, answer)
    if delivery.state is target:
        return delivery
    if delivery.state not in sources_of(target) or delivery.state is State.ARMED:
        return _refusal(answer.verb, delivery)
    why_not = _why_not(ledger, answer, delivery)
    if why_not:
        return f"delivery {delivery.id} ({delivery.path.name} to {delivery.destination}) {why_not}"
    _carry_out(ledger, answer, delivery, Move(target, event, external_id=answer.live_as))
    return ledger.delivery(delivery.id) or delivery


def _target(verb: Verb, answer: Answer) -> tuple[State, str]:
    if verb == "confirm" and answer.live_as is not None:
        return State.PUBLISHED, "confirmed"
    return _TARGETS[verb]


def _carry_out(ledger: Ledger, answer: Answer, delivery: Delivery, move: Move) -> None:
    if delivery.id in ledger.stopped_with_its_lane(delivery.destination) and answer.verb == "retry":
        ledger.release(delivery.destination)  # to try this one is to try its account, for all that waits
        return
    ledger.move(delivery, replace(move, detail={"said_at": answer.at.isoformat(timespec="seconds")}))
    if answer.verb == "retry":
        ledger.forget_home(delivery.asset)


def _why_not(ledger: Ledger, answer: Answer, delivery: Delivery) -> str | None:
    """What keeps an answer that its state allows from being carried out."""
    number = delivery.id
    if answer.live_as is not None:
        if delivery.state is not State.UNKNOWN:
            return f"isn't in doubt. Next: storyrelay show {number}"
        if answer.live_as in ledger.claimed(delivery.destination):
            return f"can't be {answer.live_as}: another one is that story. Next: storyrelay show {number}"
    if answer.verb == "retry" and delivery.state is State.UNKNOWN:
        if not answer.not_live:
            return f"may be live. Next: look there. Not live? storyrelay retry {number} --it-is-not-live"
        if answer.in_doubt_since not in (None, delivery.since):
            return f"was tried again since you looked. Next: look once more, then storyrelay show {number}"
    return None


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
