"""Make the picture of what storyrelay does: the source on the left, the story in a phone on the right."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from lettering import Line, set_line

USAGE = """Usage: make_picture.py BEFORE AFTER OUT

BEFORE and AFTER are pictures; AFTER is what `storyrelay render BEFORE -o FOLDER` made of it:

  storyrelay render samples/inbox/02-landscape-window.jpg -o rendered
  python samples/make_picture.py samples/inbox/02-landscape-window.jpg rendered/….jpg \\
      samples/before-after.jpg
"""
SIZE = (1200, 830)
MOST_BYTES = 300_000
SMOOTH = 3
"""Shapes are drawn this much larger and scaled down, so that their edges are smooth."""
INK, SOFT_INK = (58, 40, 28), (128, 104, 84)
PHONE = (758, 36, 1150, 716)
PHONE_RIM = 11
SOURCE_LEFT, SOURCE_WIDTH = 50, 560
MIDDLE = 376
LANCZOS = Image.Resampling.LANCZOS


def before_after(before: Image.Image, after: Image.Image) -> Image.Image:
    """Both pictures side by side on warm paper."""
    sheet = _paper()
    _put_source(sheet, ImageOps.exif_transpose(before).convert("RGB"))
    _put_phone(sheet, after.convert("RGB"))
    return sheet


def _paper() -> Image.Image:
    top, foot = Image.new("RGB", SIZE, (250, 244, 234)), Image.new("RGB", SIZE, (236, 221, 200))
    return Image.composite(foot, top, Image.linear_gradient("L").resize(SIZE))


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * SMOOTH, 255)
    return mask.resize(size, LANCZOS)


def _cast_shadow(sheet: Image.Image, mask: Image.Image, corner: tuple[int, int], spread: int) -> None:
    room = Image.new("L", SIZE, 0)
    room.paste(mask, (corner[0], corner[1] + spread // 2))
    soft = room.filter(ImageFilter.GaussianBlur(spread)).point(lambda level: level * 0.42)
    sheet.paste((62, 38, 20), (0, 0), soft)


def _put_source(sheet: Image.Image, before: Image.Image) -> None:
    """The source, turned by nothing: a print on the table, with the arrow that leads on."""
    picture = ImageOps.contain(before, (SOURCE_WIDTH, 520), LANCZOS)
    left = SOURCE_LEFT + (SOURCE_WIDTH - picture.width) // 2
    top = MIDDLE - picture.height // 2
    mask = _rounded(picture.size, 14)
    _cast_shadow(sheet, mask, (left, top), 22)
    sheet.paste(picture, (left, top), mask)
    _label(sheet, SOURCE_LEFT + SOURCE_WIDTH // 2, "You drop in a photo", before.size)
    _arrow(sheet, (646, 722), MIDDLE)


def _put_phone(sheet: Image.Image, after: Image.Image) -> None:
    left, top, right, foot = PHONE
    body = _rounded((right - left, foot - top), 46)
    _cast_shadow(sheet, body, (left, top), 30)
    sheet.paste((28, 24, 22), (left, top), body)
    size = right - left - 2 * PHONE_RIM, foot - top - 2 * PHONE_RIM
    screen = Image.new("RGB", size, (0, 0, 0))
    story = ImageOps.contain(after, size, LANCZOS)
    screen.paste(story, ((size[0] - story.width) // 2, (size[1] - story.height) // 2))
    _story_bar(screen)
    sheet.paste(screen, (left + PHONE_RIM, top + PHONE_RIM), _rounded(size, 36))
    _label(sheet, (left + right) // 2, "Your story, ready to send", after.size)


def _story_bar(screen: Image.Image) -> None:
    """The thin line at the top by which everybody knows a story, on a little shade."""
    shade = ImageChops.invert(Image.linear_gradient("L")).resize((screen.width, 90))
    screen.paste((0, 0, 0), (0, 0), shade.point(lambda level: level * 0.45))
    pen = ImageDraw.Draw(screen, "RGBA")
    pen.rounded_rectangle((22, 20, screen.width - 22, 23), 2, (255, 255, 255, 110))
    pen.rounded_rectangle((22, 20, screen.width * 0.44, 23), 2, (255, 255, 255, 255))


def _arrow(sheet: Image.Image, from_to_x: tuple[int, int], y: int) -> None:
    mask = Image.new("L", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH), 0)
    pen = ImageDraw.Draw(mask)
    start, tip, level = from_to_x[0] * SMOOTH, from_to_x[1] * SMOOTH, y * SMOOTH
    pen.line((start, level, tip, level), 255, 5 * SMOOTH)
    head = 17 * SMOOTH
    pen.line((tip - head, level - head, tip, level, tip - head, level + head), 255, 5 * SMOOTH, joint="curve")
    sheet.paste((196, 108, 62), (0, 0), mask.resize(SIZE, LANCZOS))


def _label(sheet: Image.Image, centre: int, words: str, size: tuple[int, int]) -> None:
    """What it is, and its size in pixels; the typeface has no multiplication sign."""
    _say(sheet, Line(words, 27, 0.0, 0.012), (centre, 742), INK)
    _say(sheet, Line("{} x {}".format(*size), 19, 0.05), (centre, 780), SOFT_INK)


def _say(sheet: Image.Image, line: Line, centre_top: tuple[int, int], colour: tuple[int, int, int]) -> None:
    mask = set_line(line)
    sheet.paste(colour, (centre_top[0] - mask.width // 2, centre_top[1]), mask)


def save(picture: Image.Image, target: Path) -> None:
    """As good a JPEG as fits into 300 kB."""
    for quality in range(90, 40, -5):
        picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        if target.stat().st_size < MOST_BYTES:
            return


def main(words: list[str]) -> int:
    """Read both pictures and write the one."""
    if len(words) != 3:
        sys.stderr.write(USAGE)
        return 2
    try:
        with Image.open(words[0]) as before, Image.open(words[1]) as after:
            picture = before_after(before, after)
        save(picture, Path(words[2]))
    except OSError as fault:
        sys.stderr.write(f"{fault}\n\n{USAGE}")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
