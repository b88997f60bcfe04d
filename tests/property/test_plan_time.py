"""Whatever the length and the limits: parts add up, budgets hold, rates stay in range."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from fakes.planning import QuietFrom
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.budget import affordable_kbps
from pipeline.plan.due import after_quiet_hours
from pipeline.plan.parts import Span, plays_for, split
from pipeline.plan.rates import output_fps

DURATIONS_S = st.floats(0.02, 8000)
LIMITS_S = st.sampled_from([1, 5.5, 15, 30, 43.33, 60, 90])
MOMENTS = st.integers(1_767_225_600, 1_830_297_600).map(lambda unix_s: datetime.fromtimestamp(unix_s, UTC))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"]
)


@given(DURATIONS_S, LIMITS_S)
def test_parts_follow_each_other_without_gap_and_add_up_to_the_whole(
    duration_s: float, limit_s: float
) -> None:
    halves = split(duration_s, limit_s)
    assert halves.parts[0].start_s == 0
    for part, following in zip(halves.parts, halves.parts[1:], strict=False):
        assert part.end_s == following.start_s
    assert halves.parts[-1].end_s + halves.trimmed_s == pytest.approx(max(duration_s, 0.001), abs=0.00051)


@given(DURATIONS_S, LIMITS_S)
def test_every_part_keeps_the_limit_and_all_are_of_one_length(duration_s: float, limit_s: float) -> None:
    lengths = [part.end_s - part.start_s for part in split(duration_s, limit_s).parts]
    assert max(lengths) <= limit_s + 1e-9
    assert max(lengths) - min(lengths) <= 0.001 + 1e-9


@given(DURATIONS_S, LIMITS_S, st.floats(0, 1))
def test_no_part_of_several_is_too_short(duration_s: float, limit_s: float, share: float) -> None:
    shortest_s = limit_s * share
    lengths = [part.end_s - part.start_s for part in split(duration_s, limit_s, shortest_s).parts]
    assert len(lengths) == 1 or min(lengths) >= shortest_s - 0.001


@given(DURATIONS_S, LIMITS_S)
def test_next_to_nothing_is_ever_cut_off(duration_s: float, limit_s: float) -> None:
    assert 0 <= split(duration_s, limit_s).trimmed_s <= min(0.5, limit_s / 100)


@given(st.floats(0.02, 90), st.floats(0.5, 5), st.floats(10, 90))
def test_repeating_reaches_the_least_and_keeps_the_limit(
    duration_s: float, min_seconds: float, max_seconds: float
) -> None:
    fps = 30000 / 1001
    plays = plays_for(duration_s, Span(min_seconds, max_seconds), fps)
    assert plays == 1 or int(plays * duration_s * fps + 0.02) / fps >= min_seconds - 1e-6
    assert plays * duration_s >= min_seconds - 1e-6
    assert plays == 1 or plays * duration_s <= max_seconds
    assert plays == 1 or (plays - 1) * duration_s < min_seconds + 1 / fps


@given(
    st.integers(10_000, 100_000_000),
    st.floats(0.5, 600),
    st.one_of(st.none(), st.sampled_from([64, 128, 192])),
)
def test_a_video_at_the_affordable_rate_never_exceeds_its_bytes(
    max_bytes: int, seconds: float, audio_kbps: int | None
) -> None:
    video_kbps = affordable_kbps(max_bytes, seconds, audio_kbps)
    buffer_kbit = 2 * video_kbps
    kbit = video_kbps * seconds + 0.9 * buffer_kbit + (audio_kbps or 0) * seconds
    index_bytes = seconds * (30 * 16 + 47 * 12)
    assert video_kbps <= 0 or kbit * 125 + index_bytes <= max_bytes


@given(
    fps=st.one_of(st.none(), st.floats(0.01, 1000)),
    vfr=st.booleans(),
    max_fps=st.sampled_from([24, 25, 30, 60]),
)
def test_a_rate_is_never_above_the_limit_nor_below_what_platforms_take(
    *, fps: float | None, vfr: bool, max_fps: float
) -> None:
    assert 23 <= output_fps(fps, vfr=vfr, max_fps=max_fps) <= max_fps


@given(
    MOMENTS,
    st.times(),
    st.times(),
    ZONES,
)
def test_quiet_hours_only_ever_delay_and_by_a_day_at_most(
    moment: datetime, start: time, end: time, zone: str
) -> None:
    due = after_quiet_hours(moment, QuietFrom(start, end), ZoneInfo(zone))
    assert 0 <= (due - moment).total_seconds() <= 25 * 3600
    if start != end:
        assert after_quiet_hours(due, QuietFrom(start, end), ZoneInfo(zone)) == due
