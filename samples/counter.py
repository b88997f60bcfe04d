"""What stands on a shop counter, seen from the front: pots, plants, loaves, baguettes, a candle."""

from __future__ import annotations

import numpy as np

from field import Colour, Field, linear, mix, smoothstep
from florist import leaf
from relief import Patch, Place, Relief, Skin, lay, patch

Outline = tuple[tuple[float, float], ...]

POT: Outline = ((-5.2, 4.6), (-4.0, 4.6), (-3.95, 4.15), (-2.0, 3.95), (4.9, 2.9), (5.0, 2.75))
JAR: Outline = (
    (-6.4, 3.5),
    (-6.1, 3.6),
    (-5.4, 3.2),
    (-4.2, 3.7),
    (-2.0, 4.2),
    (1.0, 4.4),
    (4.0, 4.0),
    (6.2, 3.2),
)
GLASS: Outline = ((-3.4, 2.5), (3.1, 2.4), (3.4, 2.2))


def vessel(relief: Relief, place: Place, outline: Outline, colour: Colour, gloss: float = 0.2) -> None:
    """Something round that stands; `outline` is (height below the middle, radius) in cm, from the top."""
    reach = max(max(abs(level), radius) for level, radius in outline)
    spot = patch(relief, place, reach + 0.3)
    if spot is None:
        return
    levels, radii = np.array(outline).T
    radius = _rounded(spot.v_cm, levels, radii)
    sag = 0.10 * (1 - (spot.u_cm / radius) ** 2)
    inside = np.minimum(
        radius - np.abs(spot.u_cm), np.minimum(spot.v_cm - levels[0] + sag, levels[-1] + sag - spot.v_cm)
    )
    height = np.sqrt(np.clip(radius**2 - spot.u_cm**2, 0, None))
    turning = spot.grain((5.0, 0.12), place.seed) * 0.5 + spot.grain((0.7, 0.7), place.seed + 1) * 0.5
    clay = np.asarray(colour, np.float32) * (1 + 0.13 * turning)[..., None]
    lay(
        relief,
        spot,
        Skin(spot.soft(inside), height.astype(np.float32), clay.astype(np.float32), gloss),
        place.lift_cm,
    )


def _rounded(level_cm: Field, levels: Field, radii: Field) -> Field:
    """The radius at each level, the outline's corners rounded off."""
    fine = np.linspace(levels[0] - 0.5, levels[-1] + 0.5, 400)
    window = np.hanning(23) / np.hanning(23).sum()
    smooth = np.convolve(np.pad(np.interp(fine, levels, radii), 11, mode="edge"), window, mode="valid")
    return np.asarray(np.interp(level_cm, fine, smooth), np.float32)


def plant(relief: Relief, place: Place, leaves: int = 17, size_cm: float = 9.0) -> None:
    """Broad leaves fanning out of a pot whose soil is at `place`."""
    rng = np.random.default_rng(place.seed)
    for number in range(leaves):
        share = number / (leaves - 1)
        lean = np.deg2rad(-90 + (share - 0.5) * 210 * (1 if number % 2 else -1) + rng.uniform(-12, 12))
        away = size_cm * rng.uniform(0.35, 1.05) * (0.55 + 0.45 * np.sin(-lean) ** 2)
        x, y = place.x_cm + away * float(np.cos(lean)), place.y_cm + 1.1 * away * float(np.sin(lean))
        turn = float(np.rad2deg(lean)) + rng.uniform(-25, 25)
        green = linear(str(rng.choice(["#4f7350", "#3d6247", "#6b8a58"])))
        spot = Place(
            x, y, turn, size_cm * rng.uniform(0.75, 1.1), rng.uniform(0.5, 3.5), int(rng.integers(99))
        )
        leaf(relief, spot, green)


def boule(relief: Relief, place: Place, half_cm: tuple[float, float] = (8.2, 5.2)) -> None:
    """A floured loaf from the side, slashed across; its foot is at `place`."""
    spot = patch(relief, place, max(half_cm) * 1.5)
    if spot is None:
        return
    wave = 0.25 * spot.grain((0.15, 0.15), place.seed)
    up = (-spot.v_cm + wave) / (half_cm[1] * 1.75)
    bulge = 1 - 0.22 * np.exp(-(((up + 0.04) / 0.14) ** 2))
    side = np.abs(spot.u_cm) / (half_cm[0] * bulge)
    round_ = 1 - side**2.3 - np.clip(up, 0, 2) ** 2.1
    inside = np.minimum(round_ * 3.4, -spot.v_cm + 0.25 + 0.1 * wave)
    dome = np.sqrt(np.clip(round_, 0, 1))
    cut, lip = _slashes(spot, dome)
    rough = spot.grain((1.5, 1.5), place.seed + 1)
    height = dome * 6.5 - 0.35 * cut + 0.35 * lip + 0.07 * rough + 0.03 * spot.grain((5, 5), 3)
    crust = _crust(spot, dome, cut, place.seed)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), crust, 0.05), place.lift_cm)


def _slashes(spot: Patch, dome: Field) -> tuple[Field, Field]:
    phase = (spot.u_cm + 0.28 * spot.v_cm + 0.02 * spot.v_cm**2) / 3.3
    across = np.abs(phase - np.round(phase)) * 3.3
    body = 0.62 * smoothstep(0.30, 0.85, dome) * smoothstep(0.8, 3.0, -spot.v_cm)
    cut = smoothstep(0.15, -0.2, across - body) * (body > 0.03)
    lip = smoothstep(0.35, 0.0, np.abs(across - body - 0.15)) * (body > 0.1)
    return cut.astype(np.float32), lip.astype(np.float32)


def _crust(spot: Patch, dome: Field, cut: Field, seed: int) -> Field:
    bake = np.clip(0.5 + 0.35 * (1 - dome) + 0.35 * spot.grain((0.5, 0.5), seed + 4), 0, 1)
    crust = mix(linear("#b9773a"), linear("#56290f"), bake)
    crust = mix(crust, linear("#dba768"), cut * 0.85)
    dust = smoothstep(-0.1, 0.9, spot.grain((0.8, 0.8), seed + 5) + 0.5 * spot.grain((5, 5), seed + 6) + 0.35)
    return mix(
        crust, linear("#f1e6d2"), np.clip(dust * (1 - cut) * 0.42 * smoothstep(0.3, 4.0, -spot.v_cm), 0, 1)
    )


def baguette(relief: Relief, place: Place, length_cm: float = 22.0) -> None:
    """A baguette standing upright around `place`."""
    spot = patch(relief, place, length_cm * 0.55)
    if spot is None:
        return
    half = length_cm / 2
    width = 1.75 * np.clip(1 - np.abs(spot.v_cm / half) ** 3.2, 0, 1) ** 0.5 + 0.05 * spot.grain(
        (0.5, 0.5), place.seed
    )
    inside = np.minimum(width - np.abs(spot.u_cm), half - np.abs(spot.v_cm))
    dome = np.sqrt(np.clip(1 - (spot.u_cm / np.maximum(width, 0.05)) ** 2, 0, 1))
    phase = (spot.v_cm + 1.5 * spot.u_cm) / 3.6
    across = np.abs(phase - np.round(phase)) * 3.6
    cut = smoothstep(0.62, 0.2, across) * smoothstep(0.55, 0.95, dome)
    lip = smoothstep(0.25, 0.0, np.abs(across - 0.72)) * dome
    height = dome * 1.75 - 0.22 * cut + 0.2 * lip + 0.05 * spot.grain((2, 2), place.seed + 1)
    bake = np.clip(0.45 + 0.3 * (1 - dome) + 0.3 * spot.grain((0.6, 0.6), place.seed + 2) + 0.3 * lip, 0, 1)
    crust = mix(mix(linear("#d09a4e"), linear("#84491b"), bake), linear("#edcf9a"), cut * 0.8)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), crust, 0.06), place.lift_cm)
