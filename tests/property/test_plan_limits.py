"""Whatever the source and the limits: no part is planned beyond them, and bits decide the canvas one way."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from fakes.planning import CANVAS, WHATSAPP, asset, video
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BudgetError
from pipeline.model import Cut, Facts, Profile, Recipe, Size, VideoLimits
from pipeline.plan.budget import most_bytes
from pipeline.plan.canvas import Bits, means_for
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe

BLUR = Look("blur", "#101010", "#ffffff")
LIMITS = st.builds(
    VideoLimits,
    max_seconds=st.sampled_from([10.0, 15.0, 60.0, 90.0]),
    min_seconds=st.sampled_from([0.0, 1.0, 3.0, 9.0]),
    max_bytes=st.integers(200_000, 100_000_000),
    max_fps=st.just(30.0),
    max_video_kbps=st.integers(500, 20_000),
    audio_kbps=st.just(128),
)
PROFILES = st.builds(lambda limits: dataclasses.replace(WHATSAPP, video=limits), LIMITS)
GOPS = st.lists(st.tuples(st.integers(300, 9_000), st.integers(1_000, 4_000_000)), min_size=4, max_size=60)


def sources(gops: list[tuple[int, int]]) -> Facts:
    """A compliant video made of stretches that last so many ms and take so many bytes."""
    cuts = [Cut(0.0, 0)]
    for lasts_ms, count in gops:
        cuts.append(Cut(round(cuts[-1].at_s + lasts_ms / 1000, 3), cuts[-1].bytes_before + count))
    return video(duration_s=cuts[-1].at_s, bytes=cuts[-1].bytes_before, audio=None, cuts=tuple(cuts))


def planned(facts: Facts, profile: Profile) -> Recipe | None:
    try:
        return video_recipe(asset(facts), BLUR, profile)
    except BudgetError:
        return None


@given(GOPS, PROFILES)
def test_a_copy_is_cut_at_key_frames_into_parts_within_every_limit(
    gops: list[tuple[int, int]], profile: Profile
) -> None:
    facts, limits = sources(gops), profile.video
    recipe = planned(facts, profile)
    if recipe is None or recipe.action == "transcode" or len(recipe.parts) == 1:
        return
    before = {cut.at_s: cut.bytes_before for cut in facts.cuts}
    assert (recipe.parts[0].start_s, recipe.parts[-1].end_s) == (0.0, facts.duration_s)
    assert all(one.end_s == other.start_s for one, other in pairwise(recipe.parts))
    for part in recipe.parts:
        seconds = part.end_s - part.start_s
        needed = before[part.end_s] - before[part.start_s]
        assert limits.min_seconds <= seconds <= limits.max_seconds
        assert needed < limits.max_bytes
        assert needed * 8 / 1000 / seconds <= limits.max_video_kbps + limits.audio_kbps


@given(GOPS, PROFILES)
def test_no_encode_is_planned_above_its_budget(gops: list[tuple[int, int]], profile: Profile) -> None:
    recipe = planned(dataclasses.replace(sources(gops), codec="hevc", cuts=()), profile)
    if recipe is None:
        return
    assert recipe.video_kbps is not None
    longest_s = max(part.end_s - part.start_s for part in recipe.parts)
    assert most_bytes(recipe.video_kbps, longest_s, recipe.audio_kbps) <= profile.video.max_bytes * 1.001
    assert recipe.max_bytes <= profile.video.max_bytes
    assert recipe.canvas in {CANVAS, Size(720, 1280)}


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(100, 4_000))
def test_more_bits_never_make_the_canvas_smaller(kbps: int, more: int, width: int) -> None:
    canvas = Size(width, width * 16 // 9)
    for filled in (True, False):
        few, many = (means_for(canvas, Bits(rate, 30), filled=filled).canvas for rate in (kbps, kbps + more))
        assert few.width <= many.width <= canvas.width
    full, amid = (means_for(canvas, Bits(kbps, 30), filled=filled).canvas for filled in (True, False))
    assert full.width <= amid.width
