from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Facts, Material, Motion, Rect, Size, Take
from pipeline.reformat.compose.camera import window_at

CANVAS = Size(1080, 1920)
ROOMY = Size(1350, 2400)
PHOTO = Material(Path("a"), "0", Facts("photo", 1350, 2400, 1, "jpeg", "jpeg", "RGB"))


def take(motion: Motion, canvas: Size = ROOMY, **changes: Any) -> Take:
    everything = Rect(0, 0, canvas.width, canvas.height)
    return Take(PHOTO, canvas, everything, everything, None, "#ffffff", 4.0, motion=motion, **changes)


@pytest.mark.parametrize("motion", ["none", "zoom-in", "zoom-out", "pan"])
@pytest.mark.parametrize("canvas", [ROOMY, CANVAS, Size(1080, 2400), Size(1400, 1920)])
@pytest.mark.parametrize("focal", [(0.0, 0.0), (0.5, 0.5), (1.0, 0.2)])
def test_the_camera_never_looks_beyond_the_edge_nor_distorts(
    motion: Motion, canvas: Size, focal: tuple[float, float]
) -> None:
    for step in range(21):
        left, top, right, bottom = window_at(take(motion, canvas, focal=focal), CANVAS, step / 20)
        assert -1e-6 <= left < right <= canvas.width + 1e-6
        assert -1e-6 <= top < bottom <= canvas.height + 1e-6
        assert (right - left) / (bottom - top) == pytest.approx(1080 / 1920)


def test_the_camera_goes_towards_the_focal_point_and_no_closer_than_pixel_for_pixel() -> None:
    zooming = take("zoom-in", focal=(0.5, 0.6))
    assert window_at(zooming, CANVAS, 0.0) == pytest.approx((0, 0, 1350, 2400))
    assert window_at(zooming, CANVAS, 1.0) == pytest.approx((135, 480, 1215, 2400))
    leaving = take("zoom-out", focal=(0.5, 0.6))
    assert window_at(leaving, CANVAS, 0.0) == pytest.approx(window_at(zooming, CANVAS, 1.0))


def test_the_camera_pans_along_the_side_with_more_room() -> None:
    assert window_at(take("pan"), CANVAS, 0.0)[1] == 0
    assert window_at(take("pan"), CANVAS, 1.0)[3] == 2400
    wide = take("pan", Size(1900, 1920))
    assert window_at(wide, CANVAS, 0.0)[0] == 0
    assert window_at(wide, CANVAS, 1.0)[2] == 1900


def test_the_camera_starts_and_ends_at_rest() -> None:
    moving = take("pan")
    tops = [window_at(moving, CANVAS, step / 120)[1] for step in range(121)]
    steps = [after - before for before, after in itertools.pairwise(tops)]
    assert min(steps) > 0
    assert steps[0] < 0.2
    assert steps[-1] < 0.2
    jerks = [abs(after - before) for before, after in itertools.pairwise(steps)]
    assert max(jerks) < 0.2
