"""The crockery: saucer, cup with latte art, plate and spoon."""

from __future__ import annotations

import numpy as np

from field import Colour, Field, hump, linear, mix, smoothstep
from relief import Patch, Place, Relief, Skin, lay, patch

CREAM = linear("#ece4d6")


def turned(relief: Relief, place: Place, profile: tuple[tuple[float, float], ...], colour: Colour) -> None:
    """Something made on a potter's wheel; `profile` is (radius, height) in cm from the centre out."""
    reach = profile[-1][0]
    spot = patch(relief, place, reach + 0.3)
    if spot is None:
        return
    radius = np.hypot(spot.u_cm, spot.v_cm)
    height = _spun(radius, profile)
    speckle = smoothstep(0.78, 0.95, spot.grain((7.0, 7.0), 71))
    clay = mix(colour, linear("#8a6f55"), speckle * 0.55)
    lay(relief, spot, Skin(spot.soft(reach - radius), height, clay, 0.55), place.lift_cm)


def _spun(radius: Field, profile: tuple[tuple[float, float], ...]) -> Field:
    """Height over radius along a smooth curve through the profile's points."""
    knots, heights = np.array(profile).T
    fine = np.linspace(0, knots[-1], 600)
    curve = np.interp(fine, knots, heights)
    soft = np.convolve(np.pad(curve, 12, mode="edge"), np.hanning(25) / np.hanning(25).sum(), mode="valid")
    return np.asarray(np.interp(radius, fine, soft), np.float32)


SAUCER = (
    (0.0, 0.35),
    (3.4, 0.4),
    (3.6, 0.62),
    (3.9, 0.45),
    (6.2, 1.0),
    (7.5, 1.75),
    (7.75, 1.8),
    (7.9, 1.35),
)
PLATE = ((0.0, 0.3), (7.0, 0.35), (8.4, 0.9), (10.4, 1.45), (10.9, 1.6), (11.1, 1.2))
CUP = ((0.0, 4.3), (3.75, 4.3), (4.25, 5.9), (4.45, 6.2), (4.62, 6.05), (4.8, 4.6), (4.95, 2.5))


def cup_of_coffee(relief: Relief, place: Place, colour: Colour = CREAM) -> None:
    """Saucer, cup, handle and a latte with a rosetta."""
    turned(relief, place, SAUCER, colour)
    _handle(relief, place, colour)
    turned(relief, Place(place.x_cm, place.y_cm, lift_cm=place.lift_cm + 0.3, scale=place.scale), CUP, colour)
    spot = patch(relief, place, 4.6)
    if spot is None:
        return
    radius = np.hypot(spot.u_cm, spot.v_cm)
    surface = _latte(spot, radius)
    meniscus = 5.5 + 0.10 * smoothstep(3.7, 4.1, radius) + 0.006 * spot.grain((3, 3), 5)
    lay(
        relief,
        spot,
        Skin(spot.soft(4.06 - radius), meniscus.astype(np.float32), surface, 0.16),
        place.lift_cm,
    )


def _handle(relief: Relief, place: Place, colour: Colour) -> None:
    spot = patch(relief, place, 8.2)
    if spot is None:
        return
    ring = np.hypot((spot.u_cm - 5.4) / 1.25, spot.v_cm) - 1.25
    inside = 0.48 - np.abs(ring)
    height = 3.0 + np.sqrt(np.clip(0.48**2 - ring**2, 0, None)) * 1.5
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), colour, 0.55), place.lift_cm)


def _latte(spot: Patch, radius: Field) -> Field:
    """Crema and milk: a rosetta, drawn as the barista does, stripes pulled down by the last stroke."""
    drift = 0.10 * spot.grain((0.5, 0.5), 11)
    x, y = spot.u_cm + drift, -(spot.v_cm + drift) + 0.1
    along = np.clip((y + 3.1) / 5.4, 0, 1)
    width = 2.75 * hump(along**0.72) ** 0.8 * (0.62 + 0.38 * (1 - along))
    pull = y - 0.62 * np.abs(x) ** 1.12 + 0.95 * np.exp(-np.abs(x) * 2.6)
    stripes = smoothstep(-0.40, 0.12, np.sin(pull * 6.4 + 0.9))
    leaf = smoothstep(-0.05, 0.16, width - np.abs(x)) * smoothstep(-3.1, -2.7, y) * stripes
    heart = _heart(x / 1.15, (y - 2.25) / 1.15)
    stem = smoothstep(0.10, 0.02, np.abs(x)) * smoothstep(-3.35, -3.0, y) * smoothstep(2.4, 1.4, y)
    milk = np.clip(np.maximum(leaf * (1 - 0.75 * stem), heart), 0, 1)
    fine = spot.grain((7, 7), 23)
    crema = mix(
        linear("#8a4f22"), linear("#5e2f12"), smoothstep(1.2, 4.0, radius + 0.5 * spot.grain((0.8, 0.8), 7))
    )
    crema = crema * (1 + 0.10 * fine)[..., None]
    foam = mix(linear("#f3e3c8"), linear("#e2c49a"), np.clip(0.4 + 0.5 * spot.grain((1, 1), 31), 0, 1))
    surface = mix(crema.astype(np.float32), foam, milk * (0.95 + 0.05 * fine))
    rim = smoothstep(3.72, 4.0, radius) * 0.75
    return mix(surface, linear("#9a6532"), rim)


def _heart(x: Field, y: Field) -> Field:
    lobes = 0.50 - np.hypot(np.abs(x) - 0.40, y - 0.25)
    point = np.where(y < 0.42, 0.88 * np.clip((y + 0.95) / 1.2, 0, 1) ** 0.75 - np.abs(x), -1)
    return smoothstep(-0.05, 0.06, np.maximum(lobes, point))


def spoon(relief: Relief, place: Place) -> None:
    """A small steel spoon; its bowl is at the top, v runs along it."""
    spot = patch(relief, place, 7.2)
    if spot is None:
        return
    bowl = np.hypot(spot.u_cm / 1.25, (spot.v_cm + 5.0) / 1.85)
    width = 0.22 + 0.20 * smoothstep(2.5, 6.5, spot.v_cm) + 0.25 * smoothstep(-2.6, -3.8, spot.v_cm)
    stem = width - np.abs(spot.u_cm)
    stem = np.minimum(stem, 6.7 - np.abs(spot.v_cm - 0.0))
    stem = np.where(spot.v_cm > -4.6, stem, -1)
    inside = np.maximum((1 - bowl) * 1.25, stem)
    hollow = 0.40 * np.clip(bowl, 0, 1) ** 2.2 - 0.10
    arch = 0.5 + 0.14 * np.sqrt(np.clip(1 - (spot.u_cm / width) ** 2, 0, 1))
    height = np.where(bowl < 1, 0.35 + hollow, arch)
    lay(
        relief,
        spot,
        Skin(spot.soft(inside), height.astype(np.float32), linear("#9b9791"), 1.0),
        place.lift_cm,
    )
