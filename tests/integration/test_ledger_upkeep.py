"""What is held when an older ledger is put back, and what pruning leaves of doubts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fakes.clock import FakeClock
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move, doubts, findings, open_ledger
from pipeline.ledger.states import PUBLISHING
from pipeline.model import State, Texts


def in_doubt(ledger: Ledger, content: str) -> int:
    """A delivery that may be live, which looking would settle."""
    ledger.enter(story(treatment(), path=f"{content}.jpg", content=content), PRINT)
    (one,) = ledger.deliveries_of(sha(content))
    ledger.move(one, Move(State.ARMED, "armed"))
    (one,) = ledger.deliveries_of(sha(content))
    ledger.record(one, PUBLISHING, {"before": []})
    ledger.move(one, Move(State.UNKNOWN, "no answer"))
    return one.id


def test_no_doubt_of_a_ledger_that_was_put_back_is_settled_by_looking(tmp_path: Path) -> None:
    with open_ledger(tmp_path, FakeClock()) as ledger:
        in_doubt(ledger, "a")
        assert len(doubts(ledger)) == 1
        assert ledger.hold("it may have been sent since") == 1
        assert doubts(ledger) == []
        assert ledger.counts() == {"unknown": 1}


def test_what_was_being_sent_when_the_backup_was_made_is_in_doubt(tmp_path: Path) -> None:
    with open_ledger(tmp_path, FakeClock()) as ledger:
        ledger.enter(story(treatment("whatsapp"), treatment("instagram")), PRINT)
        first, second = ledger.open_deliveries()
        ledger.move(first, Move(State.ARMED, "armed"))
        assert ledger.hold("it may have been sent since") == 2
        assert [one.state for one in ledger.open_deliveries()] == [State.UNKNOWN, State.PARKED]
        assert doubts(ledger) == []
    assert second.destination == "instagram"
    assert findings(tmp_path) == []


def test_a_doubt_that_was_never_settled_keeps_its_history_when_all_else_is_forgotten(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_ledger(tmp_path, clock) as ledger:
        number = in_doubt(ledger, "a")
        (one,) = ledger.deliveries_of(sha("a"))
        ledger.move(one, Move(State.SKIPPED, "skipped"))
        ledger.enter(story(treatment(), path="b.jpg", content="b"), PRINT)
        (other,) = ledger.deliveries_of(sha("b"))
        ledger.move(other, Move(State.SKIPPED, "skipped"))
        ledger.begin_run()
        before = ledger.events_of(number)
        clock.advance(days=40)
        pruned = ledger.prune(ledger.ended_before(clock() - timedelta(days=30)), clock())
        assert (pruned.stories, pruned.events) == (2, 1)
        assert ledger.events_of(number) == before
        (kept,) = ledger.deliveries_of(sha("b"))
        assert kept.texts == other.texts != Texts()
    assert findings(tmp_path) == []


def test_what_is_kept_of_a_story_that_was_sent_is_short_and_can_be_read(tmp_path: Path) -> None:
    clock = FakeClock()
    with open_ledger(tmp_path, clock) as ledger:
        ledger.enter(story(treatment()), PRINT)
        whole = ledger.asset(sha("beach"))
        for to in (State.ARMED, State.OFFERED, State.CONFIRMED):
            (one,) = ledger.deliveries_of(sha("beach"))
            ledger.move(one, Move(to, str(to), expires_at=clock()))
        clock.advance(days=40)
        ledger.prune(ledger.ended_before(clock()), clock())
        assert ledger.asset(sha("beach")) == whole
        (one,) = ledger.deliveries_of(sha("beach"))
        assert (one.state, one.texts) == (State.CONFIRMED, Texts())
        assert [event.event for event in ledger.events_of(one.id)] == ["confirmed"]
    assert findings(tmp_path) == []
