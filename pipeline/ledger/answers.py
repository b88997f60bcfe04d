"""What the person says: sent, skip, again, go on. Kept as files while a run holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.queries import Queries
from pipeline.ledger.states import RETRIED, sources_of
from pipeline.model import WAITING_FOR_SEND, Delivery, State
from pipeline.tools.clock import fresh_name
from pipeline.tools.files import write_whole
from pipeline.tools.plain import from_json, to_json
from pipeline.values import dataclass, replace

Verb = Literal["confirm", "skip", "retry", "opened", "shared", "not-yet", "undo"]
Word = Literal[Verb, "release"]
WORDS: tuple[str, ...] = get_args(Word)
MOST_NUMBER = 2**63 - 1
FOLDER = "answers"
HEARD = "heard"
"""The event of an answer that changed nothing, kept where it has an id: it counts once all the same."""

_TARGETS: dict[Verb, tuple[State, str]] = {
    "confirm": (State.CONFIRMED, "confirmed"),
    "skip": (State.SKIPPED, "skipped"),
    "retry": (State.PLANNED, RETRIED),
    "opened": (State.OPENED, "opened"),
    "shared": (State.SHARED, "shared"),
    "not-yet": (State.OFFERED, "not yet"),
    "undo": (State.OFFERED, "undone"),
}
_SOURCES: dict[Verb, frozenset[State]] = {
    "not-yet": frozenset({State.OPENED, State.SHARED}),
    "undo": frozenset({State.CONFIRMED, State.SKIPPED}),
}
"""Where a word fits fewer states than its target may be reached from."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One word about one delivery, and when it was given.

    `not_live` says that the person has looked: only then what is in doubt may be repeated, and only if it's
    the same doubt, which began at `in_doubt_since`. `live_as` is the server's id of the story that a
    delivery in doubt turned out to be. `release` is about a whole `destination`, which may go on;
    `delivery` is 0 then. `said` is the answer's own id: whatever was said since, it counts once.
    """

    verb: Word
    delivery: int
    at: datetime
    not_live: bool = False
    in_doubt_since: datetime | None = None
    live_as: str | None = None
    destination: str | None = None
    said: str | None = None


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
    move = decided(ledger, answer.verb, answer, delivery)
    if isinstance(move, str):
        return move
    if move is not None:
        _carry_out(ledger, answer, delivery, move)
    elif answer.said and not was_said(ledger, answer):
        ledger.record(delivery, HEARD, _detail(answer))
    return ledger.delivery(delivery.id) or delivery


def decided(ledger: Queries, verb: Verb, answer: Answer, delivery: Delivery) -> Move | str | None:
    """What an answer makes of a delivery that stands so: a move, nothing, or why it can't be."""
    target, event = _target(verb, answer)
    gone_further = verb == "opened" and delivery.state is State.SHARED
    if delivery.state is target or gone_further or was_said(ledger, answer):
        return None
    sources = _SOURCES.get(verb, sources_of(target) - {State.ARMED})
    if delivery.state not in sources:
        return _refusal(verb, delivery)
    why_not = _why_not(ledger, answer, delivery)
    if why_not:
        return f"delivery {delivery.id} ({delivery.path.name} to {delivery.destination}) {why_not}"
    if verb == "undo":
        until = way_back(ledger, delivery)
        return (
            Move(target, event, expires_at=until) if until and until > answer.at else _refusal(verb, delivery)
        )
    return Move(target, event, external_id=answer.live_as, not_after=_end_kept(answer, delivery))


def _end_kept(answer: Answer, delivery: Delivery) -> datetime | None:
    """The end of what is sent again: its file may be gone, and a copy go in its place.

    What was in doubt beyond its end is decided anew, by the sidecar as it is now.
    """
    end = delivery.not_after
    if answer.verb != "retry" or end is None:
        return None
    return end if end > answer.at or delivery.state is State.PARKED else None


def was_said(ledger: Queries, answer: Answer) -> bool:
    """Whether this very answer was heard before."""
    if answer.said is None:
        return False
    return any(event.detail.get("said") == answer.said for event in ledger.events_of(answer.delivery))


def way_back(ledger: Queries, delivery: Delivery) -> datetime | None:
    """Until when what a person has ended may wait for them again: as long as it would have waited."""
    moves = [event for event in ledger.events_of(delivery.id) if event.from_state is not event.to_state]
    offers = [event for event in moves if event.from_state is State.ARMED and event.to_state is State.OFFERED]
    if not offers or WAITING_FOR_SEND.isdisjoint({moves[-1].from_state, moves[-1].to_state}):
        return None  # it never waited for a person, or didn't when it ended
    return offers[-1].at + timedelta(hours=delivery.lifetime_hours)


def _target(verb: Verb, answer: Answer) -> tuple[State, str]:
    if verb == "confirm" and answer.live_as is not None:
        return State.PUBLISHED, "confirmed"
    return _TARGETS[verb]


def _detail(answer: Answer) -> dict[str, object]:
    said = {"said": answer.said} if answer.said else {}
    return {"said_at": answer.at.isoformat(timespec="seconds"), **said}


def _carry_out(ledger: Ledger, answer: Answer, delivery: Delivery, move: Move) -> None:
    if delivery.id in ledger.stopped_with_its_lane(delivery.destination) and answer.verb == "retry":
        ledger.release(delivery.destination)  # to try this one is to try its account, for all that waits
        if answer.said:
            ledger.record(ledger.delivery(delivery.id) or delivery, HEARD, _detail(answer))
        return
    ledger.move(delivery, replace(move, detail=_detail(answer)))
    if answer.verb == "retry":
        ledger.forget_home(delivery.asset)


def _why_not(ledger: Queries, answer: Answer, delivery: Delivery) -> str | None:
    """What keeps an answer that its state allows from being carried out."""
    number = delivery.id
    if answer.live_as is not None:
        if delivery.state is not State.UNKNOWN:
            return f"isn't in doubt. Next: storyrelay show {number}"
        if ledger.is_claimed(delivery.destination, answer.live_as):
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
    for file in _left(state):
        said = _read(file)
        if said is not None:
            yield said
            file.unlink(missing_ok=True)
        else:
            with suppress(OSError):  # gone, or on a disk that refuses: it stays, and is passed over again
                file.rename(file.with_suffix(".unreadable"))


def pending(state: Path) -> list[Answer]:
    """The same for looking only: nothing is removed."""
    return [said for file in _left(state) if (said := _read(file)) is not None]


def _read(file: Path) -> Answer | None:
    """What is said in a file; None when it was taken meanwhile, or is none of ours any more.

    An answer without an id goes by its file's name: one that was carried out before the file was removed
    doesn't undo what was said since.
    """
    try:
        said = from_json(Answer, file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    sound = said.verb in WORDS and said.at.tzinfo is not None and 0 <= said.delivery <= MOST_NUMBER
    return replace(said, said=said.said or file.stem) if sound else None


def _left(state: Path) -> list[Path]:
    folder = state / FOLDER
    return sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []


def _refusal(verb: Verb, delivery: Delivery) -> str:
    why = {
        "confirm": "only what was offered can be confirmed",
        "skip": "it has ended already",
        "retry": "only what was skipped, failed, expired, parked or in doubt can be sent again",
        "opened": "it doesn't wait for your Send",
        "shared": "it doesn't wait for your Send",
        "not-yet": "it wasn't shared",
        "undo": "only what you said about an offer that is still good can be taken back",
    }[verb]
    return (
        f"delivery {delivery.id} ({delivery.path.name} to {delivery.destination}) is {delivery.state}:"
        f" {why}. Next: storyrelay show {delivery.id}"
    )
