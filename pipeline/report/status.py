"""What stands where: everything open, what ended in the last 24 hours, and the files that were refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from pipeline.ledger import Ledger
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND, Delivery, Refusal, State
from pipeline.report.next_step import Program, next_command, retry_file
from pipeline.report.words import about, columns, left, moment, part_of, printable
from pipeline.tools.plain import to_plain

RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Status:
    """What the ledger says at `at`; `zone` is the person's."""

    at: datetime
    zone: tzinfo
    open: tuple[Delivery, ...]
    ended: tuple[Delivery, ...]
    counts: Mapping[str, int]
    problems: tuple[Refusal, ...]


def status_of(ledger: Ledger, at: datetime, zone: tzinfo) -> Status:
    """The status as the ledger knows it."""
    return Status(
        at,
        zone,
        tuple(ledger.open_deliveries()),
        tuple(ledger.recently_ended(at - RECENT)),
        ledger.counts(),
        tuple(ledger.problems()),
    )


def status_as_json(status: Status) -> dict[str, Any]:
    """What `status --json` prints; fields are only ever added."""
    return {
        "deliveries": [delivery_as_json(delivery) for delivery in (*status.open, *status.ended)],
        "counts": dict(status.counts),
        "problems": [
            {"path": str(problem.path), "reason": problem.reason, "next": retry_file(problem.path)}
            for problem in status.problems
        ],
    }


def delivery_as_json(delivery: Delivery) -> dict[str, Any]:
    """One delivery; `asset` is the hash of its file, `since` and `expires` are UTC."""
    return {
        "id": delivery.id,
        "asset": delivery.asset,
        "path": str(delivery.path),
        "part": delivery.part,
        "parts": delivery.parts,
        "destination": delivery.destination,
        "state": delivery.state.value,
        "since": to_plain(delivery.since),
        "due": to_plain(delivery.due_at),
        "expires": to_plain(delivery.expires_at),
        "reason": delivery.reason,
        "next": next_command(delivery),
    }


def status_lines(status: Status, program: Program) -> Iterator[str]:
    """The same for people: a table for each kind of thing, every line with the command that resolves it."""
    sections = (
        ("Waits for your Send", WAITING_FOR_SEND, _time_left),
        ("Needs you", NEEDS_A_PERSON, _reason),
        ("Under way", frozenset({State.ARMED}), _reason),
        ("Planned", frozenset({State.PLANNED}), _due),
    )
    empty = True
    for title, states, remark in sections:
        chosen = [delivery for delivery in status.open if delivery.state in states]
        empty = empty and not chosen
        yield from _section(title, [_row(delivery, remark(delivery, status), program) for delivery in chosen])
    yield from _section("Ended in the last 24 hours", [_ended(one, program) for one in status.ended])
    yield from _section("Refused", [_refused(problem, program) for problem in status.problems])
    if any(delivery.state is State.UNKNOWN for delivery in status.open):
        yield "unknown: look at your account. Live? Then: " + program.call("confirm", "ID")
        yield "         not live? Then: " + program.call("retry", "ID", "--it-is-not-live")
    if empty:
        run = program.call("run")
        yield f"Nothing waits for you. Next: put photos and videos into the inbox, then: {run}"


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"{title} ({len(rows)})"
        yield from (f"  {line}" for line in columns(rows))
        yield ""


def _row(delivery: Delivery, remark: str, program: Program) -> tuple[str, ...]:
    story = part_of(delivery.path, delivery.part, delivery.parts)
    return (f"{delivery.id:>4}", delivery.destination, story, remark, next_command(delivery, program) or "")


def _ended(delivery: Delivery, program: Program) -> tuple[str, ...]:
    reason = f": {printable(delivery.reason)}" if delivery.reason else ""
    return _row(delivery, f"{delivery.state}{reason}", program)


def _refused(problem: Refusal, program: Program) -> tuple[str, ...]:
    return (about(problem.path, problem.reason), retry_file(problem.path, program))


def _time_left(delivery: Delivery, status: Status) -> str:
    return left(delivery.expires_at, status.at) if delivery.expires_at else ""


def _reason(delivery: Delivery, _status: Status) -> str:
    return f"{delivery.state}: {printable(delivery.reason)}" if delivery.reason else str(delivery.state)


def _due(delivery: Delivery, status: Status) -> str:
    due_at = delivery.due_at
    when = f"due {moment(due_at, status.at, status.zone)}" if due_at and due_at > status.at else "due now"
    return f"{when}: {printable(delivery.reason)}" if delivery.reason else when
