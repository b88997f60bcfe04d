"""What a run says at its end, and the next step it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

from fakes.planning import NOW

from pipeline.report.events import Summary
from pipeline.report.next_step import Program
from pipeline.report.summary import Reader, summary_lines

READER = Reader(NOW, UTC, Path("/shop/outbox"), Program())
NOTHING = Summary(
    run=1,
    seen=8,
    refused=0,
    postponed=0,
    reformatted=0,
    offered=0,
    published=0,
    failed=0,
    expired=0,
    waiting=0,
    planned=0,
    needs_person=0,
    next_due_at=None,
    seconds=0.1,
    exit_code=0,
)


def test_a_run_with_offers_says_where_they_are_and_what_comes_next() -> None:
    first, where, step, command = summary_lines(replace(NOTHING, offered=7, waiting=7), READER)
    assert first == "7 stories offered in 0.1 s"
    assert where == "7 stories wait for your Send in /shop/outbox"
    assert step.startswith("Next: open that folder on your phone")
    assert command.strip().startswith("storyrelay confirm ID")


def test_what_waits_elsewhere_is_not_looked_for_in_the_outbox() -> None:
    places = ("/shop/outbox", "WhatsApp on the phone R58M0")
    lines = summary_lines(replace(NOTHING, offered=2, waiting=2, places=places), READER)
    assert lines[1] == "2 stories wait for your Send in /shop/outbox and WhatsApp on the phone R58M0"
    assert lines[2] == "Next: go there, send each story there, then say so:"


def test_a_run_with_nothing_new_says_what_still_waits() -> None:
    first, where, *_ = summary_lines(replace(NOTHING, waiting=1), READER)
    assert first.startswith("nothing new in 8 files")
    assert where.startswith("1 story waits for your Send")


def test_a_run_with_nothing_at_all_says_that_there_is_nothing_to_do() -> None:
    assert "Nothing to do" in summary_lines(NOTHING, READER)[-1]


def test_trouble_leads_to_the_status() -> None:
    lines = summary_lines(replace(NOTHING, refused=1, failed=2, expired=1, needs_person=1), READER)
    assert lines[0] == "2 stories failed, 1 story expired, 1 file refused in 0.1 s"
    assert "1 story needs you" in lines
    assert lines[-1].startswith("Next: storyrelay status")


def test_what_is_planned_is_told_with_its_time() -> None:
    summary = replace(NOTHING, postponed=1, planned=2, next_due_at=NOW + timedelta(hours=2))
    first, planned = summary_lines(summary, READER)
    assert first.startswith("1 file left for a later run")
    assert planned == "2 stories planned for later; the next is due 20:00"


def test_the_next_command_is_written_the_way_the_person_calls_the_program() -> None:
    reader = replace(READER, program=Program(".venv/bin/storyrelay", ("-c", "my shop.yaml")))
    command = summary_lines(replace(NOTHING, waiting=1), reader)[-1]
    assert command.strip().startswith(".venv/bin/storyrelay confirm ID -c 'my shop.yaml'")


def test_what_an_account_holds_back_is_told_and_is_no_trouble() -> None:
    held = replace(NOTHING, planned=2, held=2, doubtful=1, next_due_at=NOW + timedelta(hours=2))
    assert summary_lines(held, READER)[1:] == [
        "2 stories planned for later; the next is due 20:00",
        "2 stories wait for their turn, so that the account isn't hurried",
        "1 story is in doubt; a later run looks for it",
    ]


def test_a_stopped_account_is_told_in_every_run() -> None:
    lines = summary_lines(replace(NOTHING, needs_person=3, stopped=("instagram",)), READER)
    assert "nothing goes to instagram until you have acted" in lines
    assert lines[-1].startswith("Next: storyrelay status")
