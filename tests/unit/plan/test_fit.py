from __future__ import annotations

import pytest

from pipeline.model import Rect, Size
from pipeline.plan.fit import crop_note, enlargement_note, place

CANVAS = Size(1080, 1920)
SCREEN = Rect(0, 0, 1080, 1920)


def test_a_landscape_picture_is_as_wide_as_the_canvas_and_in_its_middle() -> None:
    placement = place(Size(1920, 1080), CANVAS, "blur")
    assert placement.crop == Rect(0, 0, 1920, 1080)
    assert placement.frame == Rect(0, 656, 1080, 608)


def test_a_picture_slimmer_than_the_canvas_is_as_high_as_the_canvas() -> None:
    assert place(Size(1000, 3000), CANVAS, "contain").frame == Rect(220, 0, 640, 1920)


def test_cover_cuts_the_canvas_shape_out_of_the_middle() -> None:
    placement = place(Size(1920, 1080), CANVAS, "cover")
    assert placement.crop == Rect(656, 0, 608, 1080)
    assert placement.frame == SCREEN


def test_cover_cuts_top_and_bottom_off_a_slim_picture() -> None:
    assert place(Size(900, 2000), CANVAS, "cover").crop == Rect(0, 200, 900, 1600)


def test_cover_keeps_the_focal_point_in_the_middle() -> None:
    assert place(Size(1920, 1080), CANVAS, "cover", (0.3, 0.9)).crop == Rect(272, 0, 608, 1080)


@pytest.mark.parametrize(("focal", "x"), [((0.0, 0.5), 0), ((1.0, 0.5), 1312)])
def test_a_focal_point_at_the_edge_keeps_the_crop_inside_the_picture(
    focal: tuple[float, float], x: int
) -> None:
    assert place(Size(1920, 1080), CANVAS, "cover", focal).crop.x == x


def test_a_picture_of_the_canvas_shape_fills_it_whatever_the_fit() -> None:
    for fit in ("blur", "contain", "cover"):
        placement = place(Size(1440, 2560), CANVAS, fit)
        assert placement.crop == Rect(0, 0, 1440, 2560)
        assert placement.fills(CANVAS)


def test_a_picture_that_misses_the_canvas_shape_by_a_sliver_loses_the_sliver() -> None:
    placement = place(Size(1080, 1930), CANVAS, "blur")
    assert placement.crop == Rect(0, 4, 1080, 1920)
    assert placement.frame == SCREEN


def test_a_picture_that_misses_the_canvas_shape_by_more_gets_a_background() -> None:
    assert not place(Size(1080, 1945), CANVAS, "blur").fills(CANVAS)


def test_a_single_pixel_can_be_placed() -> None:
    assert place(Size(1, 1), CANVAS, "cover") == place(Size(1, 1), CANVAS, "cover", (1.0, 1.0))


def test_people_are_told_when_a_picture_is_blown_up() -> None:
    source = Size(338, 600)
    note = enlargement_note(source, place(source, CANVAS, "blur"))
    assert note == "enlarged 3.2×: the source is only 338×600, it will look soft"


def test_people_are_not_bothered_when_a_picture_is_enlarged_a_little() -> None:
    source = Size(720, 1280)
    assert enlargement_note(source, place(source, CANVAS, "blur")) is None


def test_people_are_told_when_cover_hides_most_of_a_picture() -> None:
    source = Size(1920, 1080)
    assert crop_note(source, place(source, CANVAS, "cover")) == "cropped: 32% of the picture is seen"
    assert crop_note(source, place(source, CANVAS, "blur")) is None
