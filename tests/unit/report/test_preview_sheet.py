"""The contact sheet: what is drawn where, and in which letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.sights import shot_of, sight_of
from PIL import Image

from pipeline.report.preview.layout import Card, lay_out, safe_rect
from pipeline.report.preview.sheet import draw_sheet, drawable, shortened


@pytest.fixture
def drawn(tmp_path: Path) -> tuple[Image.Image, tuple[Card, ...]]:
    """A sheet with a red, a green and a blue frame of a video, and one of a grey photo."""
    colours = ("#d02020", "#20d020", "#2020d0")
    shots = tuple(shot_of(tmp_path / f"{n}.jpg", colour, at_s=float(n)) for n, colour in enumerate(colours))
    photo = sight_of("a-very-long-name-of-a-photo-from-a-phone.jpg", (shot_of(tmp_path / "p.jpg"),))
    draw_sheet([sight_of(shots=shots), photo], tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        return sheet.convert("RGB"), lay_out([3, 1]).cards


def test_every_frame_stands_in_its_place(drawn: tuple[Image.Image, tuple[Card, ...]]) -> None:
    sheet, cards = drawn
    middles = [
        sheet.getpixel((frame.x + frame.width // 2, frame.y + frame.height // 2)) for frame in cards[0].frames
    ]
    strongest = [max(range(3), key=lambda band: middle[band]) for middle in map(tuple, map(as_rgb, middles))]
    assert strongest == [0, 1, 2]


def as_rgb(pixel: object) -> tuple[int, ...]:
    assert isinstance(pixel, tuple)
    return pixel


def test_what_the_apps_cover_is_darker_than_the_safe_area(
    drawn: tuple[Image.Image, tuple[Card, ...]],
) -> None:
    sheet, cards = drawn
    (frame,) = cards[1].frames
    safe = safe_rect(frame, sight_of().safe_area)
    inside = as_rgb(sheet.getpixel((safe.x + safe.width // 2, safe.y + safe.height // 2)))
    above = as_rgb(sheet.getpixel((frame.x + frame.width // 2, frame.y + 10)))
    line = [as_rgb(sheet.getpixel((x, safe.y)))[0] for x in range(safe.x, safe.x + safe.width)]
    assert inside[0] == pytest.approx(192, abs=4)
    assert above[0] == pytest.approx(192 * (1 - 84 / 255), abs=4)
    assert max(line) > 230


def test_words_stay_on_their_card(drawn: tuple[Image.Image, tuple[Card, ...]]) -> None:
    sheet, cards = drawn
    card, words = cards[1].place, cards[1].words
    right_of_words = sheet.crop((words.x + words.width + 1, words.y, card.x + card.width - 1, words.y + 40))
    assert len(right_of_words.getcolors() or []) == 1
    assert len(sheet.crop((words.x, words.y, words.x + words.width, words.y + 20)).getcolors(9999) or []) > 2


def test_a_name_that_is_too_long_loses_its_middle_and_keeps_its_suffix() -> None:
    assert shortened("beach.mp4", 12, len) == "beach.mp4"
    short = shortened("a-long-day-at-the-beach.mp4", 15, len)
    assert len(short) == 15
    assert short.startswith("a-long")
    assert short.endswith(".mp4")


@pytest.mark.parametrize(
    ("name", "drawn_as"),
    [("café–größe.jpg", "cafe-grosse.jpg"), ("海.mp4", "?.mp4"), ("a\u0301.gif", "a.gif")],
)
def test_letters_that_the_font_lacks_are_replaced(name: str, drawn_as: str) -> None:
    assert drawable(name) == drawn_as
