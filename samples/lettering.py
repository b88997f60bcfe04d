"""Words in pictures, set in the one typeface that comes with Pillow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from field import Colour, Field, sample
from relief import Patch, Relief

WHITE = (255, 250, 242)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: size in px, extra space between letters and stroke as shares of the size."""

    text: str
    size_px: int
    tracking: float = 0.0
    weight: float = 0.0


@cache
def set_line(line: Line) -> Image.Image:
    """The line as a mask, cropped to its width; its height is 1.3 times its size."""
    font = ImageFont.load_default(line.size_px)
    stroke = line.weight * line.size_px
    gap = line.tracking * line.size_px
    width = round(sum(font.getlength(letter) + gap for letter in line.text) + 2 * stroke + 2)
    mask = Image.new("L", (width, round(line.size_px * 1.3)), 0)
    pen, x = ImageDraw.Draw(mask), stroke + 1
    for letter in line.text:
        pen.text((x, 0), letter, fill=255, font=font, stroke_width=stroke)
        x += font.getlength(letter) + gap
    return mask


def stack(lines: tuple[Line, ...], leading: float = 1.0) -> Image.Image:
    """Lines set under each other, centred."""
    masks = [set_line(line) for line in lines]
    heights = [round(mask.height * leading) for mask in masks]
    sheet = Image.new("L", (max(mask.width for mask in masks), sum(heights)), 0)
    top = 0
    for mask, height in zip(masks, heights, strict=True):
        sheet.paste(mask, ((sheet.width - mask.width) // 2, top))
        top += height
    return sheet


def stamp(relief: Relief, spot: Patch, words: Image.Image, width_cm: float, colour: Colour) -> None:
    """Print words onto what lies at the patch, centred on it and turned with it."""
    ink = np.pad(np.asarray(words, np.float32) / 255, 4)
    scale = words.width / width_cm
    rows, columns = spot.v_cm * scale + ink.shape[0] / 2, spot.u_cm * scale + ink.shape[1] / 2
    inside = (rows > 1) & (rows < ink.shape[0] - 2) & (columns > 1) & (columns < ink.shape[1] - 2)
    cover: Field = (sample(ink, rows, columns) * inside * 0.92)[..., None]
    window = spot.rows, spot.columns
    relief.albedo[window] = relief.albedo[window] * (1 - cover) + np.asarray(colour, np.float32) * cover


def write(picture: Image.Image, at_px: tuple[int, int], line: Line, opacity: float = 1.0) -> None:
    """Write one line onto a picture, with a soft shadow so that it reads on any ground."""
    mask = set_line(line)
    reach = max(2, line.size_px // 6)
    room = Image.new("L", (mask.width + 2 * reach, mask.height + 2 * reach), 0)
    room.paste(mask, (reach, reach))
    shadow = room.filter(ImageFilter.GaussianBlur(reach * 0.45)).point(lambda level: level * 0.75 * opacity)
    picture.paste((20, 12, 8), (at_px[0] - reach, at_px[1] - reach + 1), shadow)
    picture.paste(WHITE, at_px, mask.point(lambda level: level * opacity))
