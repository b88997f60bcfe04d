"""What the person is told between two looks at the page: a message in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pipeline.ledger import Lane
from pipeline.model import Delivery, State
from pipeline.notify import Message
from pipeline.report.next_step import account_command, next_command
from pipeline.report.words import count, left, name_of, part_of, printable

MOST_LINES = 10
NAME = "storyrelay"


@dataclass(frozen=True, slots=True)
class Tidings:
    """What there is to say: `fresh` stories are new, the others wait `still`; the rest needs a person.

    `stopped` are lanes with the name of their account, `warnings` what will need the person soon.
    """

    at: datetime
    fresh: tuple[Delivery, ...] = ()
    still: tuple[Delivery, ...] = ()
    stuck: tuple[Delivery, ...] = ()
    stopped: tuple[tuple[Lane, str], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def to_send(self) -> tuple[Delivery, ...]:
        """Everything that waits for the person's Send."""
        return self.fresh + self.still


def message_of(tidings: Tidings, link: str | None) -> Message:
    """One message for all of it; `link` is where the page is, for those who have one."""
    lines = [*_stories(tidings), *_troubles(tidings)]
    if link and tidings.to_send:
        lines.append(link)
    return Message(title_of(tidings), "\n".join(lines), link if tidings.to_send else None)


def title_of(tidings: Tidings) -> str:
    """The whole of it in one line."""
    told = _to_send(len(tidings.fresh), len(tidings.still))
    if tidings.stuck or tidings.stopped or tidings.warnings:
        told = f"{told}; something else needs you" if told else "something needs you"
    return f"{NAME}: {told}"


def _to_send(fresh: int, still: int) -> str:
    if fresh and still:
        return f"{_number(fresh)} ready for your Send, {still} more {_wait(still)}"
    if fresh:
        return f"{_number(fresh)} ready for your Send"
    return f"{_number(still)} still {_wait(still)} for your Send" if still else ""


def _number(stories: int) -> str:
    return count(stories, "story", "stories")


def _wait(stories: int) -> str:
    return "waits" if stories == 1 else "wait"


def _stories(tidings: Tidings) -> Iterator[str]:
    """A line for each story at each destination, those whose time is over first at the top."""
    in_order = sorted(tidings.to_send, key=lambda one: (one.expires_at or one.since, one.id))
    rows = [_row(list(parts), tidings.at) for _, parts in groupby(in_order, key=_story_of)]
    yield from rows[:MOST_LINES]
    if len(rows) > MOST_LINES:
        yield f"and {len(rows) - MOST_LINES} more"


def _story_of(delivery: Delivery) -> tuple[str, str]:
    return (delivery.asset, delivery.destination)


def _row(parts: Sequence[Delivery], at: datetime) -> str:
    first = parts[0]
    several = f" ({len(parts)} of {first.parts} parts)" if len(parts) > 1 else ""
    name = name_of(first.path) if several else part_of(first.path, first.part, first.parts)
    time_left = f", {left(first.expires_at, at)}" if first.expires_at else ""
    return f"{name}{several} to {first.destination}{time_left}"


def _troubles(tidings: Tidings) -> Iterator[str]:
    for lane, account in tidings.stopped:
        yield f"{lane.name} is stopped: {printable(lane.stopped or '')}. Next: {account_command(account)}"
    for one in tidings.stuck:
        reason = f": {printable(one.reason)}" if one.reason else ""
        story = part_of(one.path, one.part, one.parts)
        stands = "is in doubt" if one.state is State.UNKNOWN else "needs you"
        yield f"{story} to {one.destination} {stands}{reason}. Next: {next_command(one)}"
    yield from map(printable, tidings.warnings)
