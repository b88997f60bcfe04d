"""When the next story may go out, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fakes.planning import NOW, QuietFrom

from pipeline.plan.pace import Limits, Quiet, Tried, Turn, turn

MINUTE = timedelta(minutes=1)
SETTLE = timedelta(minutes=15)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Pace:
    stories_per_day: int = 10
    stories_per_hour: int = 4
    spacing_seconds: tuple[float, float] = (60.0, 60.0)


LIMITS = Limits(Pace(), SETTLE)


def live(*minutes_ago: float) -> list[Tried]:
    return [Tried(NOW - minutes * MINUTE, live=True) for minutes in minutes_ago]


def test_the_first_story_has_its_turn_at_once() -> None:
    assert turn([], LIMITS, NOW) == Turn(NOW)


def test_a_pause_lies_between_two_stories() -> None:
    assert turn(live(0.5), LIMITS, NOW) == Turn(NOW + 0.5 * MINUTE, "a pause between two stories")


def test_the_fourth_story_of_an_hour_is_its_last() -> None:
    assert turn(live(50, 40, 30, 20), LIMITS, NOW) == Turn(NOW + 10 * MINUTE, "4 stories in an hour")


def test_the_tenth_story_of_a_day_is_its_last() -> None:
    told = turn(live(*(100 * number for number in range(1, 11))), LIMITS, NOW)
    assert told == Turn(NOW + (24 * 60 - 1000) * MINUTE, "10 stories in 24 hours")


def test_what_was_refused_asks_for_a_pause_only() -> None:
    refused = [Tried(one.at, live=False) for one in live(*range(2, 30))]
    assert turn(refused, LIMITS, NOW) == Turn(NOW)
    assert turn([Tried(NOW, live=False)], LIMITS, NOW).at == NOW + MINUTE


def test_after_a_doubtful_story_nothing_follows_before_it_has_settled() -> None:
    told = turn([Tried(NOW - 2 * MINUTE, live=True, doubtful=True)], LIMITS, NOW)
    assert told == Turn(NOW + 13 * MINUTE, "a story was in doubt just now")


def test_a_rest_is_kept_and_told_with_its_reason() -> None:
    until = NOW + timedelta(hours=5)
    resting = replace(LIMITS, rest_until=until, rest_reason="the account rests: please wait")
    assert turn([], resting, NOW) == Turn(until, "the account rests: please wait")
    assert turn([], resting, until) == Turn(until)


def test_quiet_hours_of_the_account_and_of_everything_are_both_kept() -> None:
    quiet = (Quiet(QuietFrom(time(18), time(20)), UTC), Quiet(QuietFrom(time(21), time(23)), BERLIN))
    told = turn([], replace(LIMITS, quiet=quiet), NOW)
    assert told == Turn(datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "quiet hours")


def test_a_pause_that_ends_in_quiet_hours_ends_with_them() -> None:
    quiet = (Quiet(QuietFrom(time(18, 1), time(19)), UTC),)
    told = turn([Tried(NOW, live=True)], replace(LIMITS, quiet=quiet), NOW)
    assert told == Turn(datetime(2026, 11, 23, 19, 0, tzinfo=UTC), "quiet hours")


def test_quiet_hours_that_leave_no_time_come_to_an_end_all_the_same() -> None:
    halves = (QuietFrom(time(0), time(12)), QuietFrom(time(12), time(0)))
    quiet = tuple(Quiet(half, UTC) for half in halves)
    assert turn([], replace(LIMITS, quiet=quiet), NOW).at > NOW + timedelta(days=7)


def test_the_pause_after_a_story_is_drawn_once() -> None:
    limits = Limits(Pace(spacing_seconds=(60, 180)), SETTLE)
    drawn = {turn([Tried(NOW + number * MINUTE, live=True)], limits, NOW).at for number in range(20)}
    assert drawn == {turn([Tried(NOW + number * MINUTE, live=True)], limits, NOW).at for number in range(20)}
    pauses = {(at - NOW).total_seconds() % 60 for at in drawn}
    assert len(pauses) > 15
