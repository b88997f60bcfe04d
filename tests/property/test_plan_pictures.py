"""Whatever the picture and the canvas: nothing is distorted, nothing leaves the canvas."""

from __future__ import annotations

from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.model import Fit, Size
from pipeline.plan.fit import Placement, place

SIDES = st.integers(16, 20_000)
SOURCES = st.builds(Size, SIDES, SIDES)
CANVASES = st.sampled_from([Size(1080, 1920), Size(720, 1280), Size(1080, 1080), Size(1920, 1080)])
FITS = st.sampled_from(get_args(Fit))
FOCALS = st.tuples(st.floats(0, 1), st.floats(0, 1))


def errors_px(placement: Placement) -> tuple[float, float]:
    """How far the shape of the crop and that of the frame are apart, in pixels of frame and crop."""
    crop, frame = placement.crop, placement.frame
    in_frame = min(
        abs(frame.width - frame.height * crop.width / crop.height),
        abs(frame.height - frame.width * crop.height / crop.width),
    )
    in_crop = min(
        abs(crop.width - crop.height * frame.width / frame.height),
        abs(crop.height - crop.width * frame.height / frame.width),
    )
    return in_frame, in_crop


@given(SOURCES, CANVASES, FITS, FOCALS)
@example(Size(16, 20_000), Size(1080, 1920), "contain", (0.5, 0.5))
def test_a_picture_is_never_distorted_beyond_rounding_to_even_pixels(
    source: Size, canvas: Size, fit: Fit, focal: tuple[float, float]
) -> None:
    placement = place(source, canvas, fit, focal)
    thinnest = min(placement.frame.width, placement.frame.height, placement.crop.width, placement.crop.height)
    assert min(errors_px(placement)) <= (1.001 if thinnest > 2 else 2)


@given(SOURCES, CANVASES, FITS, FOCALS)
def test_the_crop_lies_within_the_source_and_the_frame_within_the_canvas(
    source: Size, canvas: Size, fit: Fit, focal: tuple[float, float]
) -> None:
    placement = place(source, canvas, fit, focal)
    for rect, size in ((placement.crop, source), (placement.frame, canvas)):
        assert rect.x >= 0
        assert rect.y >= 0
        assert 0 < rect.width <= size.width - rect.x
        assert 0 < rect.height <= size.height - rect.y


@given(SOURCES, CANVASES, FITS, FOCALS)
def test_everything_on_the_canvas_is_even(
    source: Size, canvas: Size, fit: Fit, focal: tuple[float, float]
) -> None:
    frame = place(source, canvas, fit, focal).frame
    assert not any(length % 2 for length in (frame.x, frame.y, frame.width, frame.height))


@given(SOURCES, CANVASES, FITS, FOCALS)
def test_the_picture_reaches_both_edges_in_one_direction_at_least_and_is_centred(
    source: Size, canvas: Size, fit: Fit, focal: tuple[float, float]
) -> None:
    frame = place(source, canvas, fit, focal).frame
    assert frame.width == canvas.width or frame.height == canvas.height
    assert abs(canvas.width - frame.width - 2 * frame.x) <= 2
    assert abs(canvas.height - frame.height - 2 * frame.y) <= 2


@given(SOURCES, CANVASES, FOCALS)
def test_the_focal_point_is_always_seen(source: Size, canvas: Size, focal: tuple[float, float]) -> None:
    crop = place(source, canvas, "cover", focal).crop
    assert crop.x - 2 <= focal[0] * source.width <= crop.x + crop.width + 2
    assert crop.y - 2 <= focal[1] * source.height <= crop.y + crop.height + 2


@given(st.integers(200, 20_000), st.floats(-0.0099, 0.0099), FITS, FOCALS)
def test_within_a_hundredth_of_the_canvas_shape_nothing_is_left_for_a_background(
    width: int, off: float, fit: Fit, focal: tuple[float, float]
) -> None:
    source = Size(width, round(width * 16 / 9 / (1 + off)))
    if abs(source.width * 16 / (source.height * 9) - 1) < 0.01:
        assert place(source, Size(1080, 1920), fit, focal).fills(Size(1080, 1920))
