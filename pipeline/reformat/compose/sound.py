"""What is heard in a film: the clips' own sound, a voice, and music that makes room for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.reformat.compose.clips import FULL_SCALE, SOUND_HZ, Samples, Track
from pipeline.reformat.compose.ducking import WINDOW_S, Levels, ducked_db, level_dbfs

CHUNK = SOUND_HZ
"""A second at once: five minutes as a whole would be 230 MB."""

WINDOW = round(WINDOW_S * SOUND_HZ)
KNEE, CEILING = 0.65, 0.89
"""Below the knee nothing is changed; above it, all is bent into what is left below the ceiling of -1 dBFS,
as AAC overshoots."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Speech is whatever music steps back for, by so many dB."""

    speech: Track | None
    music: Track | None
    duck_db: float
    seconds: float


def write_mix(mix: Mix, target: Path, stop: Callable[[], None]) -> None:
    """Write it as 16-bit stereo without a header; `stop` is asked every second of it, and may raise."""
    ducked = _ducked(mix, stop)
    total = round(mix.seconds * SOUND_HZ)
    with target.open("wb") as file:
        for start in range(0, total, CHUNK):
            stop()
            count = min(CHUNK, total - start)
            heard = np.zeros((count, 2))
            if mix.speech:
                heard += mix.speech.chunk(start, count)
            if mix.music:
                heard += mix.music.chunk(start, count) * _gain(ducked, start, count)
            file.write((limited(heard) * (FULL_SCALE - 1)).round().astype("<i2").tobytes())


def limited(heard: Samples) -> Samples:
    """Never beyond the ceiling; each sample for itself, so that a loud one makes nothing round it quieter."""
    room = CEILING - KNEE
    beyond = np.maximum(np.abs(heard) - KNEE, 0.0)
    bent: Samples = np.sign(heard) * (np.minimum(np.abs(heard), KNEE) + room * np.tanh(beyond / room))
    return bent


def _ducked(mix: Mix, stop: Callable[[], None]) -> Levels | None:
    if mix.speech is None or mix.music is None or mix.duck_db <= 0:
        return None
    levels = list[float]()
    for start in range(0, mix.speech.samples, CHUNK):
        stop()
        heard = mix.speech.chunk(start, min(CHUNK, mix.speech.samples - start))
        levels += [level_dbfs(heard[at : at + WINDOW]) for at in range(0, len(heard), WINDOW)]
    return ducked_db(np.array(levels), mix.duck_db)


def _gain(ducked: Levels | None, start: int, count: int) -> Samples | float:
    """Between the middles of two windows, in a straight line."""
    if ducked is None:
        return 1.0
    middles = (np.arange(len(ducked)) + 0.5) * WINDOW
    gains: Samples = 10 ** (np.interp(np.arange(start, start + count), middles, ducked) / 20)
    return gains[:, None]
