from __future__ import annotations

import pytest
from fakes.decorated import decorated, drawn_on, treated

from pipeline.model import TextStyle
from pipeline.plan.drawn.beneath import Beneath, luminance_of
from pipeline.plan.drawn.contrast import ENOUGH, contrast, ratio, readable


def test_black_on_white_is_21_to_1() -> None:
    assert ratio(luminance_of("#000000"), luminance_of("#ffffff")) == pytest.approx(21)


def test_white_words_stay_bare_on_a_dark_picture_and_get_a_box_on_a_light_one() -> None:
    style = TextStyle(at="bottom", backing="none")
    assert readable(style, (0.0, 0.1)).style == style
    boxed = readable(style, (0.5, 0.9))
    assert boxed.style.backing == "plate"
    assert "contrast with the picture was only 1.1" in boxed.why


def test_words_left_to_us_are_dark_on_light_and_light_on_dark() -> None:
    style = TextStyle(at="bottom", colour="auto", backing="none")
    assert readable(style, (0.8, 0.9)).style.colour == "#16181d"
    assert readable(style, (0.02, 0.05)).style.colour == "#ffffff"


@pytest.mark.parametrize("beneath", [(0.0, 0.05), (0.1, 0.4), (0.3, 0.8), (0.0, 1.0)])
@pytest.mark.parametrize("backing", ["none", "shadow", "plate", "shade"])
@pytest.mark.parametrize("colour", ["#ffffff", "#16181d", "#d7263d", "auto"])
def test_whatever_is_beneath_and_however_it_is_styled_words_can_be_read(
    beneath: tuple[float, float], backing: str, colour: str
) -> None:
    style = TextStyle(at="top", colour=colour, backing=backing)  # type: ignore[arg-type]
    assert contrast(readable(style, beneath).style, beneath) >= ENOUGH


def test_a_shade_is_no_stronger_than_it_must_be() -> None:
    style = TextStyle(at="bottom", backing="shade")
    dark, light = (readable(style, (0.0, level)).style.backing_opacity for level in (0.1, 0.6))
    assert dark < light


def test_a_box_is_drawn_behind_words_on_a_light_picture() -> None:
    dark = drawn_on(treated(decorated(caption="Hi", look="product", luminance=0.02)))
    mixed = drawn_on(treated(decorated(caption="Hi", look="product", luminance=None)))
    assert not dark.panels
    assert mixed.panels[0].box.width > mixed.words[0].box.width


def test_what_lies_beneath_is_found_through_crop_and_frame() -> None:
    import dataclasses

    from fakes.planning import CANVAS

    from pipeline.model import Rect, Size, Tones

    recipe = dataclasses.replace(
        treated(decorated()).recipe,
        crop=Rect(0, 0, 100, 100),
        frame=Rect(0, 420, 1080, 1080),
        background="#000000",
    )
    halves = Tones(1, 2, (0.9, 0.1), (0.9, 0.1), (0.9, 0.1))
    beneath = Beneath(halves, Size(100, 100), recipe, CANVAS)
    assert beneath.luminance(Rect(100, 500, 100, 100)) == (0.9, 0.9)
    assert beneath.luminance(Rect(100, 1300, 100, 100)) == (0.1, 0.1)
    assert beneath.luminance(Rect(100, 100, 100, 100)) == (0.0, 0.0)
