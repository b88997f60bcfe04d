"""What a run did, and what is left for the person to do, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from pipeline.report.events import Summary
from pipeline.report.next_step import Program
from pipeline.report.words import count, moment, printable, seconds


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: when, on which clock, with which outbox, and how they call the program."""

    now: datetime
    zone: tzinfo
    outbox: Path
    program: Program


def summary_lines(summary: Summary, reader: Reader) -> list[str]:
    """The whole of it; the first line says what happened."""
    return [first_line(summary), *_left(summary, reader), *_next(summary, reader)]


def first_line(summary: Summary) -> str:
    """What happened."""
    done = [
        (summary.offered, "{} offered"),
        (summary.published, "{} published"),
        (summary.failed, "{} failed"),
        (summary.expired, "{} expired"),
    ]
    told = [f"{count(summary.pulled, 'file')} pulled"] if summary.pulled else []
    told += [text.format(_stories(number)) for number, text in done if number]
    if summary.refused:
        told.append(f"{count(summary.refused, 'file')} refused")
    if summary.postponed:
        told.append(f"{count(summary.postponed, 'file')} left for a later run")
    if summary.adopted:
        told.append(f"{count(summary.adopted, 'file')} adopted as seen")
    if summary.surge:
        told.append(f"{count(summary.surge, 'new file')} held as too many at once")
    if not told:
        return f"nothing new in {count(summary.seen, 'file')} ({seconds(summary.seconds)})"
    return f"{', '.join(told)} in {seconds(summary.seconds)}"


def _left(summary: Summary, reader: Reader) -> Iterator[str]:
    if summary.planned:
        due_at = summary.next_due_at
        when = f"; the next is due {moment(due_at, reader.now, reader.zone)}" if due_at else ""
        yield f"{_stories(summary.planned)} planned for later{when}"
    if summary.held:
        verb = "waits" if summary.held == 1 else "wait"
        turn = "its turn" if summary.held == 1 else "their turn"
        yield f"{_stories(summary.held)} {verb} for {turn}, so that the account isn't hurried"
    if summary.doubtful:
        verb, object_ = ("is", "it") if summary.doubtful == 1 else ("are", "them")
        yield f"{_stories(summary.doubtful)} {verb} in doubt; a later run looks for {object_}"
    for name in summary.stopped:
        yield f"nothing goes to {name} until you have acted"
    if summary.needs_person:
        verb = "needs" if summary.needs_person == 1 else "need"
        yield f"{_stories(summary.needs_person)} {verb} you"
    if summary.waiting:
        verb = "waits" if summary.waiting == 1 else "wait"
        where = " and ".join(map(printable, summary.places or (str(reader.outbox),)))
        yield f"{_stories(summary.waiting)} {verb} for your Send in {where}"


def _next(summary: Summary, reader: Reader) -> Iterator[str]:
    program = reader.program
    troubled = summary.needs_person or summary.refused or summary.failed
    if summary.waiting:
        folder = set(summary.places) <= {str(reader.outbox)}
        place = "open that folder on your phone" if folder else "go there"
        yield f"Next: {place}, send each story there, then say so:"
        yield f"      {program.call('confirm', 'ID')}   (`status` lists the IDs; `skip ID`: not this one)"
    if troubled:
        yield f"Next: {program.call('status')}   (what went wrong, and what to do about it)"
    if not (summary.waiting or summary.planned or troubled or summary.surge or summary.exit_code):
        yield "Nothing to do. Next: put photos and videos into the inbox"


def _stories(number: int) -> str:
    return count(number, "story", "stories")
