"""Arm, act, settle: whatever a destination answers, the ledger knows what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.destinations import Recorder, raises
from fakes.stories import DAY, PRINT, rendition, sha, story, treatment

from pipeline.deliver import RETRY_AFTER, Outcome, Steps, deliver, recover
from pipeline.destination import Parcel, Published, Receipt
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, TryAgain
from pipeline.ledger import Ledger, Move, snapshot
from pipeline.model import Delivery, Rendition, State


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: FakeClock) -> Iterator[Ledger]:
    with snapshot(tmp_path / "nothing", clock) as ledger:
        yield ledger


@pytest.fixture
def planned(ledger: Ledger, clock: FakeClock) -> Delivery:
    ledger.enter(story(treatment(not_after=clock() + DAY)), PRINT)
    return ledger.deliveries_of(sha("beach"))[0]


@pytest.fixture
def made(tmp_path: Path) -> Rendition:
    return rendition(tmp_path / "store")


def now(ledger: Ledger) -> Delivery:
    return ledger.deliveries_of(sha("beach"))[0]


def test_what_is_offered_waits_for_the_person_until_it_expires(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    outcome = deliver(planned, made, Recorder(), ledger, clock)
    assert outcome == Outcome(State.OFFERED, where=f"outbox/{planned.id}.jpg")
    assert (now(ledger).state, now(ledger).expires_at) == (State.OFFERED, clock() + DAY)


def test_a_parcel_holds_all_that_a_channel_needs(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    channel = Recorder()
    deliver(planned, made, channel, ledger, clock)
    assert channel.parcels == [Parcel(planned.id, "beach.jpg", made, planned.texts, clock() + DAY)]


def test_what_is_published_keeps_the_servers_number(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    channel = Recorder(act=lambda _: Published("17"))
    assert deliver(planned, made, channel, ledger, clock) == Outcome(State.PUBLISHED)
    assert (now(ledger).state, now(ledger).external_id) == (State.PUBLISHED, "17")


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (TryAgain("no cable"), State.PLANNED),
        (Rejected("too long"), State.FAILED),
        (NeedsPerson("log in"), State.PARKED),
        (OutcomeUnknown("no answer"), State.UNKNOWN),
        (DeliveryError("something"), State.UNKNOWN),
    ],
)
def test_every_answer_of_a_channel_has_its_state(
    ledger: Ledger, planned: Delivery, made: Rendition, failure: DeliveryError, state: State
) -> None:
    outcome = deliver(planned, made, Recorder(act=raises(failure)), ledger, FakeClock())
    assert outcome == Outcome(state, reason=str(failure))
    assert (now(ledger).state, now(ledger).reason) == (state, str(failure))
    assert [event.to_state for event in ledger.events_of(planned.id)] == [State.PLANNED, State.ARMED, state]


def test_what_may_be_repeated_is_due_when_the_channel_says(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    later = clock() + timedelta(hours=3)
    deliver(planned, made, Recorder(act=raises(TryAgain("busy", later))), ledger, clock)
    assert (now(ledger).due_at, now(ledger).not_after) == (later, planned.not_after)


def test_what_may_be_repeated_is_due_in_a_while_when_the_channel_does_not_say(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    deliver(planned, made, Recorder(act=raises(TryAgain("busy"))), ledger, clock)
    assert now(ledger).due_at == clock() + RETRY_AFTER


def test_it_is_armed_before_the_act(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    seen: list[State] = []

    def look(parcel: Parcel) -> Receipt:
        seen.append(now(ledger).state)
        return Published("17")

    deliver(planned, made, Recorder(act=look), ledger, clock)
    assert seen == [State.ARMED]
    armed = ledger.events_of(planned.id)[1]
    kept = {"sha256": made.sha256, "bytes": made.bytes, "file": made.path.name}
    assert {key: armed.detail[key] for key in kept} == kept


def test_a_bug_in_a_channel_leaves_it_armed(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    with pytest.raises(ZeroDivisionError):
        deliver(planned, made, Recorder(act=raises(ZeroDivisionError())), ledger, clock)
    assert now(ledger).state is State.ARMED


def test_nothing_is_sent_that_stands_elsewhere_by_now(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    ledger.move(planned, Move(State.SKIPPED, "skipped"))
    channel = Recorder()
    with pytest.raises(RuntimeError, match="changed while this run held the lock"):
        deliver(planned, made, channel, ledger, clock)
    assert channel.parcels == []


def test_what_was_cut_short_before_it_could_be_live_is_done_once_more(
    ledger: Ledger, planned: Delivery, clock: FakeClock
) -> None:
    ledger.move(planned, Move(State.ARMED, "armed", not_after=planned.not_after))
    assert recover(ledger) == []
    assert now(ledger).state is State.PLANNED
    assert now(ledger).not_after == planned.not_after
    assert [row.id for row in ledger.due(clock())] == [planned.id]


def test_what_was_cut_short_when_it_could_be_live_is_in_doubt(ledger: Ledger, planned: Delivery) -> None:
    ledger.move(planned, Move(State.ARMED, "armed"))
    Steps(replace(planned, state=State.ARMED), ledger).publishing({"before": []})
    assert [row.id for row in recover(ledger)] == [planned.id]
    assert now(ledger).state is State.UNKNOWN
    assert "while it was being published" in (now(ledger).reason or "")


def test_nothing_armed_is_nothing_to_recover(ledger: Ledger, planned: Delivery) -> None:
    assert recover(ledger) == []
    assert now(ledger) == planned
