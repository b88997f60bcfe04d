"""What calls for a person, since when, and what they were told of it."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.clock import FakeClock
from fakes.stories import DAY, PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.ledger.answers import Answer, Verb, apply
from pipeline.ledger.notices import Notice, notices
from pipeline.ledger.states import CANNOT_TELL, PUBLISHING, STOPPED
from pipeline.model import State


@pytest.fixture
def number(ledger: Ledger) -> int:
    """A delivery."""
    ledger.enter(story(treatment()), PRINT)
    return ledger.deliveries_of(sha("beach"))[0].id


def move(ledger: Ledger, clock: FakeClock, number: int, to: State, event: str = "moved", **more: Any) -> None:
    delivery = ledger.delivery(number)
    assert delivery
    clock.advance(minutes=1)
    assert ledger.move(delivery, Move(to, event, **more))


def offer(ledger: Ledger, clock: FakeClock, number: int) -> None:
    move(ledger, clock, number, State.ARMED)
    move(ledger, clock, number, State.OFFERED, expires_at=clock() + DAY)


def say(ledger: Ledger, clock: FakeClock, number: int, *verbs: Verb) -> None:
    for verb in verbs:
        clock.advance(minutes=1)
        assert not isinstance(apply(ledger, Answer(verb, number, clock())), str)


def notify(ledger: Ledger, clock: FakeClock, number: int) -> None:
    delivery = ledger.delivery(number)
    assert delivery
    clock.advance(minutes=1)
    ledger.notify([delivery], [])


def test_what_is_only_planned_calls_for_nobody(ledger: Ledger, number: int) -> None:
    assert notices(ledger) == []


def test_an_offer_waits_from_its_moment_through_all_that_is_said(
    ledger: Ledger, clock: FakeClock, number: int
) -> None:
    offer(ledger, clock, number)
    since = clock()
    notify(ledger, clock, number)
    told = (clock(),)
    say(ledger, clock, number, "opened", "shared", "confirm", "undo")
    assert notices(ledger) == [Notice(number, State.OFFERED, since, told)]


def test_a_clock_that_was_set_back_does_not_undo_what_was_told(
    ledger: Ledger, clock: FakeClock, number: int
) -> None:
    """A run right after would have told it again (2026-11)."""
    offer(ledger, clock, number)
    since = clock()
    clock.advance(hours=-1)
    notify(ledger, clock, number)
    assert notices(ledger) == [Notice(number, State.OFFERED, since, (since,))]


def test_what_has_ended_calls_for_nobody_and_a_new_offer_was_not_told_of(
    ledger: Ledger, clock: FakeClock, number: int
) -> None:
    offer(ledger, clock, number)
    notify(ledger, clock, number)
    say(ledger, clock, number, "skip")
    assert notices(ledger) == []
    say(ledger, clock, number, "retry")
    offer(ledger, clock, number)
    assert notices(ledger) == [Notice(number, State.OFFERED, clock())]


def test_what_is_parked_for_its_own_reason_needs_a_person_what_stopped_with_its_lane_does_not(
    ledger: Ledger, clock: FakeClock, number: int
) -> None:
    move(ledger, clock, number, State.ARMED)
    move(ledger, clock, number, State.PARKED, "parked", reason="which place?")
    since = clock()
    assert notices(ledger) == [Notice(number, State.PARKED, since)]
    notify(ledger, clock, number)
    assert [one.told for one in notices(ledger)] == [(clock(),)]
    say(ledger, clock, number, "retry")
    move(ledger, clock, number, State.ARMED)
    move(ledger, clock, number, State.PARKED, STOPPED, reason="log in", stops=True)
    assert notices(ledger) == []


def test_what_is_in_doubt_needs_a_person_once_looking_has_failed(
    ledger: Ledger, clock: FakeClock, number: int
) -> None:
    move(ledger, clock, number, State.ARMED)
    armed = ledger.delivery(number)
    assert armed
    ledger.record(armed, PUBLISHING, {"before": []})
    move(ledger, clock, number, State.UNKNOWN, "unknown")
    assert notices(ledger) == []
    doubtful = ledger.delivery(number)
    assert doubtful
    ledger.record(doubtful, CANNOT_TELL, {"reason": "two might be it"})
    assert [one.state for one in notices(ledger)] == [State.UNKNOWN]


def test_a_lane_that_stops_is_told_of_once_each_time(ledger: Ledger, clock: FakeClock) -> None:
    assert ledger.stopped_untold() == []
    for _ in range(2):
        clock.advance(hours=1)
        ledger.stop("instagram", "log in")
        assert [lane.name for lane in ledger.stopped_untold()] == ["instagram"]
        ledger.notify([], ["instagram"])
        ledger.stop("instagram", "log in")
        assert ledger.stopped_untold() == []
        ledger.release("instagram")
    assert ledger.stopped_untold() == []
