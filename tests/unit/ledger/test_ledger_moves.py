"""Moves between states, and the events that tell of them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from fakes.clock import FakeClock
from fakes.planning import NOW
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.ledger.states import FOLLOWS
from pipeline.model import ENDED, Delivery, State


def entered(ledger: Ledger, content: str = "beach", destination: str = "whatsapp") -> Delivery:
    ledger.enter(story(treatment(destination), path=f"{content}.jpg", content=content), PRINT)
    return ledger.deliveries_of(sha(content))[0]


def moved(ledger: Ledger, delivery: Delivery, *states: State) -> Delivery:
    for state in states:
        assert ledger.move(delivery, Move(state, str(state), expires_at=NOW + timedelta(hours=24)))
        now = ledger.delivery(delivery.id)
        assert now
        delivery = now
    return delivery


def test_a_move_changes_the_state_and_leaves_an_event(ledger: Ledger, clock: FakeClock) -> None:
    delivery = entered(ledger)
    clock.advance(minutes=1)
    assert ledger.move(delivery, Move(State.ARMED, "armed", detail={"sha256": "ab"}))
    armed = ledger.delivery(delivery.id)
    assert armed
    assert (armed.state, armed.since) == (State.ARMED, clock())
    planned, event = ledger.events_of(delivery.id)
    assert (planned.from_state, planned.to_state) == (None, State.PLANNED)
    assert (event.from_state, event.to_state, event.at) == (State.PLANNED, State.ARMED, clock())
    assert event.detail == {"sha256": "ab"}


@pytest.mark.parametrize("source", sorted(State))
def test_only_what_may_follow_a_state_follows_it(ledger: Ledger, source: State) -> None:
    delivery = moved(ledger, entered(ledger), *_way_to(source))
    for target in sorted(frozenset(State) - FOLLOWS[source]):
        with pytest.raises(ValueError, match=f"can't go from {source} to {target}"):
            ledger.move(delivery, Move(target, "wrong"))
    assert ledger.delivery(delivery.id) == delivery


def _way_to(target: State) -> list[State]:
    """The shortest way from planned."""
    ways = [[State.PLANNED]]
    for way in ways:
        if way[-1] is target:
            return way[1:]
        ways += [[*way, state] for state in sorted(FOLLOWS[way[-1]]) if state not in way]
    raise AssertionError(target)


def test_a_move_from_a_state_left_behind_changes_nothing(ledger: Ledger) -> None:
    stale = entered(ledger)
    moved(ledger, stale, State.ARMED)
    before = ledger.delivery(stale.id)
    assert not ledger.move(stale, Move(State.SKIPPED, "skipped"))
    assert ledger.delivery(stale.id) == before
    assert len(ledger.events_of(stale.id)) == 2


def test_only_moves_that_happened_are_counted(ledger: Ledger) -> None:
    stale = entered(ledger)
    before = ledger.moves
    ledger.move(stale, Move(State.ARMED, "armed"))
    ledger.move(stale, Move(State.SKIPPED, "skipped"))
    assert ledger.moves - before == 1


def test_one_destination_has_one_open_intent(ledger: Ledger) -> None:
    first, second, other = entered(ledger, "a"), entered(ledger, "b"), entered(ledger, "c", "instagram")
    moved(ledger, first, State.ARMED)
    with pytest.raises(sqlite3.IntegrityError):
        ledger.move(second, Move(State.ARMED, "armed"))
    assert ledger.delivery(second.id) == second
    moved(ledger, other, State.ARMED)


def test_two_stories_cannot_claim_one_post(ledger: Ledger) -> None:
    first, second = entered(ledger, "a"), entered(ledger, "b")
    ledger.move(moved(ledger, first, State.ARMED), Move(State.PUBLISHED, "published", external_id="17"))
    armed = moved(ledger, second, State.ARMED)
    with pytest.raises(sqlite3.IntegrityError):
        ledger.move(armed, Move(State.PUBLISHED, "published", external_id="17"))
    assert ledger.delivery(second.id) == armed
    assert [event.event for event in ledger.events_of(second.id)] == ["planned", "armed"]


def test_an_external_id_stays(ledger: Ledger) -> None:
    armed = moved(ledger, entered(ledger), State.ARMED)
    ledger.move(armed, Move(State.UNKNOWN, "unknown", external_id="17"))
    unknown = ledger.delivery(armed.id)
    assert unknown
    assert moved(ledger, unknown, State.CONFIRMED).external_id == "17"


def test_opening_and_sharing_do_not_stop_the_clock(ledger: Ledger, clock: FakeClock) -> None:
    offered = moved(ledger, entered(ledger), State.ARMED, State.OFFERED)
    ledger.move(offered, Move(State.OPENED, "opened"))
    opened = ledger.delivery(offered.id)
    assert opened
    ledger.move(opened, Move(State.SHARED, "shared"))
    assert [row.state for row in ledger.overdue(clock.advance(hours=24))] == [State.SHARED]


def test_a_note_is_an_event_that_leaves_the_state(ledger: Ledger) -> None:
    delivery = entered(ledger)
    ledger.note(delivery, "blocked", "no phone")
    noted = ledger.delivery(delivery.id)
    assert noted
    assert (noted.state, noted.reason) == (State.PLANNED, "no phone")
    event = ledger.events_of(delivery.id)[-1]
    assert (event.event, event.to_state, event.detail) == ("blocked", State.PLANNED, {"reason": "no phone"})


def test_the_same_note_is_recorded_once(ledger: Ledger) -> None:
    delivery = entered(ledger)
    ledger.note(delivery, "blocked", "no phone")
    noted = ledger.delivery(delivery.id)
    assert noted
    ledger.note(noted, "blocked", "no phone")
    assert len(ledger.events_of(delivery.id)) == 2


def test_ended_states_know_their_way_out_only_through_the_person(ledger: Ledger) -> None:
    assert {state for state in ENDED if not FOLLOWS[state]} == {State.PUBLISHED}
    assert FOLLOWS[State.CONFIRMED] == {State.OFFERED}
    assert all(FOLLOWS[state] for state in frozenset(State) - ENDED)
