"""Lanes: rests, stops, and what is parked and freed with them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from fakes.clock import FakeClock
from fakes.stories import DAY, PRINT, sha, story, treatment

from pipeline.ledger import Lane, Ledger, Move
from pipeline.model import Delivery, State


def entered(ledger: Ledger, name: str, destination: str = "instagram", **changes: Any) -> Delivery:
    ledger.enter(story(treatment(destination, **changes), path=f"{name}.jpg", content=name), PRINT)
    return ledger.deliveries_of(sha(name))[0]


def now(ledger: Ledger, delivery: Delivery) -> Delivery:
    found = ledger.delivery(delivery.id)
    assert found
    return found


def test_a_lane_nobody_spoke_of_is_free(ledger: Ledger) -> None:
    assert ledger.lane("instagram") == Lane("instagram")


def test_a_longer_rest_stays_when_a_shorter_is_asked_for(ledger: Ledger, clock: FakeClock) -> None:
    long, short = clock() + timedelta(hours=5), clock() + timedelta(hours=1)
    ledger.rest("instagram", long, "please wait")
    ledger.rest("instagram", short, "too fast")
    lane = ledger.lane("instagram")
    assert (lane.rest_until, lane.rest_reason, lane.stopped) == (long, "please wait", None)


def test_a_move_can_send_its_lane_to_rest(ledger: Ledger, clock: FakeClock) -> None:
    delivery, until = entered(ledger, "a"), clock() + timedelta(hours=5)
    ledger.move(delivery, Move(State.ARMED, "armed"))
    ledger.move(now(ledger, delivery), Move(State.PLANNED, "try again", "please wait", rest_until=until))
    assert ledger.lane("instagram").rest_until == until


def test_a_move_that_did_not_happen_sends_nobody_to_rest(ledger: Ledger, clock: FakeClock) -> None:
    stale = entered(ledger, "a")
    ledger.move(stale, Move(State.ARMED, "armed"))
    move = Move(State.SKIPPED, "skipped", rest_until=clock() + DAY, stops=True)
    assert not ledger.move(stale, move)
    assert ledger.lane("instagram") == Lane("instagram")


def test_a_stop_parks_what_is_due_there_and_nothing_else(ledger: Ledger, clock: FakeClock) -> None:
    due = entered(ledger, "due", not_after=clock() + DAY)
    later = entered(ledger, "later", due_at=clock() + DAY)
    elsewhere = entered(ledger, "elsewhere", "whatsapp")
    assert ledger.stop("instagram", "log in") == 1
    parked = now(ledger, due)
    assert (parked.state, parked.reason, parked.not_after) == (State.PARKED, "log in", due.not_after)
    assert (now(ledger, later), now(ledger, elsewhere)) == (later, elsewhere)
    assert ledger.lane("instagram").stopped == "log in"
    assert [event.event for event in ledger.events_of(due.id)] == ["planned", "stopped"]


def test_a_stop_during_a_delivery_parks_the_others_with_it(ledger: Ledger) -> None:
    first, second = entered(ledger, "a"), entered(ledger, "b")
    ledger.move(first, Move(State.ARMED, "armed"))
    ledger.move(now(ledger, first), Move(State.PARKED, "stopped", "log in", stops=True))
    assert {now(ledger, one).state for one in (first, second)} == {State.PARKED}
    assert ledger.stopped_with_its_lane("instagram") == {first.id, second.id}
    assert ledger.release("instagram") == 2


def test_a_second_stop_keeps_the_first_reason_and_parks_what_came_since(ledger: Ledger) -> None:
    ledger.stop("instagram", "log in")
    new = entered(ledger, "new")
    assert ledger.stop("instagram", "again") == 1
    assert (ledger.lane("instagram").stopped, now(ledger, new).state) == ("log in", State.PARKED)


def test_a_release_frees_what_the_stop_has_parked_and_decides_it_anew(
    ledger: Ledger, clock: FakeClock
) -> None:
    with_it = entered(ledger, "with it", not_after=clock() + DAY)
    own = entered(ledger, "own")
    ledger.move(own, Move(State.ARMED, "armed"))
    ledger.move(now(ledger, own), Move(State.PARKED, "parked", "this one needs a look"))
    ledger.stop("instagram", "log in")
    assert ledger.release("instagram") == 1
    freed = now(ledger, with_it)
    assert (freed.state, freed.reason, freed.not_after) == (State.PLANNED, None, with_it.not_after)
    assert now(ledger, own).state is State.PARKED
    assert ledger.lane("instagram").stopped is None
    assert [path for path in ledger.known_files() if b"with it" in path] == []


def test_what_was_freed_and_then_parked_for_itself_is_not_freed_again(ledger: Ledger) -> None:
    delivery = entered(ledger, "a")
    ledger.stop("instagram", "log in")
    ledger.release("instagram")
    ledger.move(now(ledger, delivery), Move(State.ARMED, "armed"))
    ledger.move(now(ledger, delivery), Move(State.PARKED, "parked", "this one needs a look"))
    ledger.stop("instagram", "log in")
    assert ledger.release("instagram") == 0


def test_releasing_twice_is_releasing_once(ledger: Ledger) -> None:
    entered(ledger, "a")
    ledger.stop("instagram", "log in")
    assert (ledger.release("instagram"), ledger.release("instagram")) == (1, 0)
    assert ledger.release("nowhere") == 0


def test_what_is_parked_past_its_time_expires_too(ledger: Ledger, clock: FakeClock) -> None:
    delivery = entered(ledger, "a", not_after=clock() + DAY)
    ledger.stop("instagram", "log in")
    clock.advance(hours=25)
    (late,) = ledger.overdue(clock())
    assert late.id == delivery.id
    assert ledger.move(late, Move(State.EXPIRED, "expired"))


def test_the_history_of_a_lane_cannot_be_rewritten(ledger: Ledger) -> None:
    ledger.stop("instagram", "log in")
    ledger.release("instagram")
    rows = ledger._db.execute("SELECT lane, event FROM lane_events ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [("instagram", "stops"), ("instagram", "freed")]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ledger._db.execute("DELETE FROM lane_events")


def test_attempts_are_those_that_ended_there_since_then(ledger: Ledger, clock: FakeClock) -> None:
    ends = (State.PUBLISHED, State.UNKNOWN, State.PLANNED, State.FAILED)
    for number, end in enumerate(ends):
        delivery = entered(ledger, str(number))
        ledger.move(delivery, Move(State.ARMED, "armed"))
        clock.advance(minutes=1)
        ledger.move(now(ledger, delivery), Move(end, str(end)))
    other = entered(ledger, "other", "whatsapp")
    ledger.move(other, Move(State.ARMED, "armed"))
    ledger.move(now(ledger, other), Move(State.OFFERED, "offered"))
    told = [event.to_state for event in ledger.attempts("instagram", clock() - timedelta(hours=1))]
    assert told == list(ends)
    assert len(ledger.attempts("instagram", clock() - timedelta(minutes=1.5))) == 2


def published(ledger: Ledger, name: str, clock: FakeClock) -> None:
    delivery = entered(ledger, name)
    ledger.move(delivery, Move(State.ARMED, "armed"))
    clock.advance(minutes=1)
    ledger.move(now(ledger, delivery), Move(State.PUBLISHED, "published", external_id=name))


def test_an_attempt_counts_at_once_and_no_longer_than_it_should(ledger: Ledger, clock: FakeClock) -> None:
    hour, start = timedelta(hours=1), clock()
    published(ledger, "a", clock)
    assert len(ledger.attempts("instagram", clock() - hour)) == 1
    published(ledger, "b", clock)
    assert len(ledger.attempts("instagram", clock() - hour)) == 2
    clock.advance(hours=72)
    published(ledger, "c", clock)
    assert len(ledger.attempts("instagram", clock() - hour)) == 1
    assert len(ledger.attempts("instagram", start)) == 3


def test_what_began_to_go_out_is_told_anew_after_each_that_does(ledger: Ledger, clock: FakeClock) -> None:
    start = clock()
    assert ledger.begun_since("instagram", start) == []
    published(ledger, "a", clock)
    first = clock()
    assert ledger.begun_since("instagram", start) == [first]
    published(ledger, "b", clock)
    assert ledger.begun_since("instagram", start) == [first, clock()]
    assert ledger.begun_since("instagram", clock()) == [clock()]
    assert ledger.begun_since("whatsapp", start) == []


def test_what_is_due_at_a_lane_leaves_out_what_it_has_published(ledger: Ledger, clock: FakeClock) -> None:
    published(ledger, "a", clock)
    waits = entered(ledger, "b")
    assert [one.id for one in ledger.due_there("instagram", clock())] == [waits.id]
    assert ledger.count_due("instagram", clock()) == 1
    assert ledger.due(clock(), ["whatsapp"]) == ledger.due(clock(), []) == []
    assert [one.id for one in ledger.due(clock(), ["instagram", "whatsapp"])] == [waits.id]


def test_stories_that_wait_are_told_by_their_destinations(ledger: Ledger) -> None:
    first, other, second = entered(ledger, "a"), entered(ledger, "b", "whatsapp"), entered(ledger, "c")
    told = ledger.waiting_at(["instagram", "whatsapp", "nowhere"])
    numbers = {name: [story.number for story in stories] for name, stories in told.items()}
    assert numbers == {"instagram": [first.id, second.id], "whatsapp": [other.id]}
    assert ledger.waiting("instagram") == told["instagram"]
    assert ledger.waiting_at([]) == {}


def test_ids_are_claimed_per_destination(ledger: Ledger) -> None:
    for name, destination, number in (("a", "instagram", "17"), ("b", "facebook", "18")):
        delivery = entered(ledger, name, destination)
        ledger.move(delivery, Move(State.ARMED, "armed"))
        ledger.move(now(ledger, delivery), Move(State.PUBLISHED, "published", external_id=number))
    assert ledger.claimed("instagram") == {"17"}
