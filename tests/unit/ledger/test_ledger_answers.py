"""What the person says, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.planning import NOW
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.ledger.answers import FOLDER, Answer, Verb, apply, drop, take
from pipeline.model import Delivery, State

WAYS: dict[State, tuple[State, ...]] = {
    State.PLANNED: (),
    State.ARMED: (State.ARMED,),
    State.OFFERED: (State.ARMED, State.OFFERED),
    State.SHARED: (State.ARMED, State.OFFERED, State.SHARED),
    State.CONFIRMED: (State.ARMED, State.OFFERED, State.CONFIRMED),
    State.SKIPPED: (State.SKIPPED,),
    State.EXPIRED: (State.ARMED, State.OFFERED, State.EXPIRED),
    State.PUBLISHED: (State.ARMED, State.PUBLISHED),
    State.PARKED: (State.ARMED, State.PARKED),
    State.UNKNOWN: (State.ARMED, State.UNKNOWN),
    State.FAILED: (State.ARMED, State.FAILED),
}
TAKEN: dict[Verb, set[State]] = {
    "confirm": {State.OFFERED, State.SHARED, State.EXPIRED, State.UNKNOWN},
    "skip": {State.PLANNED, State.OFFERED, State.SHARED, State.PARKED, State.UNKNOWN},
    "retry": {State.SKIPPED, State.EXPIRED, State.FAILED, State.PARKED, State.UNKNOWN},
}
ENDS: dict[Verb, State] = {"confirm": State.CONFIRMED, "skip": State.SKIPPED, "retry": State.PLANNED}


def at(ledger: Ledger, state: State) -> Delivery:
    ledger.enter(story(treatment()), PRINT)
    delivery = ledger.deliveries_of(sha("beach"))[0]
    for step in WAYS[state]:
        assert ledger.move(delivery, Move(step, str(step)))
        delivery = ledger.deliveries_of(sha("beach"))[0]
    return delivery


@pytest.mark.parametrize("verb", TAKEN)
@pytest.mark.parametrize("state", WAYS)
def test_an_answer_is_taken_only_where_it_makes_sense(ledger: Ledger, verb: Verb, state: State) -> None:
    delivery = at(ledger, state)
    outcome = apply(ledger, Answer(verb, delivery.id, NOW, not_live=True))
    now = ledger.delivery(delivery.id)
    assert now
    if state in TAKEN[verb] or state is ENDS[verb]:
        assert outcome == now
        assert now.state is ENDS[verb]
    else:
        assert isinstance(outcome, str)
        assert f"is {state}" in outcome
        assert f"Next: storyrelay show {delivery.id}" in outcome
        assert now == delivery


@pytest.mark.parametrize("verb", TAKEN)
def test_saying_it_twice_is_saying_it_once(ledger: Ledger, verb: Verb) -> None:
    delivery = at(ledger, State.UNKNOWN)
    said = Answer(verb, delivery.id, NOW, not_live=True)
    first = apply(ledger, said)
    events = ledger.events_of(delivery.id)
    assert apply(ledger, said) == first
    assert ledger.events_of(delivery.id) == events


def test_an_event_tells_when_it_was_said(ledger: Ledger, clock: FakeClock) -> None:
    delivery = at(ledger, State.OFFERED)
    said_at = clock()
    clock.advance(minutes=10)
    apply(ledger, Answer("confirm", delivery.id, said_at))
    event = ledger.events_of(delivery.id)[-1]
    assert (event.event, event.at) == ("confirmed", clock())
    assert event.detail == {"said_at": "2026-11-23T18:00:00+00:00"}


def test_a_delivery_nobody_knows_is_answered_with_the_next_step(ledger: Ledger) -> None:
    assert apply(ledger, Answer("confirm", 7, NOW)) == "there is no delivery 7. Next: storyrelay status"


def test_a_delivery_sent_again_has_no_end_of_its_own_any_more(ledger: Ledger, clock: FakeClock) -> None:
    late = treatment(not_after=clock() + timedelta(hours=1))
    ledger.enter(story(late), PRINT)
    delivery = ledger.deliveries_of(sha("beach"))[0]
    clock.advance(hours=2)
    ledger.move(delivery, Move(State.EXPIRED, "expired"))
    apply(ledger, Answer("retry", delivery.id, clock()))
    assert [row.id for row in ledger.due(clock())] == [delivery.id]


def test_answers_are_taken_in_the_order_they_were_given(tmp_path: Path, clock: FakeClock) -> None:
    verbs: list[Verb] = ["skip", "retry", "confirm"] * 4
    said = [
        Answer(verb, number, clock.advance(seconds=0.1), said=str(number))
        for number, verb in enumerate(verbs)
    ]
    for answer in reversed(said):
        drop(tmp_path, answer)
    assert list(take(tmp_path)) == said
    assert list(take(tmp_path)) == []


def test_an_answer_stays_until_it_was_used(tmp_path: Path) -> None:
    answer = Answer("confirm", 1, NOW, said="one")
    drop(tmp_path, answer)
    with pytest.raises(RuntimeError):
        _die_of(tmp_path)
    assert list(take(tmp_path)) == [answer]


def _die_of(state: Path) -> None:
    for answer in take(state):
        raise RuntimeError(answer)


def test_two_answers_of_one_moment_do_not_overwrite_each_other(tmp_path: Path) -> None:
    drop(tmp_path, Answer("confirm", 1, NOW))
    drop(tmp_path, Answer("confirm", 2, NOW))
    assert {answer.delivery for answer in take(tmp_path)} == {1, 2}


def test_an_answer_that_makes_no_sense_is_put_aside(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "20261123T180000000000-0.json").write_text("{")
    drop(tmp_path, Answer("confirm", 1, NOW))
    assert [answer.delivery for answer in take(tmp_path)] == [1]
    assert list(take(tmp_path)) == []


def test_without_answers_nothing_is_taken(tmp_path: Path) -> None:
    assert list(take(tmp_path)) == []


def test_what_is_in_doubt_is_repeated_only_by_who_has_looked(ledger: Ledger) -> None:
    delivery = at(ledger, State.UNKNOWN)
    told = apply(ledger, Answer("retry", delivery.id, NOW))
    assert isinstance(told, str)
    assert "may be live" in told
    assert "--it-is-not-live" in told
    assert ledger.delivery(delivery.id) == delivery


def test_a_word_about_an_earlier_doubt_is_not_taken_for_the_present_one(
    ledger: Ledger, clock: FakeClock
) -> None:
    first = at(ledger, State.UNKNOWN)
    old = Answer("retry", first.id, NOW, not_live=True, in_doubt_since=first.since)
    clock.advance(minutes=20)
    for state in (State.PLANNED, State.ARMED, State.UNKNOWN):
        (now,) = ledger.deliveries_of(sha("beach"))
        ledger.move(now, Move(state, str(state)))
    told = apply(ledger, old)
    assert isinstance(told, str)
    assert "was tried again since you looked" in told


def test_a_person_can_say_which_story_it_is(ledger: Ledger) -> None:
    delivery = at(ledger, State.UNKNOWN)
    said = apply(ledger, Answer("confirm", delivery.id, NOW, live_as="17"))
    assert isinstance(said, Delivery)
    assert (said.state, said.external_id) == (State.PUBLISHED, "17")
    assert apply(ledger, Answer("confirm", delivery.id, NOW, live_as="17")) == said


def test_only_what_is_in_doubt_can_turn_out_to_be_a_story(ledger: Ledger) -> None:
    delivery = at(ledger, State.OFFERED)
    assert isinstance(apply(ledger, Answer("confirm", delivery.id, NOW, live_as="17")), str)
    assert ledger.delivery(delivery.id) == delivery


def test_nobody_can_say_that_it_is_another_deliverys_story(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), path="b.jpg", content="b"), PRINT)
    (other,) = ledger.deliveries_of(sha("b"))
    ledger.move(other, Move(State.ARMED, "armed"))
    (other,) = ledger.deliveries_of(sha("b"))
    ledger.move(other, Move(State.PUBLISHED, "published", external_id="17"))
    delivery = at(ledger, State.UNKNOWN)
    told = apply(ledger, Answer("confirm", delivery.id, NOW, live_as="17"))
    assert isinstance(told, str)
    assert "another one is that story" in told


def test_a_release_is_kept_for_a_run_and_carried_out(ledger: Ledger, tmp_path: Path) -> None:
    ledger.enter(story(treatment()), PRINT)
    ledger.stop("whatsapp", "log in")
    drop(tmp_path, Answer("release", 0, NOW, destination="whatsapp"))
    (said,) = take(tmp_path)
    apply(ledger, said)
    assert [row.state for row in ledger.open_deliveries()] == [State.PLANNED]
