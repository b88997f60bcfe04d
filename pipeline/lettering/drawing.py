"""Words as pixels: shadow, outline, letters and emoji, all inside their box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageColor, ImageFilter

from pipeline.lettering.choice import Fonts, Run
from pipeline.lettering.emoji import scaled
from pipeline.lettering.layout import (
    BLUR,
    EMOJI_ADVANCE,
    Face,
    direction,
    emoji_size_px,
    emoji_top_px,
    lay,
    loaded,
    pad_px,
    rim,
)
from pipeline.model import Words

SHADOW = 0.45
"""How much of what lies below it a shadow takes away."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A run with the left end of its baseline, from the corner of the box."""

    run: Run
    x: int
    y: int


def picture(words: Words, fonts: Fonts) -> Image.Image:
    """The words on a transparent picture of the size of their box."""
    size = (max(words.box.width, 1), max(words.box.height, 1))
    face = Face(fonts, words.typeface.weight, words.size_px)
    placed = list(_placed(words, face))
    image = Image.new("RGBA", size)
    if words.outline and words.outline.width_px:
        stroke = _mask(placed, face, size, words.outline.width_px)
        image.alpha_composite(_coloured(stroke, words.outline.colour))
    image.alpha_composite(_coloured(_mask(placed, face, size, 0), words.colour))
    for place in placed:
        _put_emoji(image, place, face)
    return _over_shadow(image, words) if words.shadow else image


def _placed(words: Words, face: Face) -> Iterator[Placed]:
    outline_px = words.outline.width_px if words.outline else 0
    lines = [lay(line, face) for line in words.lines]
    pad = pad_px(lines, rim(words.size_px, outline_px, shadow=words.shadow))
    for number, line in enumerate(lines):
        spare = words.box.width - line.extent.width
        left = {"left": pad, "center": spare // 2, "right": spare - pad}[words.align]
        for at, run in line.runs:
            yield Placed(run, left + at, words.ascent_px + number * words.line_px)


def _mask(placed: list[Placed], face: Face, size: tuple[int, int], stroke_px: int) -> Image.Image:
    """Where the letters are, or they and a rim of so many pixels."""
    mask = Image.new("L", size)
    for place in placed:
        if isinstance(place.run.source, tuple):
            continue
        font = loaded(place.run.source, face.weight, face.size_px)
        drawn, (left, top) = font.getmask2(
            place.run.text, "L", direction=direction(place.run), stroke_width=stroke_px, anchor="ls"
        )
        width, height = drawn.size
        if width and height:
            letters = Image.frombytes("L", drawn.size, bytes(drawn))
            x, y = place.x + left, place.y + top
            mask.paste(255, (x, y, x + width, y + height), letters)
    return mask


def _coloured(mask: Image.Image, colour: str) -> Image.Image:
    red, green, blue, *opaque = ImageColor.getrgb(colour)
    opacity = opaque[0] if opaque else 255
    image = Image.new("RGBA", mask.size, (red, green, blue, 0))
    image.putalpha(mask.point(lambda value: value * opacity // 255))
    return image


def _put_emoji(image: Image.Image, place: Placed, face: Face) -> None:
    if not isinstance(place.run.source, tuple):
        return
    side, advance = emoji_size_px(face.size_px), EMOJI_ADVANCE * face.size_px
    for number, shown in enumerate(place.run.source):
        x = place.x + round(number * advance + (advance - side) / 2)
        pasted(image, scaled(shown, side), (x, place.y - emoji_top_px(face)))


def _over_shadow(image: Image.Image, words: Words) -> Image.Image:
    around = rim(words.size_px, 0, shadow=True)
    dark = Image.new("L", image.size)
    dark.paste(image.getchannel("A"), (0, around.drop_px))
    soft = dark.filter(ImageFilter.GaussianBlur(BLUR * words.size_px))
    shadow = _coloured(soft.point(lambda value: round(value * SHADOW)), "#000000")
    shadow.alpha_composite(image)
    return shadow


def pasted(layer: Image.Image, image: Image.Image, at: tuple[int, int]) -> None:
    """Lay a picture over a layer; what lies beyond its edges is lost."""
    x, y = at
    source = (max(0, -x), max(0, -y))
    if source[0] < image.width and source[1] < image.height:
        layer.alpha_composite(image, (max(0, x), max(0, y)), source)
