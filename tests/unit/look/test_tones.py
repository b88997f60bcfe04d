from __future__ import annotations

import pytest
from PIL import Image

from pipeline.look.tones import CELLS, tones_of


def halves(upper: str, lower: str, size: tuple[int, int] = (120, 240)) -> Image.Image:
    picture = Image.new("RGB", size, upper)
    picture.paste(lower, (0, size[1] // 2, size[0], size[1]))
    return picture


def test_each_cell_tells_how_light_its_place_is() -> None:
    tones = tones_of([halves("#ffffff", "#000000")])
    assert (tones.columns, tones.rows) == (CELLS // 2, CELLS)
    middle = len(tones.mean) // 2
    assert set(tones.mean[:middle]) == {1.0}
    assert set(tones.mean[middle:]) == {0.0}


def test_grey_is_told_as_light_not_as_a_number_in_a_file() -> None:
    assert tones_of([Image.new("RGB", (64, 64), "#808080")]).mean[0] == pytest.approx(0.216, abs=0.002)


def test_what_a_video_shows_at_any_moment_counts() -> None:
    tones = tones_of([Image.new("RGB", (64, 64), colour) for colour in ("#000000", "#ffffff")])
    assert (tones.darkest[0], tones.mean[0], tones.lightest[0]) == (0.0, 0.5, 1.0)


def test_a_speck_of_light_does_not_make_a_place_light() -> None:
    picture = Image.new("RGB", (24 * 10, 24 * 10))
    picture.putpixel((3, 3), (255, 255, 255))
    assert tones_of([picture]).lightest[0] == 0.0
