from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from fakes.planning import CANVAS, INSTAGRAM, WHATSAPP, asset, video

from pipeline.model import Fit, Recipe, Rect, Size
from pipeline.plan.canvas import (
    FILLED_AMPLE_BITS,
    FILLED_BITS,
    SMALLER_CANVAS,
    SURROUNDED_AMPLE_BITS,
    SURROUNDED_BITS,
    Bits,
    means_for,
    means_notes,
)
from pipeline.plan.terms import Look
from pipeline.plan.videos import video_recipe

LIMITS = WHATSAPP.video


def encoded(facts: dict[str, Any] | None = None, fit: Fit = "blur", max_bytes: int = 16_000_000) -> Recipe:
    """A minute that must be encoded."""
    profile = dataclasses.replace(WHATSAPP, video=dataclasses.replace(LIMITS, max_bytes=max_bytes))
    source = video(**{"duration_s": 60.0, "codec": "hevc", **(facts or {})})
    return video_recipe(asset(source), Look(fit, "#101010", "#ffffff"), profile)


def kbps_for(bits_per_pixel: float, fps: float = 30.0) -> int:
    return round(bits_per_pixel * CANVAS.width * CANVAS.height * fps / 1000)


@pytest.mark.parametrize(("enough", "filled"), [(FILLED_BITS, True), (SURROUNDED_BITS, False)])
def test_a_picture_that_fills_the_canvas_needs_more_bits(enough: float, *, filled: bool) -> None:
    kbps = kbps_for(enough)
    assert means_for(CANVAS, Bits(kbps + 1, 30), filled=filled).canvas == CANVAS
    assert means_for(CANVAS, Bits(kbps - 1, 30), filled=filled).canvas == SMALLER_CANVAS
    assert means_for(CANVAS, Bits(kbps - 1, 24), filled=filled).canvas == CANVAS


@pytest.mark.parametrize(("enough", "filled"), [(FILLED_AMPLE_BITS, True), (SURROUNDED_AMPLE_BITS, False)])
def test_where_bits_are_short_the_encoder_takes_its_time(enough: float, *, filled: bool) -> None:
    kbps = kbps_for(enough)
    ample, short = (means_for(CANVAS, Bits(rate, 30), filled=filled) for rate in (kbps + 1, kbps - 1))
    assert (ample.preset, ample.crf) == ("veryfast", 21)
    assert (short.preset, short.crf) == ("medium", 18)


def test_only_a_larger_canvas_of_the_same_shape_becomes_the_smaller_one() -> None:
    for canvas in (SMALLER_CANVAS, Size(270, 480), Size(1080, 1080), Size(1920, 1080)):
        assert means_for(canvas, Bits(100, 30), filled=True).canvas == canvas
    assert means_for(Size(2160, 3840), Bits(5_000, 30), filled=True).canvas == SMALLER_CANVAS


def test_a_minute_that_fills_the_screen_shrinks_and_says_why() -> None:
    recipe = encoded()
    assert (recipe.video_kbps, recipe.canvas) == (1926, SMALLER_CANVAS)
    assert recipe.frame == Rect(0, 0, 720, 1280)
    assert recipe.notes == ("720×1280, as 1080 would be blocky at 1.9 Mbit/s",)


def test_a_minute_amid_a_blur_stays_large_until_bits_are_really_short() -> None:
    landscape = {"width": 1920, "height": 1080}
    assert encoded(landscape).canvas == CANVAS
    assert encoded(landscape, "contain").canvas == CANVAS
    assert encoded(landscape, "cover").canvas == SMALLER_CANVAS
    shrunk = encoded(landscape, max_bytes=12_000_000)
    assert (shrunk.video_kbps, shrunk.canvas) == (1411, SMALLER_CANVAS)
    assert shrunk.frame.width == 720


def test_a_platform_with_room_gets_the_large_one() -> None:
    recipe = video_recipe(
        asset(video(duration_s=60.0, codec="hevc")), Look("blur", "#101010", "#ffffff"), INSTAGRAM
    )
    assert (recipe.canvas, recipe.notes) == (CANVAS, ())


def test_parts_that_can_be_sharp_are_not_shrunk() -> None:
    assert encoded({"duration_s": 70.0}).canvas == CANVAS


def test_nothing_is_said_of_the_usual_means() -> None:
    ample = Bits(5_000, 30)
    assert means_notes(CANVAS, means_for(CANVAS, ample, filled=True), ample) == ()


def test_a_longer_encode_is_announced() -> None:
    notes = encoded({"width": 1920, "height": 1080}).notes
    assert notes == ("encoded more thoroughly, which takes longer: 1.9 Mbit/s is little",)
