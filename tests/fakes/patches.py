"""Patches of known colours, and what they should look like afterwards."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from fakes.media import ffmpeg, save_photo
from PIL import Image

Rgb = tuple[int, int, int]
COLUMNS, ROWS = 3, 4
PATCHES: tuple[Rgb, ...] = (
    *((0, 0, 0), (118, 118, 118), (188, 188, 188), (255, 255, 255), (200, 40, 30), (40, 160, 60)),
    *((30, 60, 200), (220, 190, 40), (200, 140, 110), (160, 20, 20), (20, 120, 20), (20, 20, 160)),
)
"""Black to white, memory colours with a skin, and strong primaries. None is beyond the gamut of BT.709."""


def chart(colours: Sequence[Rgb] = PATCHES, size: tuple[int, int] = (180, 320)) -> Image.Image:
    """All of them side by side, as 9:16."""
    image, (width, height) = Image.new("RGB", size), (size[0] // COLUMNS, size[1] // ROWS)
    for number, colour in enumerate(colours):
        left, top = number % COLUMNS * width, number // COLUMNS * height
        image.paste(colour, (left, top, left + width, top + height))
    return image


def chart_clip(path: Path, *coding: str, image: Image.Image | None = None) -> Path:
    """Half a second and more of the chart."""
    still = save_photo(path.with_name(f"{path.stem}-still.png"), image or chart())
    ffmpeg("-loop", "1", "-r", "30", "-i", still, "-frames:v", "30", *coding, path)
    return path


def read_chart(image: Image.Image) -> list[Rgb]:
    """The colours in the middle of each patch."""
    width, height = image.width / COLUMNS, image.height / ROWS
    small = image.convert("RGB")
    places = (
        (int((number % COLUMNS + 0.5) * width), int((number // COLUMNS + 0.5) * height))
        for number in range(COLUMNS * ROWS)
    )
    return [_pixel(small, *place) for place in places]


def _pixel(image: Image.Image, x: int, y: int) -> Rgb:
    red, green, blue = image.crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue


def furthest(found: Sequence[Rgb], wanted: Sequence[Rgb]) -> int:
    """By how many levels the worst channel of the worst patch is off."""
    return max(
        abs(is_ - was)
        for one, other in zip(found, wanted, strict=True)
        for is_, was in zip(one, other, strict=True)
    )


def insert_box(path: Path, parents: Sequence[tuple[bytes, int]], box: bytes) -> None:
    """Append a box to the innermost of nested ones; each parent is its name and its header's length.

    The index must lie behind the picture, where nothing counts its bytes.
    """
    data = bytearray(path.read_bytes())
    nested = list(_nested(data, parents))
    at, length = nested[-1]
    data[at + length : at + length] = box
    for start, size in nested:
        data[start : start + 4] = struct.pack(">I", size + len(box))
    path.write_bytes(data)


def _nested(data: bytes | bytearray, parents: Sequence[tuple[bytes, int]]) -> Iterator[tuple[int, int]]:
    """Where each parent begins, and how long it is."""
    at = 0
    for kind, header in parents:
        while data[at + 4 : at + 8] != kind:
            at += struct.unpack_from(">I", data, at)[0]
        yield at, struct.unpack_from(">I", data, at)[0]
        at += header
