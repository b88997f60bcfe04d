"""What stands where: everything open, what ended in the last 24 hours, and the files that were refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from pipeline.ledger import Ledger, doubts
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND, Delivery, Refusal, State
from pipeline.plan.openings import NO_MOMENT, WAITS
from pipeline.report.lanes import LaneStatus
from pipeline.report.next_step import Program, account_command, next_command, retry_file
from pipeline.report.sources import SourceStatus, source_as_json, source_row
from pipeline.report.words import about, columns, count, left, moment, part_of, printable, without_next
from pipeline.tools.plain import to_plain
from pipeline.values import dataclass

RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Status:
    """What the ledger says at `at`; `zone` is the person's.

    `settling` are the numbers of what is in doubt so that a later run can tell, by looking. `adopted` counts
    the contents that were taken as seen.
    """

    at: datetime
    zone: tzinfo
    open: tuple[Delivery, ...]
    ended: tuple[Delivery, ...]
    counts: Mapping[str, int]
    problems: tuple[Refusal, ...]
    lanes: tuple[LaneStatus, ...] = ()
    settling: frozenset[int] = frozenset()
    adopted: int = 0
    sources: tuple[SourceStatus, ...] = ()

    def lane(self, delivery: Delivery) -> LaneStatus | None:
        """The lane of a delivery's account, when there is one."""
        return next((lane for lane in self.lanes if lane.destination == delivery.destination), None)


def status_of(
    ledger: Ledger,
    at: datetime,
    zone: tzinfo,
    lanes: tuple[LaneStatus, ...] = (),
    sources: tuple[SourceStatus, ...] = (),
) -> Status:
    """The status as the ledger knows it."""
    return Status(
        at,
        zone,
        tuple(ledger.open_deliveries()),
        tuple(ledger.recently_ended(at - RECENT)),
        ledger.counts(),
        tuple(ledger.problems()),
        lanes,
        frozenset(delivery.id for delivery, _ in doubts(ledger)),
        ledger.adopted(),
        sources,
    )


def status_as_json(status: Status) -> dict[str, Any]:
    """What `status --json` prints; fields are only ever added."""
    return {
        "deliveries": [_with_its_turn(delivery, status) for delivery in (*status.open, *status.ended)],
        "counts": dict(status.counts),
        "adopted": status.adopted,
        "problems": [
            {"path": str(problem.path), "reason": problem.reason, "next": retry_file(problem.path)}
            for problem in status.problems
        ],
        "accounts": [_lane_as_json(lane) for lane in status.lanes],
        "sources": [source_as_json(source) for source in status.sources],
    }


def _with_its_turn(delivery: Delivery, status: Status) -> dict[str, Any]:
    plain = delivery_as_json(delivery)
    held = _held(delivery, status)
    if held and plain["reason"] is None:
        plain["reason"] = held.reason
    stopped_with = _stopped_with(delivery, status)
    if stopped_with:
        plain["next"] = account_command(stopped_with.account)
    return plain | {"turn": to_plain(held.turn.at) if held and not held.stopped else None}


def _lane_as_json(lane: LaneStatus) -> dict[str, Any]:
    return {
        "destination": lane.destination,
        "account": lane.account,
        "stopped": lane.stopped,
        "held": lane.held if lane.reason else 0,
        "reason": lane.reason,
        "turn": None if lane.stopped else to_plain(lane.turn.at),
        "doubtful": lane.doubtful,
        "next_look": to_plain(lane.next_look_at),
        "next": account_command(lane.account) if lane.stopped else None,
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


@dataclass(frozen=True, slots=True)
class Told:
    """One line: its cells, the last of which is the command that resolves it; and what it's about."""

    cells: tuple[str, ...]
    delivery: Delivery | None = None


def told_of(status: Status, program: Program) -> Iterator[tuple[str, Sequence[Told]]]:
    """Everything for people, in sections with their titles."""
    for title, chosen, remark in _sections(status):
        yield title, [Told(_open(delivery, remark, status, program), delivery) for delivery in chosen]
    yield "Accounts", [Told(_lane_row(lane, status, program)) for lane in status.lanes]
    rows = (source_row(source, status.at, status.zone, program) for source in status.sources)
    yield "Sources", [Told(row) for row in rows]
    yield "Ended in the last 24 hours", [Told(_ended(one, program), one) for one in status.ended]
    if status.adopted:
        sends = program.call("run", "FILE")
        yield "Adopted as seen", [Told((count(status.adopted, "file"), "never sent by themselves", sends))]
    yield "Refused", [Told(_refused(problem, program)) for problem in status.problems]


def status_lines(status: Status, program: Program) -> Iterator[str]:
    """The same as text: a table for each kind of thing, every line with the command that resolves it."""
    for title, told in told_of(status, program):
        yield from _section(title, [one.cells for one in told])
    yield from closing_lines(status, program)


def closing_lines(status: Status, program: Program) -> Iterator[str]:
    """What helps with more than one line, or with none at all."""
    if any(_is_the_persons(delivery, status) for delivery in status.open):
        yield "unknown: look at your account. Live? Then: " + program.call("confirm", "ID")
        yield "         not live? Then: " + program.call("retry", "ID", "--it-is-not-live")
    if not status.open:
        run = program.call("run")
        yield f"Nothing waits for you. Next: put photos and videos into the inbox, then: {run}"


Remark = Callable[[Delivery, Status], str]


def _sections(status: Status) -> Iterator[tuple[str, list[Delivery], Remark]]:
    def those(states: Collection[State]) -> list[Delivery]:
        return [one for one in status.open if one.state in states and one.id not in status.settling]

    settling = [delivery for delivery in status.open if delivery.id in status.settling]
    yield "Waits for your Send", those(WAITING_FOR_SEND), _time_left
    yield "Needs you", those(NEEDS_A_PERSON), _reason
    yield "In doubt, looked for by a later run", settling, _reason
    yield "Under way", those({State.ARMED}), _reason
    yield "Planned", those({State.PLANNED}), _due


def _is_the_persons(delivery: Delivery, status: Status) -> bool:
    return delivery.state is State.UNKNOWN and delivery.id not in status.settling


def _lane_row(lane: LaneStatus, status: Status, program: Program) -> tuple[str, ...]:
    if lane.stopped:
        stopped = f"stopped: {printable(without_next(lane.stopped))}"
        return (lane.destination, lane.account, stopped, account_command(lane.account, program))
    if lane.reason is None or not (lane.held or lane.doubtful):
        return (lane.destination, lane.account, "nothing holds it back", "")
    at = moment(lane.turn.at, status.at, status.zone)
    return (lane.destination, lane.account, f"held: {printable(lane.reason)}; next at {at}", "")


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"{title} ({len(rows)})"
        yield from (f"  {line}" for line in columns(rows))
        yield ""


def _held(delivery: Delivery, status: Status) -> LaneStatus | None:
    """The lane of what has its time but not its turn."""
    lane = status.lane(delivery)
    waits = delivery.state is State.PLANNED and not (delivery.due_at and delivery.due_at > status.at)
    return lane if lane and lane.reason and waits else None


def _stopped_with(delivery: Delivery, status: Status) -> LaneStatus | None:
    """The lane that goes on only when its account does, and this delivery with it."""
    lane = status.lane(delivery)
    parked = delivery.state is State.PARKED and lane and lane.stopped and delivery.reason == lane.stopped
    return lane if parked else None


def _open(delivery: Delivery, remark: Remark, status: Status, program: Program) -> tuple[str, ...]:
    row = _row(delivery, remark(delivery, status), program)
    lane = _stopped_with(delivery, status)
    return (*row[:-1], account_command(lane.account, program)) if lane else row


def _row(delivery: Delivery, remark: str, program: Program) -> tuple[str, ...]:
    story = part_of(delivery.path, delivery.part, delivery.parts)
    return (f"{delivery.id:>4}", delivery.destination, story, remark, next_command(delivery, program) or "")


def _ended(delivery: Delivery, program: Program) -> tuple[str, ...]:
    reason = f": {printable(delivery.reason)}" if delivery.reason else ""
    return _row(delivery, f"{delivery.state}{reason}", program)


def _refused(problem: Refusal, program: Program) -> tuple[str, ...]:
    return (about(problem.path, problem.reason), retry_file(problem.path, program))


def _time_left(delivery: Delivery, status: Status) -> str:
    told = left(delivery.expires_at, status.at) if delivery.expires_at else ""
    return f"{told}: {printable(delivery.reason)}" if delivery.reason else told


def _reason(delivery: Delivery, _status: Status) -> str:
    if not delivery.reason:
        return str(delivery.state)
    return f"{delivery.state}: {printable(without_next(delivery.reason))}"


def _due(delivery: Delivery, status: Status) -> str:
    held = _held(delivery, status)
    if held and held.reason:
        return f"held: {printable(held.reason)}; next at {moment(held.turn.at, status.at, status.zone)}"
    due_at = delivery.due_at
    if due_at is None or due_at <= status.at:
        waited = delivery.reason == WAITS  # until now
        return "due now" if waited or not delivery.reason else f"due now: {printable(delivery.reason)}"
    when = moment(due_at, status.at, status.zone)
    if delivery.reason in NO_MOMENT:
        return f"{delivery.reason}, {when}"
    when = f"due {when}"
    return f"{when}: {printable(delivery.reason)}" if delivery.reason else when
