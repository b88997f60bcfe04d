"""Draws the icons of the share page: a ring of parts around an arrow that passes them on."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).parents[1] / "pipeline" / "page" / "static"
GREEN, PALE, WHITE = "#0b6b50", "#d9f2e6", "#ffffff"
COLOURS = 64
FINER = 4
"""Drawn so much larger, then shrunk: Pillow draws without smoothing."""


def icon(size: int, *, maskable: bool) -> Image.Image:
    """One icon; a maskable one fills its square, and all that matters lies in its middle."""
    side = size * FINER
    picture = Image.new("RGBA", (side, side), GREEN if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    if not maskable:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.235, fill=GREEN)
    shrunk = 0.8 if maskable else 1.0
    middle, radius, width = side / 2, side * 0.344 * shrunk, side * 0.0625 * shrunk
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    for quarter in range(4):
        draw.arc(box, quarter * 90 - 85, quarter * 90 - 5, fill=PALE, width=round(width))
    unit = side / 64 * shrunk
    draw.polygon(
        [(middle + x * unit, middle + y * unit) for x, y in ((-5.5, -9.0), (-5.5, 9.0), (9.5, 0.0))],
        fill=WHITE,
    )
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Draw all of them."""
    for name, size, maskable in (
        ("icon-192.png", 192, False),
        ("icon-512.png", 512, False),
        ("icon-maskable.png", 512, True),
    ):
        few = icon(size, maskable=maskable).quantize(COLOURS, Image.Quantize.FASTOCTREE)
        few.save(STATIC / name, optimize=True)


if __name__ == "__main__":
    main()
