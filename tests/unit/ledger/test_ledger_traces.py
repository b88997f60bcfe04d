"""What a delivery's events tell about its attempts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.clock import FakeClock
from fakes.planning import NOW
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move, doubts, trace
from pipeline.ledger.answers import Answer, apply
from pipeline.model import Delivery, Look, State
from pipeline.tools.plain import to_plain

Goes = Callable[..., None]
MOVES = {
    "armed": State.ARMED,
    "doubt": State.UNKNOWN,
    "not live": State.PLANNED,
    "refused": State.PLANNED,
}


@pytest.fixture
def delivery(ledger: Ledger) -> Delivery:
    ledger.enter(story(treatment("instagram")), PRINT)
    return ledger.deliveries_of(sha("beach"))[0]


@pytest.fixture
def goes(ledger: Ledger, delivery: Delivery) -> Goes:
    """Take the delivery through moves and steps, by their names."""

    def go(*steps: str) -> None:
        for step in steps:
            now = ledger.delivery(delivery.id)
            assert now
            states = {
                "armed": State.ARMED,
                "doubt": State.UNKNOWN,
                "not live": State.PLANNED,
                "refused": State.PLANNED,
            }
            if step in states:
                assert ledger.move(now, Move(states[step], step))
            else:
                name, _, number = step.partition(" #")
                plain = to_plain(Look(NOW, ())) if name == "looked for" else {"before": [], "number": number}
                ledger.record(now, name, plain)

    return go


def test_nothing_is_known_of_what_never_began(ledger: Ledger, delivery: Delivery) -> None:
    known = trace(ledger, delivery.id)
    assert (known.publishing, known.under_way, known.looks, known.repeats) == (None, False, (), 0)
    assert not known.settles_itself


def test_an_attempt_is_under_way_from_the_moment_it_becomes_serious(
    ledger: Ledger, delivery: Delivery, goes: Goes
) -> None:
    goes("armed", "looked", "uploaded")
    assert not trace(ledger, delivery.id).under_way
    goes("publishing #1")
    assert trace(ledger, delivery.id).under_way


def test_a_doubt_is_about_the_latest_act_and_the_looks_since(
    ledger: Ledger, delivery: Delivery, goes: Goes, clock: FakeClock
) -> None:
    goes("armed", "publishing #1", "doubt", "looked for", "looked for", "not live")
    assert trace(ledger, delivery.id).repeats == 1
    goes("armed", "publishing #2", "doubt")
    clock.advance(minutes=20)
    goes("looked for")
    known = trace(ledger, delivery.id)
    assert known.publishing
    assert (known.publishing["number"], len(known.looks), known.looked_at) == ("2", 1, clock())
    assert known.settles_itself
    assert [row.id for row, _ in doubts(ledger)] == [delivery.id]
    assert doubts(ledger, "whatsapp") == []


def test_a_new_attempt_that_has_not_become_serious_leaves_the_doubt_about_the_first(
    ledger: Ledger, delivery: Delivery, goes: Goes
) -> None:
    goes("armed", "publishing #1", "doubt", "looked for", "not live", "armed", "uploaded")
    known = trace(ledger, delivery.id)
    assert not known.under_way
    assert known.publishing
    assert known.publishing["number"] == "1"
    goes("refused")
    assert trace(ledger, delivery.id).publishing == known.publishing


def test_a_clear_answer_ends_the_doubt(ledger: Ledger, delivery: Delivery, goes: Goes) -> None:
    goes("armed", "publishing #1", "doubt", "not live", "armed", "publishing #2", "refused")
    known = trace(ledger, delivery.id)
    assert (known.publishing, known.looks, known.under_way) == (None, (), False)


def test_what_was_asked_once_is_not_looked_for_any_more(
    ledger: Ledger, delivery: Delivery, goes: Goes
) -> None:
    goes("armed", "publishing #1", "doubt", "cannot tell")
    assert not trace(ledger, delivery.id).settles_itself
    assert doubts(ledger) == []


def test_the_persons_word_allows_one_more_repetition(ledger: Ledger, delivery: Delivery, goes: Goes) -> None:
    goes("armed", "publishing #1", "doubt", "not live", "armed", "publishing #2", "doubt", "cannot tell")
    apply(ledger, Answer("retry", delivery.id, NOW, not_live=True))
    known = trace(ledger, delivery.id)
    assert (known.repeats, known.asked) == (0, False)
    assert known.publishing
    assert known.publishing["number"] == "2"
