"""Words said on the page: where each is taken, in which order, and that each counts once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.ledger.answers import FOLDER, Answer, Verb, apply, drop, pending, take
from pipeline.ledger.foresight import foreseen
from pipeline.model import Delivery, State

A, O, P, S = State.ARMED, State.OFFERED, State.OPENED, State.SHARED  # noqa: E741
C, K, E = State.CONFIRMED, State.SKIPPED, State.EXPIRED
WAYS: dict[str, tuple[State, ...]] = {
    "planned": (),
    "armed": (A,),
    "offered": (A, O),
    "opened": (A, O, P),
    "shared": (A, O, S),
    "confirmed": (A, O, C),
    "skipped": (A, O, K),
    "skipped before it was offered": (K,),
    "expired": (A, O, E),
    "published": (A, State.PUBLISHED),
    "parked": (A, State.PARKED),
    "in doubt": (A, State.UNKNOWN),
    "confirmed after a doubt": (A, State.UNKNOWN, C),
    "failed": (A, State.FAILED),
}
BECOMES: dict[Verb, dict[str, State]] = {
    "opened": {"offered": P, "opened": P, "shared": S},
    "shared": {"offered": S, "opened": S, "shared": S},
    "not-yet": {"offered": O, "opened": O, "shared": O},
    "undo": {"offered": O, "confirmed": O, "skipped": O},
    "confirm": {"offered": C, "opened": C, "shared": C, "confirmed": C, "expired": C, "in doubt": C,
                "confirmed after a doubt": C},
    "skip": {"planned": K, "offered": K, "opened": K, "shared": K, "skipped": K, "parked": K, "in doubt": K,
             "skipped before it was offered": K},
    "retry": {"planned": State.PLANNED, "skipped": State.PLANNED, "expired": State.PLANNED,
              "failed": State.PLANNED, "parked": State.PLANNED,
              "skipped before it was offered": State.PLANNED},
}  # fmt: skip
"""What a word makes of a delivery; where it isn't named, the word is refused."""
DAY = timedelta(hours=24)


def brought(ledger: Ledger, clock: FakeClock, *way: State) -> Delivery:
    """A delivery that has gone that way."""
    ledger.enter(story(treatment()), PRINT)
    (delivery,) = ledger.deliveries_of(sha("beach"))
    for step in way:
        until = clock() + DAY if step is O else None
        assert ledger.move(delivery, Move(step, str(step), expires_at=until))
        (delivery,) = ledger.deliveries_of(sha("beach"))
    return delivery


@pytest.mark.parametrize("standing", WAYS)
@pytest.mark.parametrize("verb", BECOMES)
def test_a_word_is_taken_or_refused_by_where_the_story_stands(
    ledger: Ledger, clock: FakeClock, verb: Verb, standing: str
) -> None:
    before = brought(ledger, clock, *WAYS[standing])
    told = apply(ledger, Answer(verb, before.id, clock(), said="one"))
    now = ledger.delivery(before.id)
    assert now
    if standing in BECOMES[verb]:
        assert told == now
        assert now.state is BECOMES[verb][standing]
        assert (now.expires_at is not None) == (now.state in {O, P, S})
    else:
        assert isinstance(told, str)
        assert f"Next: storyrelay show {before.id}" in told or "Next: look there" in told
        assert now == before


@pytest.mark.parametrize("verb", BECOMES)
def test_the_same_word_said_again_counts_once(ledger: Ledger, clock: FakeClock, verb: Verb) -> None:
    standing = next(iter(BECOMES[verb]))
    delivery = brought(ledger, clock, *WAYS[standing])
    said = Answer(verb, delivery.id, clock(), said="one")
    first = apply(ledger, said)
    events = ledger.events_of(delivery.id)
    clock.advance(seconds=3)
    assert apply(ledger, said) == first
    assert ledger.events_of(delivery.id) == events


def test_a_word_repeated_late_takes_nothing_back_that_was_said_since(
    ledger: Ledger, clock: FakeClock
) -> None:
    delivery = brought(ledger, clock, A, O)
    words: list[tuple[Verb, str]] = [("confirm", "1"), ("undo", "2"), ("confirm", "1"), ("undo", "2")]
    states = []
    for verb, said in words:
        told = apply(ledger, Answer(verb, delivery.id, clock.advance(seconds=1), said=said))
        assert isinstance(told, Delivery)
        states.append(told.state)
    assert states == [C, O, O, O]


@pytest.mark.parametrize("order", list(permutations(["opened", "shared", "confirm"])), ids="-".join)
def test_in_whatever_order_words_arrive_the_persons_own_counts(
    ledger: Ledger, clock: FakeClock, order: tuple[Verb, ...]
) -> None:
    delivery = brought(ledger, clock, A, O)
    for verb in order:
        apply(ledger, Answer(verb, delivery.id, clock.advance(seconds=1), said=verb))
    now = ledger.delivery(delivery.id)
    assert now
    assert now.state is C


def test_a_late_opened_does_not_take_a_story_back_from_shared(ledger: Ledger, clock: FakeClock) -> None:
    delivery = brought(ledger, clock, A, O, S)
    told = apply(ledger, Answer("opened", delivery.id, clock(), said="late"))
    assert isinstance(told, Delivery)
    assert told.state is S


def test_a_double_tap_confirms_once(ledger: Ledger, clock: FakeClock) -> None:
    delivery = brought(ledger, clock, A, O, S)
    for said in ("one", "two"):
        told = apply(ledger, Answer("confirm", delivery.id, clock(), said=said))
        assert isinstance(told, Delivery)
        assert told.state is C
    assert [event.event for event in ledger.events_of(delivery.id)].count("confirmed") == 1


@pytest.mark.parametrize("ended", [C, K])
def test_what_was_taken_back_waits_as_long_as_it_would_have(
    ledger: Ledger, clock: FakeClock, ended: State
) -> None:
    offer = brought(ledger, clock, A, O)
    clock.advance(hours=23)
    ledger.move(offer, Move(ended, "said"))
    told = apply(ledger, Answer("undo", offer.id, clock(), said="undo"))
    assert isinstance(told, Delivery)
    assert (told.state, told.expires_at) == (O, offer.expires_at)


def test_what_is_over_is_not_taken_back(ledger: Ledger, clock: FakeClock) -> None:
    delivery = brought(ledger, clock, A, O, C)
    clock.advance(hours=24)
    assert isinstance(apply(ledger, Answer("undo", delivery.id, clock(), said="undo")), str)


@pytest.mark.parametrize("verb", ["opened", "shared", "not-yet"])
def test_a_word_on_the_way_changes_nothing_of_the_time_left(
    ledger: Ledger, clock: FakeClock, verb: Verb
) -> None:
    before = brought(ledger, clock, A, O, P)
    clock.advance(hours=5)
    told = apply(ledger, Answer(verb, before.id, clock(), said="one"))
    assert isinstance(told, Delivery)
    assert told.expires_at == before.expires_at == clock() + timedelta(hours=19)


def test_a_word_left_for_a_run_that_died_over_it_is_not_said_twice(
    ledger: Ledger, clock: FakeClock, tmp_path: Path
) -> None:
    """Between ledger and file: meanwhile the person has taken it back on the page."""
    delivery = brought(ledger, clock, A, O)
    drop(tmp_path, Answer("confirm", delivery.id, clock()))  # from the command line, without an id
    apply(ledger, next(take(tmp_path)))
    apply(ledger, Answer("undo", delivery.id, clock.advance(seconds=1), said="undo"))
    for said in take(tmp_path):
        apply(ledger, said)
    now = ledger.delivery(delivery.id)
    assert now
    assert now.state is O
    assert pending(tmp_path) == []


SPOILT = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"[" * 100_000,
    b"{}",
    b'{"verb":"sing","delivery":1,"at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":["confirm"],"delivery":1,"at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":"confirm","delivery":1,"at":"2026-11-23T18:00:00"}',
    b'{"verb":"confirm","delivery":1,"at":"yesterday"}',
    b'{"verb":"confirm","delivery":1,"at":3}',
    b'{"verb":"confirm","delivery":-1,"at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":"confirm","delivery":1e400,"at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":"confirm","delivery":99999999999999999999,"at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":"confirm","delivery":"beach","at":"2026-11-23T18:00:00+00:00"}',
    b'{"verb":"confirm","delivery":null,"at":"2026-11-23T18:00:00+00:00"}',
]


@pytest.mark.parametrize("content", SPOILT, ids=lambda content: content[:40].decode(errors="replace"))
def test_a_word_that_cannot_be_read_is_set_aside_and_stops_nothing(
    ledger: Ledger, clock: FakeClock, tmp_path: Path, content: bytes
) -> None:
    delivery = brought(ledger, clock, A, O)
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "1-first.json").write_bytes(content)
    (folder / "1-second.json").mkdir()
    drop(tmp_path, Answer("confirm", delivery.id, clock(), said="one"))
    left = pending(tmp_path)
    assert [said.delivery for said in left] == [delivery.id]
    assert foreseen(ledger, [delivery], left)[0].state is C
    for said in take(tmp_path):
        apply(ledger, said)
    now = ledger.delivery(delivery.id)
    assert now
    assert now.state is C
    assert sorted(path.name for path in folder.iterdir()) == ["1-first.unreadable", "1-second.unreadable"]


def test_what_was_left_for_a_run_counts_at_once_in_its_order(
    ledger: Ledger, clock: FakeClock, tmp_path: Path
) -> None:
    delivery = brought(ledger, clock, A, O)
    words: list[tuple[Verb, str, State]] = [
        ("opened", "1", P),
        ("shared", "2", S),
        ("not-yet", "3", O),
        ("shared", "2", O),  # told again: it counted
        ("confirm", "4", C),
        ("undo", "5", O),
        ("confirm", "4", O),
        ("skip", "6", K),
    ]
    for verb, said, expected in words:
        drop(tmp_path, Answer(verb, delivery.id, clock.advance(seconds=1), said=said))
        (seen,) = foreseen(ledger, [delivery], pending(tmp_path))
        assert seen.state is expected
    for answer in take(tmp_path):
        apply(ledger, answer)
    now = ledger.delivery(delivery.id)
    assert now
    assert (now.state, now.expires_at) == (seen.state, seen.expires_at)


def test_one_id_said_about_two_stories_is_two_words(ledger: Ledger, clock: FakeClock, tmp_path: Path) -> None:
    one = brought(ledger, clock, A, O)
    ledger.enter(story(treatment(), path="b.jpg", content="b"), PRINT)
    for step in (A, O):
        (other,) = ledger.deliveries_of(sha("b"))
        ledger.move(other, Move(step, str(step), expires_at=clock() + DAY))
    (other,) = ledger.deliveries_of(sha("b"))
    for delivery in (one, other):
        drop(tmp_path, Answer("confirm", delivery.id, clock(), said="same"))
    assert [seen.state for seen in foreseen(ledger, [one, other], pending(tmp_path))] == [C, C]
