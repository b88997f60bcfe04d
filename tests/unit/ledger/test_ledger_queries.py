"""What is asked of the ledger."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest
from fakes.clock import FakeClock
from fakes.planning import NOW
from fakes.stories import INBOX, PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.model import Delivery, State


def entered(
    ledger: Ledger, content: str, due_at: datetime | None = None, not_after: datetime | None = None
) -> Delivery:
    decided = treatment(due_at=due_at, not_after=not_after)
    ledger.enter(story(decided, path=f"{content}.jpg", content=content), PRINT)
    return ledger.deliveries_of(sha(content))[0]


def settled(ledger: Ledger, delivery: Delivery, state: State) -> Delivery:
    ledger.move(delivery, Move(State.ARMED, "armed"))
    armed = ledger.delivery(delivery.id)
    assert armed
    ledger.move(armed, Move(state, str(state), expires_at=NOW + timedelta(hours=24)))
    now = ledger.delivery(delivery.id)
    assert now
    return now


@pytest.fixture
def beach(ledger: Ledger) -> Delivery:
    return entered(ledger, "beach")


def test_a_delivery_is_found_by_its_number(ledger: Ledger, beach: Delivery) -> None:
    assert ledger.find(str(beach.id)) == [beach]


@pytest.mark.parametrize("length", [6, 7, 63, 64])
def test_a_delivery_is_found_by_the_start_of_its_hash(ledger: Ledger, beach: Delivery, length: int) -> None:
    assert ledger.find(sha("beach")[:length]) == [beach]


def test_five_digits_of_a_hash_are_too_few(ledger: Ledger, beach: Delivery) -> None:
    assert ledger.find(sha("beach")[:5]) == []


def test_a_delivery_is_found_by_its_files_name_and_by_its_path(
    ledger: Ledger, beach: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger.find("beach.jpg") == [beach]
    assert ledger.find(str(INBOX / "beach.jpg")) == [beach]
    monkeypatch.chdir("/")
    assert ledger.find("stories/inbox/beach.jpg") == [beach]
    assert ledger.find("stories/inbox/../inbox/beach.jpg") == [beach]


def test_a_part_of_a_name_is_not_a_name(ledger: Ledger, beach: Delivery) -> None:
    assert ledger.find("each.jpg") == []
    assert ledger.find("other/beach.jpg") == []


NOTHING = ("", ".", "/", "0", "9" * 20, "\N{ARABIC-INDIC DIGIT THREE}", "\udcff", "abcdefg", "..", "-1")


@pytest.mark.parametrize("name", NOTHING)
def test_a_name_of_nothing_finds_nothing(ledger: Ledger, beach: Delivery, name: str) -> None:
    assert ledger.find(name) == []


def test_a_name_that_is_not_utf_8_can_be_found(ledger: Ledger) -> None:
    name = os.fsdecode(b"caf\xe9")
    delivery = entered(ledger, "cafe")
    ledger.enter(story(treatment(), path=f"{name}.jpg", content="cafe"), PRINT)
    assert [row.id for row in ledger.find(f"{name}.jpg")] == [delivery.id]


def test_a_file_named_like_a_number_is_found_when_no_delivery_has_it(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), path="20261123"), PRINT)
    assert len(ledger.find("20261123")) == 1


def test_a_copy_leads_to_the_deliveries_of_its_content(ledger: Ledger, beach: Delivery) -> None:
    ledger.enter_copy(INBOX / "copy.jpg", PRINT, sha("beach"))
    assert ledger.find("copy.jpg") == [beach]
    assert ledger.find(str(INBOX / "copy.jpg")) == [beach]


def test_what_waits_for_its_time_is_not_due(ledger: Ledger, clock: FakeClock) -> None:
    now = entered(ledger, "now")
    later = entered(ledger, "later", due_at=clock() + timedelta(hours=2))
    assert ledger.due(clock()) == [now]
    assert ledger.next_due_at() == later.due_at
    assert ledger.due(clock.advance(hours=2)) == [now, later]


def test_what_came_too_late_is_not_due(ledger: Ledger, clock: FakeClock) -> None:
    entered(ledger, "short", not_after=clock() + timedelta(hours=1))
    assert len(ledger.due(clock())) == 1
    assert ledger.due(clock.advance(hours=1)) == []


def test_a_part_waits_until_those_before_it_are_out(ledger: Ledger, clock: FakeClock) -> None:
    ledger.enter(story(treatment("whatsapp", 3)), PRINT)
    first, second, third = ledger.deliveries_of(sha("beach"))
    ledger.move(first, Move(State.ARMED, "armed"))
    armed = ledger.delivery(first.id)
    assert armed
    ledger.move(armed, Move(State.PLANNED, "try again", due_at=clock() + timedelta(minutes=5)))
    assert ledger.due(clock()) == []
    assert [row.part for row in ledger.due(clock.advance(minutes=5))] == [1, 2, 3]
    again = ledger.delivery(first.id)
    assert again
    settled(ledger, again, State.FAILED)
    assert ledger.due(clock()) == []
    failed = ledger.delivery(first.id)
    assert failed
    ledger.move(failed, Move(State.PLANNED, "retried"))
    assert [row.id for row in ledger.due(clock())] == [first.id, second.id, third.id]


def test_parts_of_other_stories_and_destinations_do_not_wait(ledger: Ledger, clock: FakeClock) -> None:
    ledger.enter(story(treatment("whatsapp", 2), treatment("instagram", 2)), PRINT)
    other = entered(ledger, "other")
    instagram, _, whatsapp, _ = ledger.deliveries_of(sha("beach"))
    settled(ledger, whatsapp, State.FAILED)
    assert {row.id for row in ledger.due(clock())} == {instagram.id, instagram.id + 1, other.id}


def test_what_ran_out_of_time_is_overdue(ledger: Ledger, clock: FakeClock) -> None:
    unsent = entered(ledger, "unsent", not_after=clock() + timedelta(hours=1))
    offered = settled(ledger, entered(ledger, "offered"), State.OFFERED)
    published = settled(ledger, entered(ledger, "published"), State.PUBLISHED)
    assert ledger.overdue(clock()) == []
    assert ledger.overdue(clock.advance(hours=1)) == [unsent]
    assert ledger.overdue(clock.advance(hours=23)) == [unsent, offered]
    assert published.expires_at


def test_offered_are_those_that_wait_for_the_person(ledger: Ledger) -> None:
    offered = settled(ledger, entered(ledger, "offered"), State.OFFERED)
    settled(ledger, entered(ledger, "published"), State.PUBLISHED)
    entered(ledger, "planned")
    assert ledger.offered("whatsapp") == {offered.id}
    assert ledger.offered("instagram") == set()


def test_open_deliveries_and_those_that_ended_lately_are_told_apart(ledger: Ledger, clock: FakeClock) -> None:
    ended = settled(ledger, entered(ledger, "failed"), State.FAILED)
    planned = entered(ledger, "planned")
    doubtful = settled(ledger, entered(ledger, "unknown"), State.UNKNOWN)
    assert ledger.open_deliveries() == [planned, doubtful]
    assert ledger.recently_ended(clock()) == [ended]
    assert ledger.recently_ended(clock.advance(seconds=1)) == []
    assert ledger.in_states([State.UNKNOWN, State.FAILED]) == [ended, doubtful]
    assert ledger.counts() == {"failed": 1, "planned": 1, "unknown": 1}


def test_a_run_that_ended_leaves_the_ledger_tidy(ledger: Ledger) -> None:
    assert not ledger.untidy()
    first = ledger.begin_run()
    assert ledger.untidy()
    ledger.end_run(first, 0)
    assert not ledger.untidy()
    assert ledger.begin_run() == first + 1


def test_what_moved_after_the_last_run_has_to_be_tidied_up_after(ledger: Ledger, beach: Delivery) -> None:
    ledger.end_run(ledger.begin_run(), 0)
    ledger.move(beach, Move(State.SKIPPED, "skipped"))
    assert ledger.untidy()
    ledger.end_run(ledger.begin_run(), 0)
    assert not ledger.untidy()


def test_nothing_known_is_nothing_found(ledger: Ledger, clock: FakeClock) -> None:
    assert ledger.delivery(1) is None
    assert ledger.home_of(sha("beach")) is None
    assert ledger.deliveries_of(sha("beach")) == []
    assert ledger.events_of(1) == []
    assert ledger.next_due_at() is None
    assert ledger.counts() == {}
    assert ledger.known_files() == {}
