"""The neon sign on the brick wall: a cup, its steam, and OPEN; each tube can be lit by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from field import Colour, Field, blur, linear, resize
from ground import bricks
from light import film_curve, to_image
from relief import Relief, empty

SIZE_CM = (60.0, 75.0)
CENTRE_CM = (32.4, 44.5)
"""The middle of the tubes as they are drawn below."""

Stroke = list[tuple[float, float]]

PINK, AMBER, MINT = linear("#ff4d8b"), linear("#ffab4a"), linear("#67e6d2")


@dataclass(frozen=True, slots=True)
class Sign:
    """The wall by night, and the light that each group of tubes adds to it."""

    wall: Field
    tubes: dict[str, Field]

    def lit(self, levels: dict[str, float]) -> Image.Image:
        """The picture with each group at a level from 0 (off) to 1."""
        scene = self.wall.copy()
        for name, level in levels.items():
            scene += self.tubes[name] * np.float32(level)
        return to_image(film_curve(scene) + _even_grain(scene.shape))


def _even_grain(shape: tuple[int, ...]) -> Field:
    """The same fine grain in every frame: it hides banding and costs a GIF nothing where nothing moves."""
    return np.random.default_rng(6).normal(0, 0.006, (*shape[:2], 1)).astype(np.float32)


def sign(px_per_cm: float, size_cm: tuple[float, float] = SIZE_CM, across: float = 0.5) -> Sign:
    """The sign on a wall of this size, in the middle of its height, at a share of its width."""
    wall = empty(size_cm, px_per_cm * 1.5)
    bricks(wall)
    shift = size_cm[0] * across - CENTRE_CM[0], size_cm[1] / 2 - CENTRE_CM[1]
    groups = {"cup": (_cup(), AMBER), "open": (_open(), PINK), "line": (_underline(), MINT)}
    groups |= {f"steam{number}": ([_steam(number)], MINT) for number in range(3)}
    shape = round(size_cm[1] * px_per_cm), round(size_cm[0] * px_per_cm)
    night = wall.albedo * np.array([0.22, 0.25, 0.38], np.float32)
    lights: dict[str, Field] = {}
    for name, (strokes, colour) in groups.items():
        tube = _tube(wall, strokes, shift)
        night = night * (1 - 0.8 * tube[..., None]) + np.array([0.035, 0.033, 0.036]) * tube[..., None]
        lights[name] = resize(_shine(wall, tube, colour), shape, Image.Resampling.BOX)
    return Sign(resize(night.astype(np.float32), shape, Image.Resampling.BOX), lights)


def _tube(wall: Relief, strokes: list[Stroke], shift_cm: tuple[float, float]) -> Field:
    """Cover of glass tubes, 1.1 cm thick."""
    rows, columns = wall.shape
    sheet = Image.new("L", (columns * 2, rows * 2), 0)
    pen, scale = ImageDraw.Draw(sheet), wall.px_per_cm * 2
    for stroke in strokes:
        points = [((x + shift_cm[0]) * scale, (y + shift_cm[1]) * scale) for x, y in stroke]
        pen.line(points, 255, round(1.1 * scale), joint="curve")
        for x, y in (points[0], points[-1]):
            radius = 0.55 * scale
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(sheet.resize((columns, rows), Image.Resampling.BOX), np.float32) / 255


def _shine(wall: Relief, tube: Field, colour: Colour) -> Field:
    """A lit tube: white-hot core, halo in the air, and its light raking over the bricks."""
    scale = wall.px_per_cm
    near, far = blur(tube, scale * 2.2), blur(tube, scale * 9)
    spread = near * 1.5 + far * 3.2
    slope_y, slope_x = np.gradient(blur(wall.height_cm, 0.6) * scale * 0.8)
    pull_y, pull_x = np.gradient(blur(tube, scale * 4.0))
    length = np.hypot(pull_x, pull_y)
    raking = np.clip(
        0.75
        - 0.9
        * (slope_x * pull_x + slope_y * pull_y)
        / (length + 0.002)
        / np.sqrt(1 + slope_x**2 + slope_y**2),
        0.05,
        2,
    )
    tint = np.asarray(colour, np.float32)
    bounced = wall.albedo**0.8 * (spread * raking)[..., None] * (0.85 * tint + 0.15) * 5.0
    halo = (0.10 * near + 0.05 * far + 0.28 * blur(tube, scale * 0.7))[..., None] * tint
    core = blur(tube, scale * 0.16) ** 2
    glass = tube[..., None] * tint * 1.7 + (core * blur(tube, scale * 0.3))[..., None] * np.array(
        [1.5, 1.4, 1.35]
    )
    return np.asarray(bounced * (1 - 0.85 * tube[..., None]) + halo + glass, np.float32)


def _arc(centre: tuple[float, float], radii: tuple[float, float], start_deg: float, end_deg: float) -> Stroke:
    angles = np.deg2rad(np.linspace(start_deg, end_deg, 60))
    return [
        (centre[0] + radii[0] * float(np.cos(a)), centre[1] + radii[1] * float(np.sin(a))) for a in angles
    ]


def _cup() -> list[Stroke]:
    bowl = [(19.0, 33.0), *_bowl(), (43.0, 33.0)]
    return [[*bowl, (19.0, 33.0)], _arc((43.6, 38.2), (5.2, 4.6), -85, 105), [(15.5, 51.8), (46.5, 51.8)]]


def _bowl() -> Stroke:
    return [(31 - 12 * float(np.cos(a)), 35 + 12.2 * float(np.sin(a))) for a in np.linspace(0, np.pi, 60)]


def _steam(number: int) -> Stroke:
    rise = np.linspace(0, 1, 60)
    foot = 24.5 + 6.5 * number
    tall = (10.5, 14.0, 10.5)[number]
    return [(foot + 1.25 * float(np.sin(s * 6.6 + 0.4)), 29.0 - tall * float(s)) for s in rise]


def _open() -> list[Stroke]:
    top, foot, wide = 57.5, 68.0, 7.2
    middle = (top + foot) / 2
    starts = [11.2 + number * 11.4 for number in range(4)]
    o = _arc((starts[0] + wide / 2, middle), (wide / 2 + 0.4, 5.25), -90, 270)
    p, e, n = starts[1] + 0.6, starts[2] + 0.6, starts[3]
    bow = _arc((p + 3.6, top + 2.9), (3.0, 2.9), -90, 90)
    letter_p = [(p, foot), (p, top), *bow, (p, top + 5.8)]
    letter_e = [(e + 5.8, top), (e, top), (e, foot), (e + 5.8, foot)]
    letter_n = [(n, foot), (n, top), (n + 6.6, foot), (n + 6.6, top)]
    return [o, letter_p, letter_e, [(e, middle), (e + 4.8, middle)], letter_n]


def _underline() -> list[Stroke]:
    return [[(16.0 + 32.0 * float(s), 73.4 + 0.8 * float(np.sin(s * 6.28))) for s in np.linspace(0, 1, 60)]]
