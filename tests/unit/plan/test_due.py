from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from fakes.planning import QuietFrom

from pipeline.plan.due import Window, after_quiet_hours, due_at, why_never

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietFrom(time(22), time(7))
NOON = QuietFrom(time(12), time(14))


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def window(
    before: datetime | None = None, after: datetime | None = None, quiet: QuietFrom | None = None
) -> Window:
    return Window(before, after, quiet, BERLIN)


def test_without_conditions_it_is_due_now() -> None:
    assert due_at(window(), berlin(23, 18)) is None


def test_a_time_to_come_is_waited_for() -> None:
    assert due_at(window(before=berlin(24, 9)), berlin(23, 18)) == berlin(24, 9)


def test_a_time_gone_by_is_now() -> None:
    assert due_at(window(before=berlin(22, 9)), berlin(23, 18)) is None


def test_the_night_is_waited_out_before_and_after_midnight() -> None:
    assert due_at(window(quiet=NIGHT), berlin(23, 23)) == berlin(24, 7)
    assert due_at(window(quiet=NIGHT), berlin(24, 3)) == berlin(24, 7)


def test_quiet_hours_begin_and_end_on_the_minute() -> None:
    assert due_at(window(quiet=NIGHT), berlin(23, 22)) == berlin(24, 7)
    assert due_at(window(quiet=NIGHT), berlin(23, 7)) is None


def test_quiet_hours_may_lie_within_a_day() -> None:
    assert due_at(window(quiet=NOON), berlin(23, 13)) == berlin(23, 14)
    assert due_at(window(quiet=NOON), berlin(23, 15)) is None


def test_a_time_to_come_inside_the_quiet_hours_moves_behind_them() -> None:
    assert due_at(window(before=berlin(25, 23, 30), quiet=NIGHT), berlin(23, 18)) == berlin(26, 7)


def test_the_end_is_by_the_wall_clock_on_the_day_the_clocks_go_forward() -> None:
    due = due_at(window(quiet=NIGHT), berlin(28, 23, month=3))
    assert due == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_an_end_that_the_clocks_skip_falls_after_the_gap() -> None:
    quiet = QuietFrom(time(22), time(2, 30))
    due = after_quiet_hours(berlin(29, 1, month=3), quiet, BERLIN)
    assert due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert due.astimezone(BERLIN).time() == time(3, 30)


def test_an_end_that_comes_twice_is_never_before_the_moment() -> None:
    quiet = QuietFrom(time(22), time(2, 30))
    second_time = berlin(25, 2, 15, month=10, fold=1)
    assert after_quiet_hours(second_time, quiet, BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_due_times_are_utc() -> None:
    due = due_at(window(before=berlin(24, 9)), berlin(23, 18))
    assert due is not None
    assert due.tzinfo is UTC


def test_a_story_whose_time_is_over_is_never_due() -> None:
    reason = why_never(window(after=berlin(23, 17)), berlin(23, 18))
    assert reason == "its time is over: not_after was 2026-11-23 17:00 CET"


def test_a_story_that_may_only_go_out_after_its_end_is_never_due() -> None:
    reason = why_never(window(after=berlin(23, 23, 59), quiet=NIGHT), berlin(23, 22, 30))
    assert reason == (
        "no time is left for it: not_after is 2026-11-23 23:59 CET, "
        "and it isn't allowed before 2026-11-24 07:00 CET"
    )


def test_a_story_with_time_left_is_due() -> None:
    assert why_never(window(after=berlin(24, 12), quiet=NIGHT), berlin(23, 23)) is None
