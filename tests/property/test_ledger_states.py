"""The ledger against a simple model: whatever happens, in whatever order, both tell the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fakes.clock import FakeClock
from fakes.stories import INBOX, PRINT, sha, story, treatment
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.deliver import recover
from pipeline.ledger import Ledger, Move, open_ledger
from pipeline.ledger.answers import Answer, Verb, apply, was_said
from pipeline.ledger.states import FOLLOWS, PUBLISHING
from pipeline.model import ENDED, WAITING_FOR_SEND, Delivery, Given, Repeat, State

CONTENTS = ("beach", "bread", "shop")
DESTINATIONS = ("whatsapp", "instagram")
TARGETS: dict[Verb, State] = {
    "confirm": State.CONFIRMED,
    "skip": State.SKIPPED,
    "retry": State.PLANNED,
    "opened": State.OPENED,
    "shared": State.SHARED,
    "not-yet": State.OFFERED,
    "undo": State.OFFERED,
}
Place = tuple[str, str, int]
"""Content, destination and part."""

NAME_OF = {sha(content): content for content in CONTENTS}
REPEATS = {
    State.PLANNED: None,
    State.PARKED: Repeat(asks=True, reason="seen before"),
    State.SKIPPED: Repeat(asks=False, reason="seen before"),
}

contents = st.sampled_from(CONTENTS)
names = st.sampled_from([f"{content}.jpg" for content in CONTENTS])
wishes = st.dictionaries(st.sampled_from(DESTINATIONS), st.integers(1, 3), max_size=2)
starts = st.sampled_from(list(REPEATS))
numbers = st.integers(0, 100)


class LedgerAndModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.state = Path(self.resources.enter_context(TemporaryDirectory(prefix="storyrelay-test-")))
        self.clock = FakeClock()
        self.model: dict[Place, State] = {}
        self.files: dict[str, str] = {}
        """What lies where, by names."""
        self.homes: dict[str, str] = {}
        """Where each content is taken from."""
        self.asked: set[Place] = set()
        self.pruned: set[int] = set()
        self.opened = ExitStack()
        self.ledger = self._open()

    def _open(self) -> Ledger:
        ledger = self.opened.enter_context(open_ledger(self.state, self.clock))
        ledger._db.execute("PRAGMA synchronous = OFF")  # nothing dies here
        return ledger

    def teardown(self) -> None:
        self.opened.close()
        self.resources.close()

    def _deliveries(self) -> list[Delivery]:
        return [row for content in CONTENTS for row in self.ledger.deliveries_of(sha(content))]

    def _pick(self, number: int) -> Delivery:
        deliveries = self._deliveries()
        return deliveries[number % len(deliveries)]

    def _forget(self, content: str, destination: str, beyond: int, *, given_up: bool) -> None:
        """What the model makes of parts that aren't wanted any more."""
        parts = {place: self.model[place] for place in self.model if place[:2] == (content, destination)}
        untouched = set(parts.values()) == {State.PLANNED}
        for place, state in parts.items():
            if place[2] > beyond and state is State.PLANNED:
                if untouched:
                    del self.model[place]
                elif given_up:
                    self.model[place] = State.SKIPPED

    def _leave(self, name: str, now_holds: str | None) -> None:
        """What lay there is sent from another of its places, or what nothing has happened of is given up."""
        gone = self.files.get(name)
        if gone is None or gone == now_holds or self.homes[gone] != name:
            return
        others = {other for other, content in self.files.items() if content == gone and other != name}
        self.files = {other: content for other, content in self.files.items() if other not in others}
        if now_holds is not None and others:
            kept = self.ledger.asset(sha(gone))
            assert kept is not None
            assert kept.path.name in others
            self.homes[gone] = kept.path.name
            return
        for place in [place for place in self.asked if place[0] == gone and now_holds is not None]:
            self.asked.discard(place)
            del self.model[place]
        for destination in DESTINATIONS:
            self._forget(gone, destination, 0, given_up=True)

    @rule(content=contents, name=names, wish=wishes, start=starts)
    def enter(self, content: str, name: str, wish: Mapping[str, int], start: State) -> None:
        treatments = [
            treatment(destination, parts, repeat=REPEATS[start]) for destination, parts in wish.items()
        ]
        self.ledger.enter(story(*treatments, path=name, content=content), PRINT)
        self.homes[content] = name
        self._leave(name, content)
        self.files[name] = content
        for destination in DESTINATIONS:
            if destination not in wish:
                self._forget(content, destination, 0, given_up=True)
        for destination, parts in wish.items():
            known = {place for place in self.model if place[:2] == (content, destination)}
            if all(self.model[place] is State.PLANNED for place in known):
                self._forget(content, destination, parts, given_up=False)
                places = [(content, destination, part) for part in range(1, parts + 1)]
                now = State.PLANNED if known else start
                self.model |= dict.fromkeys(places, now)
                self.asked |= set(places) if now is State.PARKED else set()

    @rule(name=names)
    def find_a_problem(self, name: str) -> None:
        self.ledger.enter_problem(INBOX / name, PRINT, "its sidecar has mistakes")
        self._leave(name, None)
        self.files.pop(name, None)

    @rule(destination=st.sampled_from(DESTINATIONS), hours=st.integers(-3, 30))
    def give_moments(self, destination: str, hours: int) -> None:
        """Only what waits has one, and moves nobody."""
        waiting = self.ledger.waiting(destination)
        for one in waiting:
            there = [(NAME_OF[one.asset], destination, part) for part in (1, 2, 3)]
            assert State.PLANNED in {self.model.get(place) for place in there}
        moment = self.clock() + timedelta(hours=hours)
        self.ledger.give(Given(one, moment, turn) for turn, one in enumerate(waiting))
        due = {row.asset for row in self.ledger.due(self.clock()) if row.destination == destination}
        assert hours <= 0 or due.isdisjoint(one.asset for one in waiting)

    @rule()
    def prune(self) -> None:
        """What has ended keeps its state, and nothing of it comes back."""
        self.clock.advance(hours=1)
        ended = self.ledger.ended_before(self.clock())
        self.ledger.prune(ended, self.clock())
        gone = {NAME_OF[sha256] for sha256 in ended}
        self.files = {name: content for name, content in self.files.items() if content not in gone}
        self.pruned |= {row.id for row in self._deliveries() if row.asset in ended}

    @rule()
    def hold(self) -> None:
        """As after a restore: what may have been sent since is the person's."""
        self.ledger.hold("restored")
        becomes = {State.PLANNED: State.PARKED, State.ARMED: State.UNKNOWN}
        self.model = {place: becomes.get(state, state) for place, state in self.model.items()}

    @precondition(lambda self: self.model)
    @rule(number=numbers, to=st.sampled_from(list(State)))
    def move(self, number: int, to: State) -> None:
        delivery = self._pick(number)
        move = Move(to, str(to), expires_at=self.clock() + timedelta(hours=24))
        if to not in FOLLOWS[delivery.state]:
            with pytest.raises(ValueError, match="can't go"):
                self.ledger.move(delivery, move)
        elif to is State.ARMED and self._armed(delivery.destination):
            with pytest.raises(sqlite3.IntegrityError):
                self.ledger.move(delivery, move)
        else:
            assert self.ledger.move(delivery, move)
            assert not self.ledger.move(delivery, move)
            self._set(delivery, to)

    def _armed(self, destination: str) -> bool:
        return any(place[1] == destination and state is State.ARMED for place, state in self.model.items())

    def _set(self, delivery: Delivery, state: State) -> None:
        place = _place(delivery)
        if state is not self.model[place]:
            self.asked.discard(place)
        self.model[place] = state

    def _look_again(self, delivery: Delivery) -> None:
        self.files.pop(delivery.path.name, None)

    @precondition(lambda self: self.model)
    @rule(number=numbers, verb=st.sampled_from(sorted(TARGETS)), event=st.integers(0, 3))
    def answer(self, number: int, verb: Verb, event: int) -> None:
        delivery = self._pick(number)
        with_its_lane = self.ledger.stopped_with_its_lane(delivery.destination)
        answer = Answer(verb, delivery.id, self.clock(), said=f"{verb}{event}")
        before = was_said(self.ledger, answer)
        outcome = apply(self.ledger, answer)
        if not isinstance(outcome, str):
            events = self.ledger.events_of(delivery.id)
            assert apply(self.ledger, answer) == outcome  # told again, it changes nothing
            assert self.ledger.events_of(delivery.id) == events
        if before:
            assert outcome == delivery
            return
        target = TARGETS[verb]
        if not isinstance(outcome, str):
            if (verb, delivery.state) == ("opened", State.SHARED):
                target = State.SHARED  # it has gone further already
            assert delivery.state is target or target in FOLLOWS[delivery.state]
            assert delivery.state is not State.ARMED
            assert outcome.state is target
            if verb == "undo" and delivery.state is not State.OFFERED:
                assert outcome.expires_at is not None
                assert self.clock() < outcome.expires_at
            self._set(delivery, target)
            if verb == "retry" and delivery.state is not State.PLANNED:
                self._look_again(delivery)
            if verb == "retry" and delivery.id in with_its_lane:  # the whole account is tried again
                for row in self._deliveries():
                    if row.id in with_its_lane:
                        assert row.state is State.PLANNED
                        self._set(row, row.state)
                        self._look_again(row)

    @rule(hours=st.sampled_from([1, 12, 24]))
    def expire(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        for delivery in self.ledger.overdue(self.clock()):
            assert delivery.state in WAITING_FOR_SEND
            assert self.ledger.move(delivery, Move(State.EXPIRED, "expired"))
            self._set(delivery, State.EXPIRED)

    @rule(publishing=st.sets(st.sampled_from(DESTINATIONS)))
    def die_and_recover(self, publishing: set[str]) -> None:
        for row in self.ledger.in_states({State.ARMED}):
            if row.destination in publishing:
                self.ledger.record(row, PUBLISHING, {"before": []})
        self.opened.close()
        self.ledger = self._open()
        recover(self.ledger)
        for place, state in self.model.items():
            if state is State.ARMED:
                self.model[place] = State.UNKNOWN if place[1] in publishing else State.PLANNED

    @rule(destination=st.sampled_from(DESTINATIONS), lets_go=st.booleans())
    def stop_a_lane(self, destination: str, *, lets_go: bool) -> None:
        """What was parked with its lane is let go with it; what was parked for its own reason isn't."""
        before = {row.id: row.state for row in self._deliveries()}
        own = {number for number, state in before.items() if state is State.PARKED}
        own -= self.ledger.stopped_with_its_lane(destination)
        self.ledger.stop(destination, "the session is dead")
        for row in self._deliveries():
            due = row.due_at is None or row.due_at <= self.clock()
            if row.destination == destination and before[row.id] is State.PLANNED:
                assert row.state is (State.PARKED if due else State.PLANNED)
            self._set(row, row.state)
        if lets_go:
            stopped = self.ledger.stopped_with_its_lane(destination)
            self.ledger.release(destination)
            for row in self._deliveries():
                assert (row.id in own) == (row.state is State.PARKED) or row.destination != destination
                self._set(row, row.state)
                if row.id in stopped:
                    self._look_again(row)
            assert self.ledger.lane(destination).stopped is None

    @invariant()
    def both_tell_the_same(self) -> None:
        rows = self._deliveries()
        assert len(rows) == len({(row.asset, row.destination, row.part) for row in rows})
        assert {_place(row): row.state for row in rows} == self.model
        assert {row.asset: row.path.name for row in rows} == {
            sha(content): self.homes[content] for content, *_ in self.model
        }

    @invariant()
    def history_leads_to_the_present(self) -> None:
        for row in self._deliveries():
            events = self.ledger.events_of(row.id)
            state = events[0].from_state if row.id in self.pruned else None
            for event in events:
                # a decision taken anew while nothing has happened yet begins again
                assert event.from_state in (state, None)
                if event.from_state is None:
                    assert state in (None, State.PLANNED)
                elif event.to_state is not event.from_state:
                    assert event.to_state in FOLLOWS[event.from_state]
                state = event.to_state
            assert state is row.state

    @invariant()
    def what_is_due_is_planned_and_has_its_turn(self) -> None:
        open_before = {State.ARMED, State.PARKED, State.UNKNOWN, State.FAILED}
        for row in self.ledger.due(self.clock()):
            assert row.state is State.PLANNED
            with suppress(KeyError):
                before = [self.model[*_place(row)[:2], part] for part in range(1, row.part)]
                assert open_before.isdisjoint(before)

    @invariant()
    def what_has_ended_is_not_open(self) -> None:
        assert {row.id for row in self.ledger.open_deliveries()} == {
            row.id for row in self._deliveries() if row.state not in ENDED
        }


def _place(row: Delivery) -> Place:
    return NAME_OF[row.asset], row.destination, row.part


TestLedgerAndModel = LedgerAndModel.TestCase
TestLedgerAndModel.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
