"""The blurred background: the picture's own colours to the edge, smooth, and alike in photos and clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes.footage import frames_of, rendered
from fakes.media import PLAIN, ffmpeg, save_photo
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pipeline.model import Size

RED = (200, 40, 30)
BT709 = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=colorspace=bt709:range=tv"
SHAPES = [(192, 108), (144, 108), (108, 108), (72, 160), (333, 97)]


def shown(tmp_path: Path, picture: Image.Image, suffix: str, canvas: Size) -> NDArray[np.int_]:
    """The story made of a photo, or of a clip that shows the same, as levels."""
    tmp_path.mkdir(exist_ok=True)
    source = save_photo(tmp_path / "still.png", picture)
    if suffix == ".mp4":
        coding = ("-vf", BT709, *PLAIN.coding, "-crf", "4")
        ffmpeg("-loop", "1", "-i", source, "-t", "1", "-r", "10", *coding, tmp_path / "clip.mp4")
        frames = frames_of(rendered(tmp_path, tmp_path / "clip.mp4", canvas=canvas, quality=8).path)
        return np.asarray(frames[5], dtype=int)
    with Image.open(rendered(tmp_path, source, canvas=canvas, quality=95).path) as story:
        return np.asarray(story, dtype=int)


@pytest.mark.parametrize("suffix", [".jpg", ".mp4"])
@pytest.mark.parametrize("size", SHAPES)
def test_one_colour_stays_that_colour_without_a_seam_or_a_dark_edge(
    tmp_path: Path, size: tuple[int, int], suffix: str
) -> None:
    even = (size[0] // 2 * 2, size[1] // 2 * 2) if suffix == ".mp4" else size
    levels = shown(tmp_path, Image.new("RGB", even, RED), suffix, Size(270, 480))
    assert np.abs(levels - np.array(RED)).max() <= 6


@pytest.mark.parametrize("suffix", [".jpg", ".mp4"])
def test_a_background_is_smooth_however_busy_the_picture(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    busy = Image.fromarray(noise).resize((640, 360), Image.Resampling.NEAREST)
    levels = shown(tmp_path, busy, suffix, Size(540, 960))
    above = levels[: (960 - 304) // 2 - 16]
    assert np.abs(np.diff(above, axis=0)).max() <= 14
    assert np.abs(np.diff(above, axis=1)).max() <= 14


def lights() -> Image.Image:
    """Yellow lamps in a blue evening: colours that turn grey when blurred apart from their light."""
    picture = Image.new("RGB", (960, 540), (20, 40, 110))
    draw = ImageDraw.Draw(picture)
    for number in range(7):
        x, y = 290 + number * 62, 60 + number % 3 * 120
        draw.ellipse((x, y, x + 36, y + 36), fill=(250, 220, 90))
    draw.rectangle((0, 430, 959, 539), fill=(190, 70, 20))
    return picture


def test_a_photo_and_a_clip_of_the_same_picture_have_the_same_background(tmp_path: Path) -> None:
    of_photo, of_clip = (
        shown(tmp_path / name, lights(), suffix, Size(1080, 1920))
        for name, suffix in (("photo", ".jpg"), ("clip", ".mp4"))
    )
    apart = np.abs(of_photo - of_clip)
    assert apart[:640].max() <= 18
    assert apart[1280:].max() <= 18
    assert apart[:640].mean() <= 3


def test_a_background_shows_the_colours_that_the_picture_has_on_average(tmp_path: Path) -> None:
    for suffix in (".jpg", ".mp4"):
        levels = shown(tmp_path / suffix, lights(), suffix, Size(540, 960))
        wanted = np.asarray(lights().crop((328, 0, 632, 180)), dtype=int).mean(axis=(0, 1))
        got = levels[:320].mean(axis=(0, 1))
        assert np.abs(got - wanted).max() <= 8
