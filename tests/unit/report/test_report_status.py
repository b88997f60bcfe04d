"""The status, from a ledger in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.clock import FakeClock
from fakes.stories import PRINT, story, treatment

from pipeline.ledger import Ledger, Move, snapshot
from pipeline.model import Delivery, State
from pipeline.report.next_step import Program, next_command
from pipeline.report.status import Status, status_as_json, status_lines, status_of


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: FakeClock) -> Iterator[Ledger]:
    with snapshot(tmp_path / "nothing", clock) as ledger:
        yield ledger


def enter(ledger: Ledger, name: str, *steps: State, **changes: Any) -> Delivery:
    """A story of one delivery that went through `steps`."""
    ledger.enter(story(treatment(**changes), path=name, content=name), PRINT)
    (delivery,) = ledger.find(name)
    for state in steps:
        expires_at = delivery.since + timedelta(hours=24) if state is State.OFFERED else None
        reason = "so it is" if state in {State.UNKNOWN, State.PARKED, State.FAILED} else None
        ledger.move(delivery, Move(state, str(state), reason, expires_at=expires_at))
        (delivery,) = ledger.find(name)
    return delivery


def status(ledger: Ledger, clock: FakeClock) -> Status:
    return status_of(ledger, clock(), UTC)


def lines(ledger: Ledger, clock: FakeClock) -> list[str]:
    return list(status_lines(status(ledger, clock), Program()))


def test_every_line_ends_with_the_command_that_resolves_it(ledger: Ledger, clock: FakeClock) -> None:
    enter(ledger, "sent.jpg", State.ARMED, State.OFFERED)
    enter(ledger, "doubt.jpg", State.ARMED, State.UNKNOWN)
    enter(ledger, "parked.jpg", State.ARMED, State.PARKED)
    enter(ledger, "later.jpg", due_at=clock() + timedelta(hours=1))
    ends = {line.split()[2]: line for line in lines(ledger, clock) if line.startswith("     ")}
    assert ends["sent.jpg"].endswith("24 h left  storyrelay confirm 1")
    assert ends["doubt.jpg"].endswith("storyrelay show 2")
    assert ends["parked.jpg"].endswith("storyrelay retry 3")
    assert ends["later.jpg"].endswith("due 19:00  storyrelay run")


def test_what_is_in_doubt_comes_with_both_ways_out(ledger: Ledger, clock: FakeClock) -> None:
    enter(ledger, "doubt.jpg", State.ARMED, State.UNKNOWN)
    told = "\n".join(lines(ledger, clock))
    assert "storyrelay confirm ID" in told
    assert "storyrelay retry ID --it-is-not-live" in told


def test_what_ended_is_shown_for_a_day(ledger: Ledger, clock: FakeClock) -> None:
    enter(ledger, "sent.jpg", State.ARMED, State.OFFERED, State.CONFIRMED)
    clock.advance(hours=23)
    assert [delivery.state for delivery in status(ledger, clock).ended] == [State.CONFIRMED]
    clock.advance(hours=2)
    assert status(ledger, clock).ended == ()
    assert lines(ledger, clock)[-1].startswith("Nothing waits for you")


def test_a_refused_file_is_shown_with_its_reason_and_the_way_back(ledger: Ledger, clock: FakeClock) -> None:
    ledger.enter_problem(Path("/inbox/bad one.jpg"), PRINT, "bad one.jpg is empty")
    (line,) = (line for line in lines(ledger, clock) if "bad one" in line)
    assert line.strip() == "bad one.jpg is empty  storyrelay retry '/inbox/bad one.jpg'"
    problems = status_as_json(status(ledger, clock))["problems"]
    assert problems[0]["path"] == "/inbox/bad one.jpg"
    assert problems[0]["reason"] == "bad one.jpg is empty"


def test_json_has_every_promised_field(ledger: Ledger, clock: FakeClock) -> None:
    delivery = enter(ledger, "sent.jpg", State.ARMED, State.OFFERED)
    enter(ledger, "later.jpg")
    plain = status_as_json(status(ledger, clock))
    assert plain["counts"] == {"offered": 1, "planned": 1}
    (sent,) = (row for row in plain["deliveries"] if row["state"] == "offered")
    promised = ("id", "asset", "part", "parts", "destination", "since", "expires", "reason", "next")
    assert set(promised) < set(sent)
    assert (sent["asset"], sent["part"], sent["parts"]) == (delivery.asset, 1, 1)
    assert sent["expires"] == "2026-11-24T18:00:00+00:00"
    assert sent["next"] == "storyrelay confirm 1"


def test_what_rests_has_no_next_command(ledger: Ledger) -> None:
    delivery = enter(ledger, "sent.jpg", State.ARMED, State.OFFERED, State.CONFIRMED)
    assert next_command(delivery) is None


def test_what_was_skipped_can_be_had_again(ledger: Ledger) -> None:
    delivery = enter(ledger, "sent.jpg", State.SKIPPED)
    assert next_command(delivery) == f"storyrelay retry {delivery.id}"
