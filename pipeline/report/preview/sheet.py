"""The contact sheet: every rendition's frames, with the safe area and the facts, as one PNG."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Rect, Size
from pipeline.report.preview.layout import (
    FRAME,
    LINE_PX,
    MARGIN_PX,
    Card,
    contained,
    lay_out,
    safe_rect,
)
from pipeline.report.preview.sight import Shot, Sight, sights_in_words
from pipeline.report.words import name_of, seconds
from pipeline.tools.picture import opened

GROUND, CARD, SCREEN = "#14161b", "#21242c", "#000000"
BRIGHT, PLAIN, FAINT, ACCENT = "#f3f4f6", "#c3c8d2", "#8f96a5", "#7fd4a8"
TITLE_POINTS, NAME_POINTS, TEXT_POINTS, SMALL_POINTS = 30, 20, 17, 14
NAME_LIFT_PX = 5
OUTSIDE = (0, 0, 0, 84)
LINE, SHADOW, BEHIND_LABEL = (255, 255, 255, 220), (0, 0, 0, 150), (0, 0, 0, 130)
DASH_PX, DASH_GAP_PX = 7, 5
LABEL = "safe area"
LEGEND = "Inside the dashed line, the apps' own buttons and bars cover nothing."
PLAIN_SIGNS = str.maketrans({"–": "-", "—": "-", "×": "x", "\u2019": "'", "ß": "ss", "·": "-"})


def draw_sheet(sights: Sequence[Sight], target: Path) -> None:
    """Write the PNG. Raises ConfigError when there are too many for one."""
    layout = lay_out([len(sight.shots) for sight in sights])
    sheet = Image.new("RGB", (layout.size.width, layout.size.height), GROUND)
    pen = ImageDraw.Draw(sheet)
    _draw_title(pen, sights)
    for sight, card in zip(sights, layout.cards, strict=True):
        pen.rounded_rectangle(_box(card.place), 12, fill=CARD)
        for shot, place in zip(sight.shots, card.frames, strict=True):
            _draw_shot(sheet, sight, shot, place)
        _draw_words(pen, sight, card)
    sheet.save(target, "PNG", compress_level=6)


def _draw_title(pen: ImageDraw.ImageDraw, sights: Sequence[Sight]) -> None:
    title = "Preview: " + sights_in_words(sights)
    pen.text((MARGIN_PX, MARGIN_PX - 6), title, BRIGHT, _font(TITLE_POINTS))
    pen.text((MARGIN_PX, MARGIN_PX + 34), LEGEND, FAINT, _font(TEXT_POINTS))


def _draw_shot(sheet: Image.Image, sight: Sight, shot: Shot, place: Rect) -> None:
    canvas = contained(sight.canvas, place)
    screen = Image.new("RGB", (canvas.width, canvas.height), SCREEN)
    inside = Rect(0, 0, canvas.width, canvas.height)
    with opened(shot.picture, "jpeg") as picture:
        spot = contained(Size(*picture.size), inside)
        small = picture.convert("RGB").resize((spot.width, spot.height), Image.Resampling.LANCZOS)
    screen.paste(small, (spot.x, spot.y))
    lined = Image.alpha_composite(
        screen.convert("RGBA"), _overlay(inside, safe_rect(inside, sight.safe_area))
    )
    sheet.paste(lined.convert("RGB"), (canvas.x, canvas.y))
    if shot.at_s is not None:
        pen = ImageDraw.Draw(sheet)
        middle = (place.x + place.width / 2, place.y + FRAME.height + 6)
        pen.text(middle, seconds(shot.at_s), FAINT, _font(SMALL_POINTS), anchor="ma")


def _overlay(canvas: Rect, safe: Rect) -> Image.Image:
    overlay = Image.new("RGBA", (canvas.width, canvas.height), OUTSIDE)
    pen = ImageDraw.Draw(overlay)
    pen.rectangle(_box(safe), fill=(0, 0, 0, 0))
    for x, y, across in _dashes(safe):
        end = (x + DASH_PX, y) if across else (x, y + DASH_PX)
        pen.line(((x + 1, y + 1), (end[0] + 1, end[1] + 1)), SHADOW)
        pen.line(((x, y), end), LINE)
    at, font = (safe.x + 9, safe.y + 7), _font(SMALL_POINTS)
    left, top, right, bottom = pen.textbbox(at, LABEL, font)
    pen.rounded_rectangle((left - 5, top - 4, right + 5, bottom + 4), 4, fill=BEHIND_LABEL)
    pen.text(at, LABEL, LINE, font)
    return overlay


def _dashes(safe: Rect) -> list[tuple[int, int, bool]]:
    """Where each dash begins, and whether it goes across."""
    step = DASH_PX + DASH_GAP_PX
    right, bottom = safe.x + safe.width - 1, safe.y + safe.height - 1
    across = [(x, y, True) for y in (safe.y, bottom) for x in range(safe.x, right - DASH_PX + 1, step)]
    down = [(x, y, False) for x in (safe.x, right) for y in range(safe.y, bottom - DASH_PX + 1, step)]
    return across + down


def _draw_words(pen: ImageDraw.ImageDraw, sight: Sight, card: Card) -> None:
    lines = (
        (name_of(sight.asset.path), BRIGHT, NAME_POINTS),
        *_who_gets_what(sight),
        (sight.measures, PLAIN, TEXT_POINTS),
        (sight.done, PLAIN, TEXT_POINTS),
    )
    for number, (text, colour, points) in enumerate(lines):
        font = _font(points)
        shown = shortened(drawable(text), card.words.width, font.getlength)
        top = card.words.y + number * LINE_PX - (NAME_LIFT_PX if number == 0 else 0)
        pen.text((card.words.x, top), shown, colour, font)


def _who_gets_what(sight: Sight) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """Two lines: one for each of two apps, or the names and then what they get."""
    told = [f"{screen.goes_to}: {screen.gets}" for screen in sight.screens]
    match told:
        case [first, second] if sight.screens[0].gets != sight.screens[1].gets:
            return (first, ACCENT, SMALL_POINTS), (second, ACCENT, SMALL_POINTS)
        case _:
            return (sight.goes_to, ACCENT, TEXT_POINTS), (sight.gets, FAINT, SMALL_POINTS)


def shortened(text: str, width: float, length: Callable[[str], float]) -> str:
    """The text as it is, or without its middle, so that it takes no more than `width` by `length`."""
    if length(text) <= width:
        return text
    kept = len(text) - 1
    while kept > 1 and length(_without_middle(text, kept)) > width:
        kept -= 1
    return _without_middle(text, kept)


def _without_middle(text: str, kept: int) -> str:
    """Rather the beginning than the end, which is the suffix."""
    tail = kept * 2 // 5
    return f"{text[: kept - tail]}...{text[len(text) - tail :]}"


def drawable(text: str) -> str:
    """The text in letters that Pillow's own font has, which knows no accents; `?` for the others."""
    parted = unicodedata.normalize("NFKD", text.translate(PLAIN_SIGNS))
    letters = (sign for sign in parted if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in letters)


@cache
def _font(points: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(points)


def _box(rect: Rect) -> tuple[int, int, int, int]:
    return (rect.x, rect.y, rect.x + rect.width - 1, rect.y + rect.height - 1)
