"""Animations are composed as browsers compose them, and go on until they have been seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.footage import frames_of
from fakes.outcomes import made, planned
from PIL import Image, ImageDraw

from pipeline.tools.probe import probe

MATTE = (255, 255, 255)
DELAY_MS = 200
PLACES = ((0, 0, 40, 60), (30, 40, 70, 100), (10, 90, 60, 150), (50, 20, 88, 90))
COLOURS = ((220, 40, 40, 255), (40, 160, 60, 255), (40, 80, 220, 255), (230, 190, 40, 255))


def drawn(*, transparent: bool) -> list[Image.Image]:
    """A disc that jumps about, on glass or on grey."""
    frames = []
    for place, colour in zip(PLACES, COLOURS, strict=True):
        frame = Image.new("RGBA", (90, 160), (0, 0, 0, 0) if transparent else (120, 120, 120, 255))
        ImageDraw.Draw(frame).ellipse(place, fill=colour)
        frames.append(frame)
    return frames


def saved(path: Path, frames: list[Image.Image], **options: Any) -> Path:
    form = {".gif": "GIF", ".apng": "PNG", ".webp": "WEBP"}[path.suffix]
    common = {"save_all": True, "append_images": frames[1:], "duration": DELAY_MS}
    frames[0].save(path, form, **(common | options))
    return path


def composed(path: Path) -> list[Image.Image]:
    """Each frame as Pillow composes it, on the matte."""
    shown = []
    with Image.open(path) as animation:
        for number in range(int(getattr(animation, "n_frames", 1))):
            animation.seek(number)
            under = Image.new("RGBA", animation.size, (*MATTE, 255))
            under.alpha_composite(animation.convert("RGBA"))
            shown.append(under.convert("RGB"))
    return shown


def assert_shown_as_composed(source: Path) -> None:
    """A frame of 0.2 s is five of a result at 25 fps."""
    wanted, result = composed(source), frames_of(made(source))
    assert len(result) == 5 * len(wanted) * 4
    for number, frame in enumerate(result):
        off = np.abs(np.asarray(frame, float) - np.asarray(wanted[number // 5 % len(wanted)], float))
        assert off.mean() < 6, number


@pytest.mark.parametrize("disposal", [0, 1, 2, 3, [1, 2, 3, 1], [3, 3, 2, 1]])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_gif_clears_and_restores_as_its_frames_say(
    tmp_path: Path, disposal: int | list[int], *, transparent: bool
) -> None:
    source = saved(tmp_path / "a.gif", drawn(transparent=transparent), disposal=disposal, optimize=False)

    assert_shown_as_composed(source)


MIXED = ([0, 1, 0, 0], [0, 1, 1, 0])


@pytest.mark.parametrize(("disposal", "blend"), [(0, 0), (1, 0), (1, 1), MIXED])
@pytest.mark.parametrize("transparent", [False, True])
def test_an_apng_clears_and_blends_as_its_frames_say(
    tmp_path: Path, disposal: int | list[int], blend: int | list[int], *, transparent: bool
) -> None:
    frames = drawn(transparent=transparent)
    source = saved(tmp_path / "a.apng", frames, disposal=disposal, blend=blend)

    assert_shown_as_composed(source)


def test_an_apng_that_ffmpeg_cannot_rewind_is_played_again(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.apng", drawn(transparent=False), disposal=0, blend=1)

    assert_shown_as_composed(source)


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_webp_is_composed_as_it_was_drawn(tmp_path: Path, *, transparent: bool, lossless: bool) -> None:
    source = saved(tmp_path / "a.webp", drawn(transparent=transparent), lossless=lossless, minimize_size=True)

    assert_shown_as_composed(source)


@pytest.mark.parametrize(
    ("suffix", "loop"),
    [(".gif", None), (".gif", 3), (".gif", 0), (".apng", 1), (".apng", 0), (".webp", 1), (".webp", 3)],
)
def test_an_animation_lasts_three_seconds_however_often_it_wants_to_be_played(
    tmp_path: Path, suffix: str, loop: int | None
) -> None:
    options = {} if loop is None else {"loop": loop}
    source = saved(tmp_path / f"a{suffix}", drawn(transparent=False), **options)

    facts = probe(made(source))

    assert planned(source).recipe.plays == 4
    assert facts.audio is None
    assert facts.duration_s == pytest.approx(3.2, abs=0.034)
