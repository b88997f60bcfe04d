"""Every look on a portrait photo, a landscape photo, a video and a long caption, as somebody looked at them.

`STORYRELAY_WRITE_GOLDEN=1` writes the frames anew; look at each before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from fakes.looks import WORDS, frame_of, look_of, made
from PIL import Image

from pipeline.config.look_files import look_names

FRAMES = Path(__file__).parent / "looks"
WRITE = os.environ.get("STORYRELAY_WRITE_GOLDEN")
SMALL = (270, 480)
MEAN, WORST = 2.5, 40
"""Of 255: how far all pixels may differ on average, and single places of 9×9 pixels."""

PLACES = (30, 53)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("looks")


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("name", look_names(None))
def test_a_look_is_as_it_was_found_good(name: str, kind: str, workshop: Path) -> None:
    story, treatment = look_of(name, kind, workshop)
    frame = frame_of(made(story, treatment, workshop), workshop).resize(SMALL, Image.Resampling.LANCZOS)
    golden = FRAMES / f"{name}-{kind}.jpg"
    if WRITE:
        FRAMES.mkdir(exist_ok=True)
        frame.save(golden, quality=93, subsampling=0)
    with Image.open(golden) as before:
        apart = np.abs(pixels(before) - pixels(frame))
    places = np.asarray(
        Image.fromarray(apart.max(axis=2).astype(np.uint8)).resize(PLACES, Image.Resampling.BOX)
    )
    assert apart.mean() <= MEAN
    assert places.max() <= WORST


def pixels(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return np.asarray(picture.convert("RGB"), dtype=np.int16)
