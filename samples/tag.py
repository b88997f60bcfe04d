"""The cut-out: a croissant with a kraft price tag on a string, on transparent ground."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bakery import croissant, crumbs
from field import blur, linear
from lettering import Line, stack, stamp
from light import Lamp, film_curve, light
from relief import Patch, Place, Relief, Skin, empty, lay, patch

INK = linear("#3a2316")
WORDS = (
    Line("CASA LUME", 60, 0.28, 0.012),
    Line("butter croissant", 92, 0.0, 0.008),
    Line("2.40", 300, 0.0, 0.02),
    Line("BAKED THIS MORNING", 44, 0.22, 0.008),
)
SIZE_CM = (22.0, 22.0)


def price_tag(px_per_cm: float) -> Image.Image:
    """The picture, 22 × 22 cm, with soft shadows in its alpha channel."""
    relief = empty(SIZE_CM, px_per_cm)
    relief.albedo[:] = 0.5
    place = Place(12.0, 8.0, -9, seed=6)
    _card(relief, place)
    _string(relief)
    croissant(relief, Place(10.2, 15.4, 7, 1.18, 0.1, 4))
    crumbs(relief, [Place(17.0, 19.4, seed=5)], 1.8, 7)
    return _cut_out(relief, Lamp(colour=(2.9, 2.6, 2.3), room=(0.55, 0.55, 0.58)))


def _card(relief: Relief, place: Place) -> None:
    spot = patch(relief, place, 9.5)
    if spot is None:
        return
    corner = np.hypot(np.clip(np.abs(spot.u_cm) - 7.2, 0, None), np.clip(np.abs(spot.v_cm) - 4.9, 0, None))
    slanted = 9.9 - (-spot.u_cm + np.abs(spot.v_cm))
    inside = np.minimum(np.minimum(0.7 - corner, slanted), np.hypot(spot.u_cm + 6.6, spot.v_cm) - 0.42)
    fibre = spot.grain((1.5, 6.0), 3) * 0.5 + spot.grain((5.0, 2.0), 4) * 0.5
    kraft = np.asarray(linear("#cfa878"), np.float32) * (1 + 0.10 * fibre)[..., None]
    curl = 0.30 + 0.012 * (spot.u_cm**2) * 0.6 + 0.004 * fibre
    lay(relief, spot, Skin(spot.soft(inside), curl.astype(np.float32), kraft.astype(np.float32), 0.02), 0.0)
    _ring(relief, spot)
    words = patch(relief, Place(place.x_cm + 0.8, place.y_cm - 0.1, place.turn_deg), 7.5)
    if words is not None:
        stamp(relief, words, stack(WORDS, 0.98), 9.6, INK)


def _ring(relief: Relief, spot: Patch) -> None:
    """The eyelet around the hole."""
    away = np.hypot(spot.u_cm + 6.6, spot.v_cm) - 0.62
    height = np.sqrt(np.clip(0.2**2 - away**2, 0, None)) * 0.8
    lay(relief, spot, Skin(spot.soft(0.2 - np.abs(away)), height.astype(np.float32), linear("#b08a4a"), 0.7))


def _string(relief: Relief) -> None:
    """Twine from the eyelet in a loose loop, twisted of two strands."""
    knots = np.array(
        [
            (5.6, 9.1),
            (3.7, 8.5),
            (1.9, 6.3),
            (1.3, 3.5),
            (2.4, 1.6),
            (3.7, 2.6),
            (3.3, 5.8),
            (2.2, 9.0),
            (2.3, 11.6),
        ]
    )
    steps = np.linspace(0, len(knots) - 1, 420)
    line = np.stack([_through(knots[:, axis], steps) for axis in (0, 1)], axis=1)
    headings = np.rad2deg(np.arctan2(*np.gradient(line, axis=0).T[::-1]))
    for number, ((x, y), heading) in enumerate(zip(line, headings, strict=True)):
        lift = 0.15 + 0.25 * float(np.sin(np.pi * number / len(line)))
        bead = patch(relief, Place(float(x), float(y), float(heading) + 38), 0.3)
        if bead is None:
            continue
        round_ = 1 - (bead.u_cm / 0.20) ** 2 - (bead.v_cm / 0.085) ** 2
        height = lift + 0.12 * np.sqrt(np.clip(round_, 0, 1))
        tone = linear("#e6d6b8") if number % 2 else linear("#c9b48e")
        ground = 0.45 if x > 4.2 else 0.05
        lay(relief, bead, Skin(bead.soft(round_ * 0.06), height.astype(np.float32), tone, 0.0), ground)


def _through(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """A smooth (Catmull-Rom) curve through values, one apart."""
    padded = np.concatenate(([2 * values[0] - values[1]], values, [2 * values[-1] - values[-2]]))
    start = np.minimum(steps.astype(int), len(values) - 2)
    before, here, there, after = (padded[start + shift] for shift in range(4))
    t = steps - start
    linear_, square, cube = (
        there - before,
        2 * before - 5 * here + 4 * there - after,
        3 * (here - there) + after - before,
    )
    return np.asarray(here + 0.5 * t * (linear_ + t * (square + t * cube)))


def _cut_out(relief: Relief, lamp: Lamp) -> Image.Image:
    """What is covered in colour; beside it only the shadow that it throws, as alpha."""
    lit = light(relief, lamp).under()
    clear = float(np.quantile(lit[..., 1], 0.02)) if relief.cover.min() > 0 else float(lit[4, 4, 1])
    shadow = np.clip(1 - lit[..., 1] / clear, 0, 1) * 0.62
    shadow = blur(shadow.astype(np.float32), relief.px_per_cm * 0.06)
    cover = relief.cover
    alpha = cover + (1 - cover) * shadow
    colour = (
        film_curve(lit) * cover[..., None] + np.array([0.13, 0.08, 0.05]) * ((1 - cover) * shadow)[..., None]
    )
    colour = colour / np.maximum(alpha, 1e-3)[..., None]
    screen = np.dstack([np.clip(colour, 0, 1), alpha])
    return Image.fromarray((screen * 255 + 0.5).astype(np.uint8))
