"""Small pictures, and what is seen in them."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from fakes.faces import WALL, lone_thing, with_faces
from fakes.planning import CANVAS
from PIL import Image, ImageDraw

from pipeline.look.faces import can_find_faces, faces_in
from pipeline.look.standing_out import STRIPS, strips_of
from pipeline.look.surround import sides_of
from pipeline.model import Scene, Size
from pipeline.plan.subject import focus_of

SIZE = (640, 360)


def focus(picture: Image.Image) -> tuple[float, float]:
    columns, rows = strips_of([picture])
    return focus_of(Scene(1, ((),), columns, rows), Size(*picture.size), CANVAS).point


@pytest.fixture
def detector() -> None:
    pytest.importorskip("dlib", reason="the extra storyrelay[faces] isn't installed")


@pytest.mark.parametrize("x", [120, 320, 520])
def test_a_lone_thing_on_a_table_is_found(x: int) -> None:
    assert focus(lone_thing(SIZE, (x, 200), 90))[0] == pytest.approx(x / 640, abs=0.02)


def test_two_things_at_either_end_leave_the_middle() -> None:
    both = lone_thing(SIZE, (90, 200), 80)
    both.paste(lone_thing(SIZE, (560, 200), 80).crop((500, 140, 620, 260)), (500, 140))
    assert focus(both) == (0.5, 0.5)


def test_noise_all_over_leaves_the_middle() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (360, 640, 3), dtype=np.uint8)
    assert focus(Image.fromarray(noise)) == (0.5, 0.5)


def test_the_tiniest_picture_has_strips_too() -> None:
    columns, rows = strips_of([Image.new("RGB", (2, 2))])
    assert (len(columns), len(rows)) == (STRIPS, STRIPS)


def test_sides_have_their_own_colours_whatever_touches_them() -> None:
    picture = Image.new("RGB", (200, 100), "#101010")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 199, 9), fill="#4060c0")
    draw.rectangle((0, 90, 199, 99), fill="#e0d0a0")
    draw.rectangle((60, 0, 90, 99), fill="#ff0000")
    top, right, bottom, left = sides_of([picture])
    assert (top.colour, bottom.colour) == ("#4060c0", "#e0d0a0")
    assert (right.colour, left.colour) == ("#101010", "#101010")
    assert top.spread > 0


def test_one_frame_that_differs_does_not_colour_the_sides_of_a_clip() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("#204060", "#204060", "#ffffff")]
    assert {side.colour for side in sides_of(frames)} == {"#204060"}


@pytest.mark.usefixtures("detector")
@pytest.mark.parametrize("faces", [((500, 180, 120),), ((120, 150, 80), (220, 160, 80)), ((320, 180, 200),)])
def test_every_face_is_found_where_it_is(faces: tuple[tuple[int, int, int], ...]) -> None:
    found = faces_in([with_faces(SIZE, *faces)])
    assert found is not None
    middles = sorted(((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in found[0])
    for (x, y), (wanted_x, wanted_y, _) in zip(middles, sorted(faces), strict=True):
        assert (x, y) == pytest.approx((wanted_x / 640, wanted_y / 360), abs=0.06)


@pytest.mark.usefixtures("detector")
def test_no_face_is_seen_in_a_thing_or_a_wall() -> None:
    assert faces_in([lone_thing(SIZE, (300, 200), 90), Image.new("RGB", SIZE, WALL)]) == ((), ())


def test_without_its_package_no_face_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    assert not can_find_faces()
    assert faces_in([Image.new("RGB", SIZE)]) is None
