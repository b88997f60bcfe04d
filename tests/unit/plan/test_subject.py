from __future__ import annotations

import pytest
from fakes.planning import CANVAS
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Scene, Size
from pipeline.plan.fit import place
from pipeline.plan.subject import focus_of

WIDE = Size(1600, 900)
TALL = Size(900, 2400)
CALM = (0.0,) * 32
FRACTIONS = st.floats(0, 1)


def face(middle: float, height: float = 0.2) -> Box:
    return Box(middle - height * 0.28, 0.3, middle + height * 0.28, 0.3 + height)


def scene(*moments: tuple[Box, ...], columns: tuple[float, ...] = CALM) -> Scene:
    return Scene(len(moments), moments, columns, CALM)


def strips(*shares: tuple[int, float]) -> tuple[float, ...]:
    """32 strips; `shares` are (number, how much of it stands out)."""
    return tuple(dict(shares).get(number, 0.0) for number in range(32))


def kept(seen: Scene, source: Size = WIDE) -> tuple[float, float]:
    """What a crop shows of the longer side, in fractions."""
    crop = place(source, CANVAS, "cover", focus_of(seen, source, CANVAS).point).crop
    if source is TALL:
        return crop.y / source.height, (crop.y + crop.height) / source.height
    return crop.x / source.width, (crop.x + crop.width) / source.width


def test_a_crop_has_the_face_in_its_middle() -> None:
    focus = focus_of(scene((face(0.75),)), WIDE, CANVAS)
    assert focus.point == pytest.approx((0.75, 0.5))
    assert focus.why == "cropped round the face"


def test_a_tall_picture_is_cropped_round_the_height_of_the_face() -> None:
    assert focus_of(scene((face(0.1),)), TALL, CANVAS).point == pytest.approx((0.5, 0.4))


def test_two_faces_that_fit_are_both_seen() -> None:
    seen = scene((face(0.1), face(0.3)))
    start, end = kept(seen)
    assert start <= 0.1 - 0.056 + 0.01
    assert end >= 0.3 + 0.056 - 0.01
    assert focus_of(seen, WIDE, CANVAS).why == "cropped round 2 faces"


def test_of_faces_that_lie_too_far_apart_most_are_seen() -> None:
    seen = scene((face(0.1), face(0.7), face(0.85)))
    start, end = kept(seen)
    assert start < 0.65
    assert end > 0.9
    assert focus_of(seen, WIDE, CANVAS).why == "cropped round 2 of 3 faces: not all fit"


def test_somebody_far_behind_does_not_move_the_crop() -> None:
    assert focus_of(scene((face(0.8, 0.5), face(0.55, 0.1))), WIDE, CANVAS).point[0] == pytest.approx(0.8)


def test_a_face_larger_than_the_crop_is_cut_evenly() -> None:
    close_up = Box(0.3, 0.0, 0.9, 1.0)
    assert focus_of(scene((close_up,)), WIDE, CANVAS).point[0] == pytest.approx(0.6)


def test_a_face_that_moves_through_a_clip_stays_in_one_crop() -> None:
    moments = tuple((face(0.55 + step * 0.04),) for step in range(5))
    start, end = kept(scene(*moments))
    assert start < 0.55 - 0.056
    assert end > 0.71 + 0.056


def test_what_looks_like_a_face_only_once_in_a_clip_is_none() -> None:
    seen = scene((), (face(0.9),), (), (), ())
    assert focus_of(seen, WIDE, CANVAS).point == (0.5, 0.5)


def test_faces_of_two_moments_in_a_clip_count() -> None:
    seen = scene((), (face(0.8),), (), (face(0.82),), ())
    assert focus_of(seen, WIDE, CANVAS).point[0] == pytest.approx(0.81)


def test_without_a_face_the_one_thing_that_stands_out_is_kept() -> None:
    seen = scene((), columns=strips((24, 0.3), (25, 0.4), (26, 0.3)))
    focus = focus_of(seen, WIDE, CANVAS)
    assert focus.point[0] == pytest.approx(25.5 / 32, abs=0.01)
    assert focus.why == "cropped round what stands out"


@pytest.mark.parametrize(
    "columns",
    [
        CALM,
        strips((24, 0.3), (3, 0.3)),
        tuple(0.3 for _ in range(32)),
        tuple(0.6 if number > 20 else 0.08 for number in range(32)),
        strips((24, 0.01)),
        (),
    ],
    ids=["nothing", "two things", "all of it", "on busy ground", "a speck", "never asked"],
)
def test_where_nothing_clearly_stands_out_the_middle_is_kept(columns: tuple[float, ...]) -> None:
    focus = focus_of(scene((), columns=columns), WIDE, CANVAS)
    assert focus.point == (0.5, 0.5)
    assert focus.why == "cropped to the middle: no face is seen, and nothing stands out"


def test_a_picture_that_cannot_be_looked_at_is_cropped_to_the_middle() -> None:
    for seen in (None, Scene(0)):
        assert focus_of(seen, WIDE, CANVAS).why == "cropped to the middle: it couldn't be looked at"


def test_it_is_told_when_faces_are_not_looked_for() -> None:
    assert "faces can't be looked for" in focus_of(Scene(1, None, CALM, CALM), WIDE, CANVAS).why


@given(st.lists(st.tuples(FRACTIONS, FRACTIONS, st.floats(0.05, 1)), min_size=1, max_size=6))
def test_the_chosen_point_lies_within_the_picture_and_one_face_at_least_is_seen(
    faces: list[tuple[float, float, float]],
) -> None:
    boxes = tuple(
        Box(max(0.0, x - high / 4), max(0.0, y - high / 2), min(1.0, x + high / 4), min(1.0, y + high / 2))
        for x, y, high in faces
    )
    point = focus_of(scene(boxes), WIDE, CANVAS).point
    start, end = kept(scene(boxes))
    assert 0 <= point[0] <= 1
    assert any(box.left < end and box.right > start for box in boxes)


@given(st.floats(0.1, 0.9), st.floats(-0.1, 0.1))
def test_faces_that_fit_in_one_crop_are_all_seen_whole(middle: float, apart: float) -> None:
    boxes = (face(middle), face(min(0.94, max(0.06, middle + apart))))
    start, end = kept(scene(boxes))
    assert start - 0.002 <= max(0.0, min(box.left for box in boxes))
    assert end + 0.002 >= min(1.0, max(box.right for box in boxes))
