"""What a still overlay adds to the encode of a video, in ratios.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.overlay [--quick] [CLIP…]

Without clips, footage is drawn: one amid a blur, one that fills the canvas. Each clip is made with and
without the overlay in turn, in a process of its own, through the public door: drawing, encoding and
verifying count.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.media import Line
from benchmarks.media_clips import Work, order_of, rendering
from benchmarks.media_footage import FPS, make_clips
from benchmarks.media_race import race
from fakes.planning import WHATSAPP

from pipeline.execute import cores
from pipeline.model import Code, Overlay, Panel, Rect, Size, Typeface, Words
from pipeline.reformat import Order

MOST = 1.10
CANVAS = Size(1080, 1920)
CAPTION, TITLE = Typeface(), Typeface("display", 700)
DECORATION = Overlay(
    CANVAS,
    panels=(
        Panel(Rect(65, 1000, 950, 300), "#101010", 0.72, 32),
        Panel(Rect(65, 1330, 950, 206), "#ffffff", 1.0, 32),
    ),
    codes=(Code(Rect(85, 1343, 180, 180), "https://wa.me/15551234567"),),
    words=(
        Words(("Night market",), Rect(95, 1020, 890, 110), TITLE, 88, 86, 100, "#ffffff"),
        Words(("Saturday 19:30,", "live music"), Rect(95, 1140, 890, 140), CAPTION, 56, 54, 68, "#ffffff"),
        Words(("Book a table",), Rect(290, 1390, 700, 80), CAPTION, 56, 54, 68, "#101010", "left"),
    ),
)
"""A caption on its panel over the lower third, and a card with a link."""


def plain(folder: Path) -> Work:
    """The clip of the folder encoded as it is."""
    return rendering(_order(folder), folder)


def decorated(folder: Path) -> Work:
    """The same with the overlay."""
    order = _order(folder)
    recipe = dataclasses.replace(order.recipe, overlay=DECORATION)
    return rendering(dataclasses.replace(order, recipe=recipe), folder)


def _order(folder: Path) -> Order:
    """Always an encode: what would have been copied is encoded with an overlay, too."""
    order = order_of((folder / "clip").resolve())
    fps, kbps = order.recipe.fps or float(FPS), order.recipe.video_kbps or WHATSAPP.video.max_video_kbps
    recipe = dataclasses.replace(order.recipe, action="transcode", fps=fps, video_kbps=kbps)
    return dataclasses.replace(order, recipe=recipe)


def compared(clip: Path, folder: Path, rounds: int) -> Iterator[Line]:
    """Medians of one clip with the overlay as multiples of those without."""
    place = folder / f"race-{clip.stem}"
    place.mkdir()
    (place / "clip").symlink_to(clip.absolute())
    taken = race(("overlay.plain", "overlay.decorated"), place, rounds)
    over, bare = taken["overlay.decorated"], taken["overlay.plain"]
    for what, one, other in (("wall", over.wall_s, bare.wall_s), ("processor", over.cpu_s, bare.cpu_s)):
        further = f"{other:.2f} → {one:.2f} s"
        yield Line(f"{clip.stem[:24]}: {what} time", one / other, most=MOST, further=further)


def main(*options: str) -> None:
    quick = "--quick" in options
    clips = [Path(option) for option in options if not option.startswith("-")]
    with TemporaryDirectory(prefix="storyrelay-bench-") as name:
        folder = Path(name)
        sys.stdout.write(f"overlays (load {os.getloadavg()[0]:.1f} on {cores()} cores)\n")
        for clip in clips or make_clips(folder, ("wide.mp4", "fitting.mp4")):
            for line in compared(clip, folder, 3 if quick else 7):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
