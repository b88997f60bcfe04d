"""Runs with slots: a queue that goes out one by one, whatever the computer does in between."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.media import Clip, save_clip
from fakes.remote import RemoteMirror
from fakes.shop import MIRRORED, Shop

from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer, Verb, drop
from pipeline.model import Delivery, State
from pipeline.report.calendar import calendar_lines
from pipeline.report.next_step import Program
from pipeline.report.status import status_of, told_of
from pipeline.run import answer

SLOTS = 'schedule.slots=["daily 09:00, 18:30"]'
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.clock.moment = MONDAY
    return shop


def at(shop: Shop, day: int, hour: int, minute: int = 0) -> None:
    shop.clock.moment = datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def out(shop: Shop) -> list[str]:
    return sorted(row.path.name for row in shop.deliveries() if row.state is State.OFFERED)


def say(shop: Shop, verb: Verb, number: int) -> None:
    answer(shop.settings(), [Answer(verb, number, shop.clock())])


def row(shop: Shop, name: str) -> Delivery:
    return next(one for one in shop.deliveries() if one.path.name == name)


def due(shop: Shop) -> dict[str, str]:
    return {one.path.name: f"{one.due_at:%a %H:%M}" for one in shop.deliveries() if one.due_at}


def test_each_slot_sends_one_story_and_the_next_takes_the_next(shop: Shop) -> None:
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
        shop.picture(name, number)
    shop.run(SLOTS)
    assert out(shop) == []
    assert due(shop) == {"a.jpg": "Mon 09:00", "b.jpg": "Mon 18:30", "c.jpg": "Tue 09:00"}
    assert row(shop, "c.jpg").reason == "waits for its slot"
    at(shop, 23, 9, 5)
    shop.run(SLOTS)
    shop.run(SLOTS)
    assert out(shop) == ["a.jpg"]
    at(shop, 23, 18, 29)
    shop.run(SLOTS)
    assert out(shop) == ["a.jpg"]
    at(shop, 24, 10)
    shop.run(SLOTS)
    assert out(shop) == ["b.jpg", "c.jpg"]
    assert row(shop, "a.jpg").state is State.EXPIRED


def test_a_story_of_a_low_number_jumps_the_queue_until_a_slot_has_come(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    shop.run(SLOTS)
    at(shop, 23, 9, 5)
    shop.picture("z.jpg", 3)
    shop.sidecar("z.jpg.yaml", "order: 1")
    shop.run(SLOTS)
    assert out(shop) == ["a.jpg"]
    assert due(shop) == {"z.jpg": "Mon 18:30", "b.jpg": "Tue 09:00"}


def test_no_more_go_out_a_day_than_are_enough(shop: Shop) -> None:
    for number in range(5):
        shop.picture(f"{number}.jpg", number)
    shop.run("schedule.per_day=2", "schedule.quiet_hours=22:00-07:00")
    assert out(shop) == ["0.jpg", "1.jpg"]
    assert due(shop) == {"2.jpg": "Tue 07:00", "3.jpg": "Tue 07:00", "4.jpg": "Wed 07:00"}
    assert row(shop, "4.jpg").reason == "2 a day are enough"


def test_late_stories_go_in_the_next_run_as_far_as_the_day_has_room(shop: Shop) -> None:
    for number in range(5):
        shop.picture(f"{number}.jpg", number)
    shop.run(SLOTS, "schedule.per_day=2")
    at(shop, 25, 8)
    shop.run(SLOTS, "schedule.per_day=2")
    assert out(shop) == ["0.jpg", "1.jpg"]
    assert due(shop) == {"2.jpg": "Thu 09:00", "3.jpg": "Thu 18:30", "4.jpg": "Fri 09:00"}


def test_a_file_that_was_deleted_takes_no_room_of_a_day_from_those_that_are_there(shop: Shop) -> None:
    gone, _ = shop.picture("a.jpg"), shop.picture("b.jpg", 1)
    shop.run(SLOTS, "schedule.per_day=1")
    gone.unlink()
    for day in (23, 24):
        at(shop, day, 9, 5)
        shop.run(SLOTS, "schedule.per_day=1")
    assert out(shop) == ["b.jpg"]
    shop.picture("a.jpg")
    at(shop, 25, 9, 5)
    shop.run(SLOTS, "schedule.per_day=1")
    assert out(shop) == ["a.jpg"]


def test_a_story_that_missed_its_slot_is_skipped_if_that_is_wanted(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run(SLOTS, "schedule.late=skip")
    at(shop, 23, 15, 0)
    shop.run(SLOTS, "schedule.late=skip", "schedule.late_hours=6")
    missed = row(shop, "a.jpg")
    assert (missed.state, missed.reason) == (
        State.SKIPPED,
        "missed its slot Mon 23 Nov 09:00 by more than 6 h",
    )


def test_a_story_that_missed_its_slot_asks_and_goes_when_the_person_says_so(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.picture("b.jpg", 1)
    shop.run(SLOTS, "schedule.late=ask")
    at(shop, 23, 15, 1)
    assert shop.run(SLOTS, "schedule.late=ask").exit_code == 4
    asked = row(shop, "a.jpg")
    assert asked.state is State.PARKED
    assert asked.reason == (
        "missed its slot Mon 23 Nov 09:00 by more than 6 h."
        " Next: storyrelay retry 1 sends it, storyrelay skip 1 drops it"
    )
    say(shop, "retry", asked.id)
    shop.run(SLOTS, "schedule.late=ask")
    assert out(shop) == ["a.jpg"]
    assert due(shop) == {"b.jpg": "Mon 18:30"}


def test_a_retry_keeps_the_end_of_a_story_whose_file_is_gone_and_whose_copy_is_there(shop: Shop) -> None:
    gone = shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_after: 2026-11-23 20:00")
    shop.run(SLOTS, "schedule.late=ask")
    shop.picture("copy.jpg")
    at(shop, 23, 15, 1)
    shop.run(SLOTS, "schedule.late=ask")
    gone.unlink()
    say(shop, "retry", row(shop, "a.jpg").id)
    at(shop, 23, 20, 30)
    shop.run(SLOTS, "schedule.late=ask")
    assert [one.state for one in shop.deliveries()] == [State.EXPIRED]


def test_a_retry_after_the_end_that_its_sidecar_says_sends_nothing_and_forgets_nothing(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_after: 2026-11-23 12:00")
    shop.run("schedule.quiet_hours=07:00-11:00")
    at(shop, 23, 13)
    shop.run()
    say(shop, "retry", row(shop, "a.jpg").id)
    shop.run()
    assert row(shop, "a.jpg").state is State.SKIPPED
    assert "2026-11-23 12:00" in (row(shop, "a.jpg").reason or "")


def test_stories_wait_no_longer_when_the_slots_are_taken_away(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run(SLOTS)
    shop.run()
    assert out(shop) == ["a.jpg"]


def test_a_story_that_gets_no_slot_before_its_end_says_so(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_after: 2026-11-23 08:30")
    shop.run(SLOTS)
    assert row(shop, "a.jpg").reason == "no moment is free before its not_after"
    at(shop, 23, 9, 5)
    shop.run(SLOTS)
    assert row(shop, "a.jpg").state is State.EXPIRED


def test_one_destination_may_have_slots_while_another_has_none(shop: Shop) -> None:
    shop.destinations = (
        "{whatsapp: {platform: whatsapp_status, schedule: {slots: daily 12:00}},"
        " instagram: {platform: instagram_story}}"
    )
    shop.picture("a.jpg")
    shop.run()
    assert shop.states() == {
        ("a.jpg", "whatsapp", 1): State.PLANNED,
        ("a.jpg", "instagram", 1): State.OFFERED,
    }


def test_a_plan_gives_the_same_moments_and_writes_nothing(shop: Shop) -> None:
    shop.picture("a.jpg")
    planned = shop.plan(SLOTS)
    assert planned.stories[0].treatments[0].due_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert not shop.state.exists()


def test_what_follows_takes_the_next_slot_once_it_is_confirmed(shop: Shop) -> None:
    shop.destinations = MIRRORED.replace("account: shop", "account: shop, schedule: {slots: daily 12:00}")
    shop.picture("a.jpg")
    shop.run("mirror.after=confirmed")
    waiting = next(one for one in shop.deliveries() if one.destination == "instagram")
    assert (waiting.due_at, waiting.reason) == (None, "follows once you have confirmed it at whatsapp")
    say(shop, "confirm", 1)
    at(shop, 23, 14)
    shop.run("mirror.after=confirmed")
    assert due(shop) == {"a.jpg": "Tue 12:00"}


def test_the_calendar_shows_what_is_new_what_is_planned_and_what_is_free(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.run(SLOTS)
    shop.picture("b.jpg", 2)
    calendar = shop.plan(SLOTS, calendar=True).calendar
    assert calendar is not None
    told = list(calendar_lines(calendar, shop.clock(), UTC))
    assert told[:8] == [
        "Mon 23 Nov",
        "  09:00  whatsapp  a.jpg",
        "  18:30  whatsapp  b.jpg",
        "",
        "Tue 24 Nov",
        "  09:00  whatsapp  free slot",
        "  18:30  whatsapp  free slot",
        "",
    ]
    assert len([one for one in calendar if one.path is None]) == 2 * 13
    assert [one.path.name for one in shop.deliveries()] == ["a.jpg"]


def test_the_calendar_says_why_something_is_late_or_has_no_time(shop: Shop) -> None:
    shop.destinations = MIRRORED
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    calendar = shop.plan("schedule.per_day=1", "mirror.after=confirmed", calendar=True).calendar
    assert calendar is not None
    assert list(calendar_lines(calendar, shop.clock(), UTC)) == [
        "Mon 23 Nov",
        "  now  whatsapp  a.jpg",
        "",
        "Tue 24 Nov",
        "  00:00  whatsapp  b.jpg    1 a day is enough",
        "",
        "Without a time",
        "    instagram  a.jpg    follows once you have confirmed it at whatsapp",
        "    instagram  b.jpg    follows once you have confirmed it at whatsapp",
        "",
    ]


def test_a_plan_without_a_calendar_has_none(shop: Shop) -> None:
    shop.picture("a.jpg")
    assert shop.plan(SLOTS).calendar is None


def test_status_says_what_each_story_waits_for(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    shop.picture("c.jpg", 3)
    shop.sidecar("c.jpg.yaml", "not_after: 2026-11-24 10:00")
    shop.run(SLOTS, "schedule.per_day=1")

    def told() -> list[str]:
        with snapshot(shop.state, shop.clock) as ledger:
            planned = list(told_of(status_of(ledger, shop.clock(), UTC), Program()))[4][1]
        return [one.cells[3] for one in planned]

    assert told() == [
        "due 09:00: waits for its slot",
        "due Tue 24 Nov 09:00: 1 a day is enough",
        "no moment is free before its not_after, Tue 24 Nov 10:00",
    ]
    at(shop, 23, 9, 1)
    assert told()[0] == "due now"


def test_a_film_of_several_parts_goes_in_one_slot(shop: Shop) -> None:
    shop.inbox.mkdir(parents=True)
    save_clip(shop.inbox / "a.mp4", Clip(seconds=5.0))
    shop.picture("b.jpg", 1)
    split = "platforms.whatsapp_status.video.max_seconds=3"
    shop.run(SLOTS, split, "schedule.per_day=1")
    at(shop, 23, 9, 1)
    shop.run(SLOTS, split, "schedule.per_day=1")
    assert shop.states() == {
        ("a.mp4", "whatsapp", 1): State.OFFERED,
        ("a.mp4", "whatsapp", 2): State.OFFERED,
        ("b.jpg", "whatsapp", 1): State.PLANNED,
    }
    assert due(shop) == {"b.jpg": "Tue 09:00"}


def mirrored(own: str) -> str:
    return MIRRORED.replace("account: shop}", f"account: shop, schedule: {own}}}")


def published(shop: Shop) -> list[str]:
    return sorted(one.path.name for one in shop.deliveries() if one.state is State.PUBLISHED)


def test_an_account_s_pace_delays_a_slot_and_never_hurries_it(shop: Shop, mirror: RemoteMirror) -> None:
    shop.destinations = mirrored("{slots: 'daily 09:00, 09:10'}")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    slow = "accounts.shop.pace={stories_per_hour: 1}"
    assert shop.run(slow).published == 0
    at(shop, 23, 9, 1)
    shop.run(slow)
    assert published(shop) == ["a.jpg"]
    at(shop, 23, 9, 30)
    shop.run(slow)
    assert published(shop) == ["a.jpg"]
    at(shop, 23, 10, 2)
    shop.run(slow)
    assert published(shop) == ["a.jpg", "b.jpg"]


def test_what_is_confirmed_in_the_middle_of_a_run_gets_its_moment_in_the_next(
    shop: Shop, mirror: RemoteMirror
) -> None:
    shop.destinations = mirrored("{per_day: 2}")
    terms = ("mirror.after=confirmed", "accounts.shop.pace={spacing_seconds: [90, 99]}")
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
        shop.picture(name, number)
    shop.run(*terms)
    first, second, third = (one.id for one in shop.deliveries() if one.destination == "whatsapp")
    drop(shop.state, Answer("confirm", third, shop.clock()))
    shop.run(*terms)
    drop(shop.state, Answer("confirm", first, shop.clock()))
    shop.while_waiting = lambda: drop(shop.state, Answer("confirm", second, shop.clock()))
    shop.run(*terms)
    assert published(shop) == ["a.jpg", "c.jpg"]
    shop.run(*terms)
    assert published(shop) == ["a.jpg", "c.jpg"]
    waits = next(
        one for one in shop.deliveries() if one.path.name == "b.jpg" and one.destination != "whatsapp"
    )
    assert (waits.reason, f"{waits.due_at:%a %H:%M}") == ("2 a day are enough", "Tue 00:00")


def test_what_missed_its_slot_is_not_published_by_those_that_follow(shop: Shop, mirror: RemoteMirror) -> None:
    shop.destinations = MIRRORED.replace("whatsapp_status", "whatsapp_status, schedule: {slots: daily 09:00}")
    terms = ("mirror.after=confirmed", "schedule.late=skip")
    shop.picture("a.jpg")
    shop.run(*terms)
    at(shop, 23, 16)
    shop.run(*terms)
    follower = next(one for one in shop.deliveries() if one.destination == "instagram")
    assert follower.reason == "it missed its slot at whatsapp, so it isn't published"
    assert mirror.touched == []
