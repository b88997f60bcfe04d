"""When a person is told: the moments of one story."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from fakes.planning import QuietFrom

from pipeline.plan.reminders import Manner, Waiting, is_due, moments

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
OFFERED = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
NIGHT = QuietFrom(time(22), time(7))


def manner(quiet: QuietFrom | None = None, zone: tzinfo = UTC, *, ready: bool = True) -> Manner:
    return Manner(ready, (2 * HOUR, 6 * HOUR), 2 * HOUR, quiet, zone)


def story(since: datetime = OFFERED, hours: int = 24, *told: datetime) -> Waiting:
    return Waiting(since, since + hours * HOUR, told)


def clocks(waiting: Waiting, how: Manner) -> list[str]:
    return [f"{moment.astimezone(how.zone):%d %H:%M}" for moment in moments(waiting, how)]


def test_a_story_is_told_of_at_once_twice_again_and_before_its_end() -> None:
    assert clocks(story(), manner()) == ["23 18:00", "23 20:00", "24 00:00", "24 16:00"]


def test_what_falls_into_the_night_waits_for_the_morning() -> None:
    assert clocks(story(), manner(NIGHT)) == ["23 18:00", "23 20:00", "24 07:00", "24 16:00"]


def test_what_would_expire_in_the_night_is_told_of_in_the_evening_before() -> None:
    early = story(OFFERED.replace(hour=6), 24)
    assert clocks(early, manner(NIGHT)) == ["23 07:00", "23 08:00", "23 12:00", "23 21:00"]


def test_what_begins_and_ends_in_the_night_is_left_to_the_page() -> None:
    assert clocks(story(OFFERED.replace(hour=23), 5), manner(NIGHT)) == []


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-10-24", "06:00"), ("2026-03-28", "05:00"), ("2026-07-01", "05:00"), ("2026-12-01", "06:00")],
)
def test_the_morning_is_the_one_on_the_wall_when_the_clocks_change(day: str, told: str) -> None:
    evening = datetime.fromisoformat(f"{day} 22:30").replace(tzinfo=BERLIN).astimezone(UTC)
    assert f"{moments(story(evening), manner(NIGHT, BERLIN))[0]:%H:%M}" == told


def test_a_reminder_that_comes_after_the_end_is_none() -> None:
    """A property found it put before the night instead (2026-11)."""
    assert clocks(story(OFFERED, 1), manner(NIGHT, ready=False)) == []


def test_missed_moments_count_as_one() -> None:
    noticed = OFFERED + 12 * HOUR
    assert is_due(story(), manner(), noticed)
    assert not is_due(story(OFFERED, 24, noticed), manner(), noticed + HOUR)


def test_what_was_said_just_before_a_reminder_counts_for_it() -> None:
    reminder = OFFERED + 2 * HOUR
    assert is_due(story(OFFERED, 24, OFFERED), manner(), reminder)
    assert not is_due(story(OFFERED, 24, OFFERED, reminder - HOUR / 2), manner(), reminder)


def test_what_is_over_is_not_told_of() -> None:
    assert not is_due(story(), manner(), OFFERED + 24 * HOUR)
