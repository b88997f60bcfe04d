"""Whatever the hours, the zone and the times of the runs: told when due, never twice, never at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from fakes.planning import QuietFrom
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.due import after_quiet_hours
from pipeline.plan.reminders import GATHER, Manner, Waiting, is_due, moments

MINUTE = timedelta(minutes=1)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]).map(ZoneInfo)
WALL = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
QUIET = st.none() | st.tuples(WALL, WALL).filter(lambda two: two[0] != two[1]).map(
    lambda two: QuietFrom(*two)
)
OFFERED = st.integers(1_767_225_600, 1_830_297_600).map(lambda unix_s: datetime.fromtimestamp(unix_s, UTC))
HOURS = st.floats(0.1, 30).map(lambda hours: timedelta(hours=hours))
MANNERS = st.builds(
    Manner,
    ready=st.booleans(),
    after=st.lists(HOURS, max_size=4).map(tuple),
    before_end=st.none() | HOURS,
    quiet=QUIET,
    zone=ZONES,
)
RUNS = st.lists(st.integers(0, 40 * 60), max_size=40, unique=True).map(sorted)


def tellings(waiting: Waiting, manner: Manner, runs: list[datetime]) -> Waiting:
    """What all the runs tell, one after the other."""
    for at in runs:
        if is_due(waiting, manner, at):
            waiting = replace(waiting, told=(*waiting.told, at))
    return waiting


@given(MANNERS, OFFERED, st.none() | HOURS, RUNS)
def test_a_person_is_told_at_each_moment_once_and_at_no_other(
    manner: Manner, offered: datetime, lives: timedelta | None, minutes: list[int]
) -> None:
    waiting = Waiting(offered, offered + lives if lives else None)
    runs = [offered + at * MINUTE for at in minutes]
    told = tellings(waiting, manner, runs).told
    due = moments(waiting, manner)
    assert list(due) == sorted(set(due))
    assert len(told) <= len(due)
    for at in told:
        assert any(moment <= at for moment in due)
        assert waiting.until is None or at < waiting.until
        assert after_quiet_hours(at, manner.quiet, manner.zone) == at
    for earlier, later in pairwise(told):
        assert any(earlier < moment <= later for moment in due)
    for moment in due:
        assert offered <= moment
        assert waiting.until is None or moment < waiting.until
        assert after_quiet_hours(moment, manner.quiet, manner.zone) == moment


@given(MANNERS, OFFERED, st.none() | HOURS, RUNS)
def test_no_moment_is_passed_over_by_the_first_run_that_may_speak_after_it(
    manner: Manner, offered: datetime, lives: timedelta | None, minutes: list[int]
) -> None:
    waiting = Waiting(offered, offered + lives if lives else None)
    runs = [offered + at * MINUTE for at in minutes]
    told = tellings(waiting, manner, runs).told
    for moment in moments(waiting, manner):
        for at in runs:
            awake = after_quiet_hours(at, manner.quiet, manner.zone) == at
            if at >= moment and awake and (waiting.until is None or at < waiting.until):
                assert any(moment - GATHER <= one <= at for one in told)
                break


def test_these_properties_look_at_something() -> None:
    manner = Manner(True, (timedelta(hours=2),), None, QuietFrom(time(22), time(7)), ZoneInfo("UTC"))
    waiting = Waiting(datetime(2026, 11, 23, 18, tzinfo=UTC), None)
    runs = [waiting.since + quarter * 15 * MINUTE for quarter in range(96)]
    assert len(tellings(waiting, manner, runs).told) == 2
