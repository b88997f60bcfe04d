"""Drawn footage that is hard to encode: leaves in the wind, a walk, water, a whip pan, petals, a night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Picture: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.floating[Any]]
Scene: TypeAlias = Callable[[float], Picture]
"""What is seen after so many seconds."""

ROOM = 1.4
"""Grounds are so much larger than what is seen of them, so that a camera can move."""

LEAF_GREENS = ((14, 30, 12), (70, 120, 40), (200, 214, 120))
PETALS = 260
LIGHTS = 90
SUBFRAMES = 4


def hard_frames(
    stills: tuple[Path, Path, Path], size: tuple[int, int], counts: tuple[int, int]
) -> Iterator[Picture]:
    """Six scenes with hard cuts between them; `counts` are frames a scene and frames a second."""
    each, fps = counts
    grounds = [_ground(still, size) for still in stills]
    scenes = (
        _leaves(size),
        _walk(grounds[0], size),
        _water(grounds[1], size),
        _whip_pan(grounds[2], size),
        _petals(grounds[0], size),
        _night(grounds[2], size),
    )
    for scene in scenes:
        for number in range(each):
            yield scene(number / fps)


def _ground(still: Path, size: tuple[int, int]) -> Picture:
    with Image.open(still) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
        room = round(size[0] * ROOM), round(size[1] * ROOM)
        return _rough(np.asarray(ImageOps.fit(upright, room, Image.Resampling.LANCZOS)))


def _rough(picture: Picture) -> Picture:
    """With the fine structure of real surfaces, which drawings and enlarged photos lack."""
    texture = _clouds(picture.shape[:2], (2, 3, 6, 12), seed=5)
    return np.clip(picture * (1 + 0.04 * texture[..., None]), 0, 255).astype(np.uint8)


def _clouds(shape: tuple[int, ...], grains_px: tuple[int, ...], seed: int) -> Field:
    """Noise of several grain sizes, from about -2 to 2."""
    draw = np.random.default_rng(seed)
    total = np.zeros(shape[:2], np.float32)
    for grain in grains_px:
        small = draw.normal(0, 1, (shape[0] // grain + 2, shape[1] // grain + 2)).astype(np.float32)
        large = Image.fromarray(small).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
        total += np.asarray(large)
    return total / np.float32(np.sqrt(len(grains_px)))


def _shake(seconds: float, reach_px: float) -> tuple[float, float]:
    """The trembling of a hand: several swings that never come together."""
    x = np.sin(seconds * 7.3) + 0.6 * np.sin(seconds * 13.1 + 1) + 0.3 * np.sin(seconds * 29.7 + 2)
    y = np.sin(seconds * 6.1 + 3) + 0.6 * np.sin(seconds * 11.9) + 0.3 * np.sin(seconds * 31.3 + 1)
    return float(x) * reach_px, float(y) * reach_px


def _leaves(size: tuple[int, int]) -> Scene:
    """Two layers of foliage that sway against each other."""
    shape = round(size[1] * ROOM), round(size[0] * ROOM)
    far, near = (_foliage(shape, grains, seed) for grains, seed in (((5, 9, 30), 1), ((7, 18, 60), 2)))
    gaps = _clouds(shape, (40, 90), seed=3) > 0.1

    def scene(seconds: float) -> Picture:
        x, y = _shake(seconds, 5)
        back = _swayed(far, size, (x, y), (7, seconds * 2.1))
        front = _swayed(near, size, (x * 1.5, y * 1.5), (16, seconds * 1.7 + 1))
        holes = _swayed(gaps, size, (x * 1.5, y * 1.5), (16, seconds * 1.7 + 1))
        return np.asarray(np.where(holes[..., None], back, front))

    return scene


def _foliage(shape: tuple[int, int], grains_px: tuple[int, ...], seed: int) -> Picture:
    level = np.clip(_clouds(shape, grains_px, seed) * 0.28 + 0.45, 0, 1)
    tones = [np.interp(level, (0, 0.55, 1), channel) for channel in zip(*LEAF_GREENS, strict=True)]
    return np.stack(tones, axis=-1).astype(np.uint8)


def _swayed(
    ground: NDArray[Any], size: tuple[int, int], at: tuple[float, float], wind: tuple[float, float]
) -> NDArray[Any]:
    """A piece of the ground, each spot moved by gusts of so many pixels at such a phase."""
    (width, height), (reach, phase) = size, wind
    y, x = np.arange(height)[:, None], np.arange(width)[None, :]
    dx = reach * np.sin(y / 97 + phase) + reach * 0.6 * np.sin(x / 61 - phase * 1.3)
    dy = reach * 0.5 * np.sin(x / 83 + phase * 1.1)
    left, top = (ground.shape[1] - width) / 2 + at[0], (ground.shape[0] - height) / 2 + at[1]
    columns = np.clip(x + dx + left, 0, ground.shape[1] - 1).astype(np.intp)
    rows = np.clip(y + dy + top, 0, ground.shape[0] - 1).astype(np.intp)
    return np.asarray(ground[rows, columns])


def _water(ground: Picture, size: tuple[int, int]) -> Scene:
    """The still at the bottom of running water."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)

    def scene(seconds: float) -> Picture:
        ripple = np.sin((x + 2 * y) / 31 + seconds * 5) + np.sin((y - x) / 19 - seconds * 6.5)
        swell = np.sin(x / 140 - seconds * 2) + np.sin(y / 110 + seconds * 1.6)
        seen = _swayed(ground, size, _shake(seconds, 3), (5, seconds * 3)).astype(np.float32)
        lit: Picture = np.clip(seen * (1 + 0.10 * ripple + 0.08 * swell)[..., None], 0, 255).astype(np.uint8)
        return lit

    return scene


def _seen(
    ground: Image.Image, size: tuple[int, int], corner: tuple[float, float], zoom: float
) -> Image.Image:
    """What a camera sees, to fractions of a pixel."""
    width, height = size[0] / zoom, size[1] / zoom
    left = min(max(corner[0], 0.0), ground.width - width)
    top = min(max(corner[1], 0.0), ground.height - height)
    return ground.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))


def _walk(ground: Picture, size: tuple[int, int]) -> Scene:
    """Towards something, step by step."""
    image = Image.fromarray(ground)

    def scene(seconds: float) -> Picture:
        x, y = _shake(seconds, 9)
        corner = (
            ground.shape[1] * (0.05 + 0.08 * seconds) + x,
            ground.shape[0] * 0.12 + y + 22 * np.sin(seconds * 9),
        )
        return np.asarray(_seen(image, size, corner, 1.0 + 0.12 * seconds))

    return scene


def _whip_pan(ground: Picture, size: tuple[int, int]) -> Scene:
    """Quickly from side to side, smeared by the shutter."""
    image, reach = Image.fromarray(ground), ground.shape[1] - size[0]

    def at(seconds: float) -> Field:
        x = reach * (0.5 + 0.5 * np.sin(seconds * 5))
        return np.asarray(_seen(image, size, (x, ground.shape[0] * 0.1), 1.0), np.float32)

    def scene(seconds: float) -> Picture:
        shutter_s = 1 / 60
        frames = [at(seconds + shutter_s * part / SUBFRAMES) for part in range(SUBFRAMES)]
        return np.asarray(sum(frames) / SUBFRAMES, np.uint8)

    return scene


def _petals(ground: Picture, size: tuple[int, int]) -> Scene:
    """Hundreds of them, falling at their own speeds before a slow pan."""
    image, draw = Image.fromarray(ground), np.random.default_rng(8)
    spots = draw.uniform(0, 1, (PETALS, 4))
    petals = [_petal(6 + 34 * share) for share in np.linspace(0, 1, 12) ** 2]

    def scene(seconds: float) -> Picture:
        picture = _seen(image, size, (40 + 70 * seconds, 60 + 20 * np.sin(seconds * 2)), 1.05)
        for column, row, speed, width in spots:
            petal = petals[int(width**3 * len(petals))]
            x = column * size[0] + 40 * np.sin(seconds * (2 + 3 * speed) + 20 * row)
            y = (row + seconds * (0.25 + 0.6 * speed)) % 1.1 * size[1] - 60
            picture.paste((250, 190 + int(50 * speed), 205), (int(x), int(y)), petal)
        return np.asarray(picture)

    return scene


def _petal(width_px: float) -> Image.Image:
    """Its mask: an oval with a soft edge."""
    side = round(width_px)
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    return Image.fromarray((np.clip(1.6 - 1.6 * np.hypot(x, y * 1.5), 0, 1) * 235).astype(np.uint8))


def _night(ground: Picture, size: tuple[int, int]) -> Scene:
    """Little light, the noise of a sensor that is asked too much, and lamps that flicker."""
    image, draw = Image.fromarray(ground), np.random.default_rng(4)
    lamps = draw.uniform(0, 1, (LIGHTS, 4))
    lamp = _petal(54)

    def scene(seconds: float) -> Picture:
        x, y = _shake(seconds, 6)
        dark = _seen(image, size, (80 + 60 * seconds + x, 90 + y), 1.1).point(lambda level: level * 0.3)
        for column, row, warm, phase in lamps:
            lit = lamp.point(lambda level, at=phase: level * (0.5 + 0.5 * np.sin(seconds * 9 + 40 * at)))
            dark.paste(
                (255, 150 + int(90 * warm), 90),
                (int(column * size[0] + x * 2), int(row * size[1] + y * 2)),
                lit,
            )
        noise = draw.normal(0, 3, (size[1], size[0], 1)).astype(np.float32)
        return np.clip(np.asarray(dark) + noise, 0, 255).astype(np.uint8)

    return scene
