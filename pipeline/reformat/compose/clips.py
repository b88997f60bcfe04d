"""The door to moviepy: clips read frame by frame, sounds laid over one another in time.

It opens nothing but intermediates of our own making, upright and at a constant rate: it would show a
phone's portrait clip squashed, and stretch what has a variable rate (measured 2026-11). Sounds it doesn't
open at all: they are mapped, as its reader rounds a loop to hundredths of a second and keeps a child running.
"""

from __future__ import annotations

import math
import os
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import EnvironmentFault
from pipeline.tools.ffmpeg import find_ffmpeg

SOUND_HZ = 48_000
FULL_SCALE = 32_768
Samples = npt.NDArray[np.float64]
"""Rows of left and right, from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound of our own making, and when and how it is heard; `fades` of equal power keep a cross-fade even.

    `from_s` is where in it the hearing begins, `seconds` None lets it go on to its end.
    """

    path: Path
    start_s: float = 0.0
    gain_db: float = 0.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    from_s: float = 0.0
    seconds: float | None = None


class Track:
    """What is heard of several sounds together, in chunks."""

    def __init__(self, clip: Any, seconds: float) -> None:
        self._clip, self.samples = clip, round(seconds * SOUND_HZ)

    def chunk(self, start: int, count: int) -> Samples:
        """So many samples from one on."""
        heard: Samples = self._clip.get_frame(np.arange(start, start + count) / SOUND_HZ)
        return heard


def together(sounds: list[Heard], seconds: float) -> Track | None:
    """Sounds that overlap, for so long; None for none."""
    clips = [_heard(sound) for sound in sounds]
    if not clips:
        return None
    return Track(moviepy_itself().CompositeAudioClip(clips).with_duration(seconds), seconds)


def repeated(sound: Heard, seconds: float) -> Track:
    """A sound from its start again and again, for so long, fading in and out as a whole."""
    moviepy = moviepy_itself()
    looped = _opened(sound).with_effects([moviepy.afx.AudioLoop(duration=seconds)])
    effects = [moviepy.afx.MultiplyVolume(_factor(sound.gain_db))]
    if sound.fade_in_s > 0:
        effects.append(moviepy.afx.AudioFadeIn(sound.fade_in_s))
    if sound.fade_out_s > 0:
        effects.append(moviepy.afx.AudioFadeOut(sound.fade_out_s))
    return Track(looped.with_effects(effects), seconds)


def length_s(path: Path) -> float:
    """How long a sound of ours lasts."""
    with wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())


class Footage:
    """A clip of ours, whose frames are asked for in order."""

    def __init__(self, clip: Any, frames: int, fps: float) -> None:
        self._clip, self._frames, self._fps = clip, frames, fps

    def frame(self, number: int) -> npt.NDArray[np.uint8]:
        """The frame of this number, or the last one, as rows of RGB.

        Asked for by the middle of its time: moviepy takes 60000/1001 for 59.94, and would soon be one behind.
        """
        middle_s = (min(number, self._frames - 1) + 0.5) / self._fps
        shown: npt.NDArray[np.uint8] = self._clip.get_frame(middle_s)
        return shown


@contextmanager
def footage(path: Path, frames: int, fps: float) -> Iterator[Footage]:
    """A clip of ours with so many frames, open; moviepy leaves pipes open whose other end is done."""
    clip = moviepy_itself().VideoFileClip(str(path), audio=False)
    try:
        yield Footage(clip, frames, fps)
    finally:
        child = clip.reader.proc
        clip.close()
        child.stdout.close()
        child.stderr.close()


def _opened(sound: Heard) -> Any:
    with wave.open(str(sound.path)) as header:
        channels, length = header.getnchannels(), header.getnframes()
    at = sound.path.stat().st_size - length * channels * 2
    mapped = np.broadcast_to(np.memmap(sound.path, "<i2", "r", at, (length, channels)), (length, 2))
    last = length if sound.seconds is None else round((sound.from_s + sound.seconds) * SOUND_HZ)
    clip = moviepy_itself().AudioArrayClip(mapped[round(sound.from_s * SOUND_HZ) : last], SOUND_HZ)
    return clip.with_duration(clip.duration).with_effects(
        [moviepy_itself().afx.MultiplyVolume(1 / FULL_SCALE)]
    )


def _heard(sound: Heard) -> Any:
    clip = _opened(sound)
    seconds, factor = clip.duration, _factor(sound.gain_db)

    def faded(get_frame: Any, moments: Samples) -> Samples:
        """Straight fades, as moviepy's own are, leave a hole of 3 dB in the middle of a cross-fade."""
        heard: Samples = np.asarray(get_frame(moments)) * factor
        for span_s, distance in ((sound.fade_in_s, moments), (sound.fade_out_s, seconds - moments)):
            if span_s > 0:
                share = np.sin(np.clip(distance / span_s, 0, 1) * math.pi / 2)
                heard = heard * (share[:, None] if heard.ndim > 1 else share)
        return heard

    return clip.transform(faded).with_start(sound.start_s)


def _factor(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


@cache
def moviepy_itself() -> Any:
    """moviepy, with our ffmpeg. It reads any `.env` above it into the environment: that is undone."""
    before = set(os.environ)
    try:
        import moviepy
        from moviepy.video.io import ffmpeg_reader
    except ImportError as error:
        raise EnvironmentFault(
            f"moviepy, which stories of several files are composed with, is missing ({error}): `make run` "
            "installs it, or `pip install --no-deps --require-hashes -r requirements.lock`"
        ) from error
    for name in set(os.environ) - before:
        del os.environ[name]
    ffmpeg_reader.FFMPEG_BINARY = find_ffmpeg()
    return moviepy
