"""Whatever the limits and the history: no window holds too much, pauses and quiet hours are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fakes.planning import QuietFrom
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.pace import DAY, HOUR, Limits, Quiet, Tried, spacing, turn

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe")]
AROUND_DST = [
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 12, tzinfo=UTC),
    datetime(2026, 4, 4, 3, tzinfo=UTC),
    datetime(2026, 11, 23, 18, tzinfo=UTC),
]
SETTLE = timedelta(minutes=15)
Calls = list[tuple[float, str]]
"""Gaps in seconds, and how the attempt after each ends."""


@dataclass(frozen=True)
class FakePace:
    stories_per_day: int
    stories_per_hour: int
    spacing_seconds: tuple[float, float]


paces = st.builds(
    FakePace,
    st.integers(1, 12),
    st.integers(1, 5),
    st.tuples(st.floats(0, 600), st.floats(0, 7200)).map(lambda pair: (min(pair), max(pair))),
)
written = st.times().map(lambda at: at.replace(fold=0))  # nobody can write which of two 2 o'clocks is meant
hours = st.none() | st.tuples(written, written).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: QuietFrom(pair[0].replace(second=0, microsecond=0), pair[1].replace(second=0, microsecond=0))
).filter(lambda quiet: quiet.start != quiet.end)
calls = st.lists(
    st.tuples(st.floats(0, 5 * 3600), st.sampled_from(["live", "doubtful", "refused"])),
    min_size=1,
    max_size=30,
)


def is_quiet(moment: datetime, quiet: Quiet) -> bool:
    if quiet.hours is None:
        return False
    wall: time = moment.astimezone(quiet.zone).time()
    start, end = quiet.hours.start, quiet.hours.end
    return start <= wall < end if start < end else wall >= start or wall < end


@given(paces, hours, st.sampled_from(ZONES), st.sampled_from(AROUND_DST), calls)
def test_who_keeps_to_the_turns_never_passes_a_limit(
    pace: FakePace,
    quiet_hours: QuietFrom | None,
    zone: ZoneInfo,
    start: datetime,
    calls: list[tuple[float, str]],
) -> None:
    quiet = Quiet(quiet_hours, zone)
    limits = Limits(pace, SETTLE, (quiet, Quiet(None, UTC)))
    tried: list[Tried] = []
    now = start
    for gap_s, end in calls:
        now += timedelta(seconds=gap_s)
        own = turn([one for one in tried if one.at > now - limits.memory], limits, now)
        assert own.at >= now
        assert (own.at > now) == (own.reason is not None)
        now = own.at
        assert not is_quiet(now, quiet)
        if tried:
            assert now >= tried[-1].at + spacing(tried[-1], pace)
            assert pace.spacing_seconds[0] <= spacing(tried[-1], pace).total_seconds() + 1e-6
            assert spacing(tried[-1], pace).total_seconds() <= pace.spacing_seconds[1] + 1e-6
        assert all(now >= one.at + SETTLE for one in tried if one.doubtful)
        tried.append(Tried(now, end != "refused", end == "doubtful"))
    live = [one.at for one in tried if one.live]
    for window, most in ((DAY, pace.stories_per_day), (HOUR, pace.stories_per_hour)):
        assert all(len([at for at in live if begin <= at < begin + window]) <= most for begin in live)


@given(paces, st.sampled_from(AROUND_DST), st.lists(st.floats(0, 30 * 3600), max_size=12))
def test_a_turn_is_the_first_moment_that_is_allowed(
    pace: FakePace, now: datetime, ages_s: list[float]
) -> None:
    tried = [Tried(now - timedelta(seconds=age_s), live=True) for age_s in ages_s]
    own = turn(tried, Limits(pace, SETTLE), now)
    assert turn(tried, Limits(pace, SETTLE), own.at).at == own.at
    if own.at > now:
        before = own.at - timedelta(milliseconds=1)
        assert turn(tried, Limits(pace, SETTLE), before).at == own.at


@given(paces, st.floats(25 * 3600, 10**9))
def test_a_clock_that_was_far_ahead_once_holds_nothing_back(pace: FakePace, ahead_s: float) -> None:
    now = AROUND_DST[0]
    tried = [Tried(now + timedelta(seconds=ahead_s), live=True)] * 20
    assert turn(tried, Limits(pace, SETTLE), now).at == now
