"""Small compositions: what a plan would make of a few files."""

from __future__ import annotations

import dataclasses
import wave
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fakes.media import ffmpeg
from fakes.orders import recipe_for
from PIL import Image, ImageDraw

from pipeline.model import (
    Asset,
    Composition,
    Material,
    Music,
    Part,
    Size,
    Take,
)
from pipeline.plan.film import film_facts
from pipeline.plan.fit import place
from pipeline.reformat import Order
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

CANVAS = Size(108, 192)
FPS = 24.0
SOUND_HZ = 48_000


def material(path: Path) -> Material:
    """A photo, animation or clip."""
    return Material(path, sha256_of(path), probe(path))


def sound(path: Path) -> Material:
    """A file that is only heard."""
    return Material(path, sha256_of(path))


def take_of(path: Path, seconds: float = 1.0, canvas: Size = CANVAS, **changes: Any) -> Take:
    """All of a file that fits the canvas, but for `changes`."""
    source = material(path)
    assert source.facts is not None
    placement = place(Size(source.facts.width, source.facts.height), canvas, "cover")
    usual: dict[str, Any] = {
        "source": source,
        "canvas": canvas,
        "crop": placement.crop,
        "frame": placement.frame,
        "background": None,
        "matte": "#ffffff",
        "seconds": seconds,
    }
    return Take(**{**usual, **changes})


def composed(*takes: Take, **changes: Any) -> Composition:
    """Takes one after the other on the small canvas, but for `changes`."""
    usual: dict[str, Any] = {"canvas": CANVAS, "fps": FPS, "takes": takes, "crossfade_s": 0.25}
    return Composition(**{**usual, **changes})


def order_of(composition: Composition, part: int = 1, **changes: Any) -> Order:
    """What a plan would order of it: one part, encoded once more, but for `changes` of the recipe."""
    source, facts = composition.takes[0].source, film_facts(composition)
    assert source.facts is not None
    usual: dict[str, Any] = {
        "canvas": composition.canvas,
        "parts": (Part(0.0, facts.duration_s or 0.0),),
        "fps": composition.fps,
        "composition": composition,
    }
    recipe = recipe_for(facts, "cover", **{**usual, **changes})
    return Order(Asset(source.path, source.sha256, source.facts), recipe, part)


def save_sound(path: Path, samples: npt.NDArray[np.float64]) -> Path:
    """Samples from -1 to 1, of one channel, as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def tone(seconds: float, hertz: float = 440.0, level: float = 0.25) -> npt.NDArray[np.float64]:
    """A sine of this level."""
    at_s = np.arange(round(seconds * SOUND_HZ)) / SOUND_HZ
    wave_form: npt.NDArray[np.float64] = level * np.sin(2 * np.pi * hertz * at_s)
    return wave_form


def with_music(composition: Composition, path: Path, **changes: Any) -> Composition:
    """The same over a music bed."""
    return dataclasses.replace(composition, music=Music(sound(path), **changes))


def marked_photo(path: Path, at: tuple[float, float], size: tuple[int, int] = (270, 480)) -> Path:
    """A dark photo with one bright square, whose middle lies there, in fractions."""
    image = Image.new("RGB", size, (20, 20, 20))
    x, y, half = at[0] * size[0], at[1] * size[1], size[0] // 20
    ImageDraw.Draw(image).rectangle((x - half, y - half, x + half, y + half), fill=(250, 250, 250))
    image.save(path, quality=95)
    return path


def plain_photo(path: Path, colour: tuple[int, int, int]) -> Path:
    """Nothing but this colour."""
    Image.new("RGB", (108, 192), colour).save(path, quality=95)
    return path


def frames_of(path: Path) -> npt.NDArray[np.uint8]:
    """All of them: frames, rows, columns, RGB."""
    facts = probe(path)
    raw = ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return np.frombuffer(raw, np.uint8).reshape(-1, facts.height, facts.width, 3)


def heard_in(path: Path) -> npt.NDArray[np.float64]:
    """The left channel, from -1 to 1."""
    raw = ffmpeg("-i", path, "-f", "s16le", "-ar", str(SOUND_HZ), "-ac", "2", "-")
    left: npt.NDArray[np.float64] = np.frombuffer(raw, "<i2").reshape(-1, 2)[:, 0] / 32768
    return left


def level_of(heard: npt.NDArray[np.float64], hertz: float, span_s: tuple[float, float]) -> float:
    """How loud one pitch is between two moments: its amplitude."""
    part = heard[round(span_s[0] * SOUND_HZ) : round(span_s[1] * SOUND_HZ)]
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / SOUND_HZ)
    return float(2 * abs(np.mean(part * turns)))
