"""Arm, act, settle: whatever a destination answers, the ledger knows what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.destinations import Recorder, raises
from fakes.stories import DAY, PRINT, rendition, sha, story, treatment

from pipeline.deliver import RETRY_AFTER, Outcome, Steps, deliver, doubt_about, recover
from pipeline.destination import Destination, Doubt, Journal, Parcel, Published, Receipt
from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, TryAgain
from pipeline.ledger import Ledger, Move, snapshot, trace
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


ANNOUNCED: dict[str, object] = {"before": ["1", "2"], "upload_id": "77", "kind": "photo", "duration_s": None}


def announces(detail: dict[str, object], receipt: Receipt | DeliveryError) -> Destination:
    """A mirror that says when it becomes serious."""

    @dataclass
    class Serious(Recorder):
        def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
            self.parcels.append(parcel)
            journal.record("uploaded", {"upload_id": "77"})
            journal.publishing(detail)
            if isinstance(receipt, DeliveryError):
                raise receipt
            return receipt

    return Serious()


def doubt_and_take_back(ledger: Ledger, planned: Delivery, made: Rendition, event: str) -> Delivery:
    """A first attempt that nobody knows the end of, and that is to be repeated."""
    deliver(planned, made, announces(ANNOUNCED, OutcomeUnknown("no answer")), ledger, FakeClock())
    ledger.move(now(ledger), Move(State.PLANNED, event))
    return now(ledger)


def test_every_step_is_an_event_before_the_next_begins(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    deliver(planned, made, announces(ANNOUNCED, Published("17")), ledger, clock)
    told = [event.event for event in ledger.events_of(planned.id)]
    assert told == ["planned", "armed", "uploaded", "publishing", "published"]


def test_an_answer_that_names_a_known_story_is_a_doubt_and_no_crash(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    ledger.enter(story(treatment(), path="other.jpg", content="other"), PRINT)
    (other,) = ledger.deliveries_of(sha("other"))
    deliver(planned, made, Recorder(act=lambda _: Published("17")), ledger, clock)
    outcome = deliver(other, made, announces(ANNOUNCED, Published("17")), ledger, clock)
    assert outcome.state is State.UNKNOWN
    assert "known already (17)" in str(outcome.reason)
    assert ledger.claimed("whatsapp") == {"17"}


def test_an_attempt_after_a_doubt_knows_what_the_first_was(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    again = doubt_and_take_back(ledger, planned, made, "not live")
    channel = Recorder()
    deliver(again, made, channel, ledger, clock)
    assert channel.parcels[0].earlier == ANNOUNCED


def test_an_attempt_after_a_refusal_begins_afresh(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    deliver(planned, made, announces(ANNOUNCED, TryAgain("busy")), ledger, clock)
    channel = Recorder()
    deliver(now(ledger), made, channel, ledger, clock)
    assert channel.parcels[0].earlier == {}


def test_a_machine_does_not_repeat_when_an_unknown_story_has_shown_up(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    again = doubt_and_take_back(ledger, planned, made, "not live")
    late = announces({**ANNOUNCED, "before": ["1", "2", "3"]}, Published("17"))
    outcome = deliver(again, made, late, ledger, clock)
    assert outcome.state is State.UNKNOWN
    assert "shown up" in str(outcome.reason)
    assert [event.event for event in ledger.events_of(planned.id)].count("publishing") == 1
    assert trace(ledger, planned.id).settles_itself


def test_a_person_who_looked_is_believed_whatever_has_shown_up(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    again = doubt_and_take_back(ledger, planned, made, "not live")
    again = doubt_and_take_back(ledger, again, made, "retried")
    late = announces({**ANNOUNCED, "before": ["1", "2", "3"]}, Published("17"))
    assert deliver(again, made, late, ledger, clock).state is State.PUBLISHED


def test_a_mirror_that_was_asked_for_less_lets_its_lane_rest(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    until = clock() + DAY
    deliver(planned, made, Recorder(act=raises(TryAgain("please wait", rest_until=until))), ledger, clock)
    assert (ledger.lane("whatsapp").rest_until, ledger.lane("whatsapp").rest_reason) == (until, "please wait")


def test_a_doubt_can_let_its_lane_rest_too(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    until = clock() + DAY
    deliver(planned, made, Recorder(act=raises(OutcomeUnknown("?", rest_until=until))), ledger, clock)
    assert (now(ledger).state, ledger.lane("whatsapp").rest_until) == (State.UNKNOWN, until)


def test_a_dead_session_stops_the_lane_with_the_delivery(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    dead = NeedsPerson("log in", everything=True)
    assert deliver(planned, made, Recorder(act=raises(dead)), ledger, clock).state is State.PARKED
    assert ledger.lane("whatsapp").stopped == "log in"
    assert ledger.release("whatsapp") == 1
    assert (now(ledger).state, now(ledger).not_after) == (State.PLANNED, planned.not_after)


def test_a_doubt_holds_all_that_is_needed_to_look(
    ledger: Ledger, planned: Delivery, made: Rendition, clock: FakeClock
) -> None:
    deliver(planned, made, announces(ANNOUNCED, OutcomeUnknown("no answer")), ledger, clock)
    elsewhere = made.path.parent.parent / "moved"
    doubt = doubt_about(now(ledger), trace(ledger, planned.id), ledger, elsewhere)
    assert doubt == Doubt(
        planned.id, replace(made, path=elsewhere / made.path.name), frozenset({"1", "2"}), ANNOUNCED
    )
