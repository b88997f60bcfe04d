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
from pipeline.model import ENDED, WAITING_FOR_SEND, Delivery, State

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

contents = st.sampled_from(CONTENTS)
wishes = st.dictionaries(st.sampled_from(DESTINATIONS), st.integers(1, 3), max_size=2)
numbers = st.integers(0, 100)


class LedgerAndModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.state = Path(self.resources.enter_context(TemporaryDirectory(prefix="storyrelay-test-")))
        self.clock = FakeClock()
        self.model: dict[Place, State] = {}
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

    @rule(content=contents, wish=wishes)
    def enter(self, content: str, wish: Mapping[str, int]) -> None:
        treatments = [treatment(destination, parts) for destination, parts in wish.items()]
        self.ledger.enter(story(*treatments, path=f"{content}.jpg", content=content), PRINT)
        for destination in DESTINATIONS:
            if destination not in wish:
                self._forget(content, destination, 0, given_up=True)
        for destination, parts in wish.items():
            known = {place for place in self.model if place[:2] == (content, destination)}
            if all(self.model[place] is State.PLANNED for place in known):
                self._forget(content, destination, parts, given_up=False)
                self.model |= {(content, destination, part): State.PLANNED for part in range(1, parts + 1)}

    @rule(content=contents)
    def find_a_problem(self, content: str) -> None:
        known = content in {place[0] for place in self.model}
        path = INBOX / f"{content}.jpg"
        has_asset = self.ledger.home_of(sha(content)) is not None
        self.ledger.enter_problem(path, PRINT, "its sidecar has mistakes")
        if known and has_asset:
            for destination in DESTINATIONS:
                self._forget(content, destination, 0, given_up=True)

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
        self.model[delivery.path.stem, delivery.destination, delivery.part] = state

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
            if verb == "retry" and delivery.id in with_its_lane:  # the whole account is tried again
                for row in self._deliveries():
                    if row.id in with_its_lane:
                        assert row.state is State.PLANNED
                        self._set(row, row.state)

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
            if row.destination == destination and before[row.id] is State.PLANNED:
                assert row.state is State.PARKED
            self._set(row, row.state)
        if lets_go:
            self.ledger.release(destination)
            for row in self._deliveries():
                assert (row.id in own) == (row.state is State.PARKED) or row.destination != destination
                self._set(row, row.state)
            assert self.ledger.lane(destination).stopped is None

    @invariant()
    def both_tell_the_same(self) -> None:
        rows = self._deliveries()
        assert len(rows) == len({(row.asset, row.destination, row.part) for row in rows})
        assert {(row.path.stem, row.destination, row.part): row.state for row in rows} == self.model

    @invariant()
    def history_leads_to_the_present(self) -> None:
        for row in self._deliveries():
            state = None
            for event in self.ledger.events_of(row.id):
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
                before = [self.model[row.path.stem, row.destination, part] for part in range(1, row.part)]
                assert open_before.isdisjoint(before)

    @invariant()
    def what_has_ended_is_not_open(self) -> None:
        assert {row.id for row in self.ledger.open_deliveries()} == {
            row.id for row in self._deliveries() if row.state not in ENDED
        }


TestLedgerAndModel = LedgerAndModel.TestCase
TestLedgerAndModel.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
