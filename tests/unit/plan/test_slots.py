"""The moments that a week's slots fall on, when the clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from pipeline.model import WeeklySlots
from pipeline.plan.slots import moment_of, moments_on, start_of

BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_TWO = time(2, 30)


@pytest.mark.parametrize(
    ("zone", "day", "wall", "utc"),
    [
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), "2027-03-28T01:00"),
        ("Europe/Berlin", date(2027, 3, 28), time(2, 0), "2027-03-28T01:00"),
        ("Europe/Berlin", date(2027, 3, 28), time(1, 59), "2027-03-28T00:59"),
        ("Europe/Berlin", date(2027, 10, 31), time(2, 30), "2027-10-31T00:30"),
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:00"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30"),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "2027-10-02T15:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), "2027-04-03T14:45"),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0, 30), "2018-11-04T03:00"),
        ("America/Sao_Paulo", date(2027, 11, 4), time(0, 30), "2027-11-04T03:30"),
    ],
)
def test_a_time_the_clocks_skip_is_the_end_of_the_gap_and_one_that_comes_twice_the_first(
    zone: str, day: date, wall: time, utc: str
) -> None:
    assert moment_of(day, wall, ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_day_without_a_midnight_starts_after_the_gap() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    assert start_of(date(2018, 11, 4), zone).astimezone(zone).time() == time(1)


def test_slots_that_fall_on_the_same_moment_are_one() -> None:
    slots = (WeeklySlots((6,), (time(2, 15), HALF_PAST_TWO)), WeeklySlots((5, 6), (time(3),)))
    assert len(moments_on(date(2027, 3, 28), slots, BERLIN)) == 1
    assert len(moments_on(date(2027, 4, 4), slots, BERLIN)) == 3
    assert moments_on(date(2027, 4, 5), slots, BERLIN) == []
