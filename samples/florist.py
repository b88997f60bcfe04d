"""Flowers and green: dahlias petal by petal, leaves, eucalyptus twigs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from field import Colour, hump, linear, mix, smoothstep
from relief import Place, Relief, Skin, lay, patch

GOLDEN_DEG = 137.508
LEAF_GREEN = linear("#5c7a45")


@dataclass(frozen=True, slots=True)
class Bloom:
    """A kind of dahlia: size, petals, and colours from the heart out."""

    radius_cm: float
    heart: Colour
    rim: Colour
    petals: int = 125


PEACH = Bloom(6.2, linear("#d9603f"), linear("#f7c6a0"))
BLUSH = Bloom(5.2, linear("#b8405e"), linear("#f3bcc2"), 110)
CREAM = Bloom(4.2, linear("#d8b45a"), linear("#f6ead0"), 95)
WINE = Bloom(4.6, linear("#4d0f24"), linear("#9c2f4c"), 100)


def dahlia(relief: Relief, place: Place, bloom: Bloom) -> None:
    """A dahlia from above: petals in a spiral, the outer ones laid first."""
    rng = np.random.default_rng(place.seed)
    for number in range(bloom.petals, 0, -1):
        share = number / bloom.petals
        around = np.deg2rad(number * GOLDEN_DEG + place.turn_deg) + rng.normal(0, 0.05)
        length = bloom.radius_cm * (0.17 + 0.45 * share**0.7) * rng.uniform(0.94, 1.05)
        away = bloom.radius_cm * 0.64 * share**0.62
        petal = Place(
            place.x_cm + place.scale * away * float(np.cos(around)),
            place.y_cm + place.scale * away * float(np.sin(around)),
            float(np.rad2deg(around)),
            place.scale * length,
            place.lift_cm + bloom.radius_cm * (0.78 - 0.62 * share**1.3),
            int(rng.integers(999)),
        )
        _petal(relief, petal, share, bloom)


def _petal(relief: Relief, place: Place, share: float, bloom: Bloom) -> None:
    """A petal of length 1, tip at +u, cupped, with fine veins."""
    spot = patch(relief, place, 0.75)
    if spot is None:
        return
    along = np.clip((spot.u_cm + 0.55) / 1.15, 0, 1)
    width = 0.40 * hump(along**1.15) ** 0.85
    width = np.where((spot.u_cm > -0.55) & (spot.u_cm < 0.6), width, -0.1)
    inside = width - np.abs(spot.v_cm)
    cup = (spot.v_cm / np.maximum(width, 0.05)) ** 2
    rise = 0.30 * (along - 0.35) * (1 - share) + 0.16 * np.sin(along * 2.6)
    veins = np.sin(spot.v_cm * 60 / (0.5 + along)) * (1 - cup)
    height = place.scale * (rise + 0.15 * np.clip(cup, 0, 1) - 0.10 * along**3 + 0.006 * veins)
    fade = np.clip(0.15 + 0.75 * share + 0.45 * (along - 0.6) + 0.05 * veins, 0, 1)
    tone = mix(bloom.heart, bloom.rim, fade.astype(np.float32))
    tone = tone * (0.60 + 0.40 * smoothstep(0.0, 0.55, along))[..., None]
    tone = tone * np.float32(np.random.default_rng(place.seed).uniform(0.92, 1.06))
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), tone, 0.03), place.lift_cm)


def leaf(relief: Relief, place: Place, green: Colour = LEAF_GREEN) -> None:
    """A leaf of length 1 (so `scale` is cm), stalk at -u, tip at +u."""
    spot = patch(relief, place, 0.6)
    if spot is None:
        return
    along = np.clip(spot.u_cm + 0.5, 0, 1)
    middle = spot.v_cm - 0.05 * np.sin(along * 3.1)
    width = 0.21 * hump(along**0.8) ** 0.9
    inside = np.where(np.abs(spot.u_cm) < 0.5, width - np.abs(middle), -0.1)
    ribs = np.abs(((along - 1.1 * np.abs(middle)) * 11) % 1 - 0.5) * 2
    rib = smoothstep(0.25, 0.0, ribs) * smoothstep(0.0, 0.03, np.abs(middle)) * 0.6
    vein = np.maximum(smoothstep(0.014, 0.004, np.abs(middle)), rib)
    fold = np.abs(middle) / np.maximum(width, 0.02)
    height = place.scale * (0.07 * np.sin(along * 3.0) + 0.05 * fold + 0.004 * (1 - vein)) + 0.1
    tone = mix(
        green,
        (green[0] * 0.55, green[1] * 0.62, green[2] * 0.6),
        np.clip(0.5 + 0.6 * spot.grain((4, 4), place.seed), 0, 1),
    )
    tone = mix(tone, (green[0] * 1.7, green[1] * 1.5, green[2] * 1.5), vein * 0.5)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), tone, 0.16), place.lift_cm)


def eucalyptus(relief: Relief, place: Place, pairs: int = 9) -> None:
    """A twig with round silvery leaves in pairs, growing along +u."""
    rng = np.random.default_rng(place.seed)
    heading = np.deg2rad(place.turn_deg)
    x, y = place.x_cm, place.y_cm
    for step in range(pairs):
        x, y = x + 1.5 * place.scale * float(np.cos(heading)), y + 1.5 * place.scale * float(np.sin(heading))
        heading += rng.normal(0.02, 0.07)
        size = place.scale * (2.5 - 0.14 * step) * rng.uniform(0.9, 1.1)
        for side in (-1, 1):
            angle = heading + side * rng.uniform(0.9, 1.25)
            centre = Place(
                x + 0.5 * size * float(np.cos(angle)),
                y + 0.5 * size * float(np.sin(angle)),
                float(np.rad2deg(angle)),
                size,
                place.lift_cm + rng.uniform(0.3, 1.2),
                int(rng.integers(999)),
            )
            _round_leaf(relief, centre)
        _knot(relief, Place(x, y, float(np.rad2deg(heading)), place.scale, place.lift_cm))


def _round_leaf(relief: Relief, place: Place) -> None:
    spot = patch(relief, place, 0.6)
    if spot is None:
        return
    inside = 0.46 - np.hypot(spot.u_cm, spot.v_cm * (1.18 + 0.3 * spot.u_cm))
    vein = smoothstep(0.03, 0.008, np.abs(spot.v_cm))
    height = place.scale * (0.12 * spot.u_cm + 0.16 * spot.v_cm**2 + 0.05 * np.abs(spot.v_cm))
    tone = mix(
        linear("#7f9a86"), linear("#54705f"), np.clip(0.5 + 0.5 * spot.grain((2, 2), place.seed), 0, 1)
    )
    tone = mix(tone, linear("#b9c8b4"), vein * 0.6)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), tone, 0.05), place.lift_cm)


def _knot(relief: Relief, place: Place) -> None:
    spot = patch(relief, place, 1.2)
    if spot is None:
        return
    inside = np.minimum(0.11 - np.abs(spot.v_cm), 0.95 - np.abs(spot.u_cm))
    height = np.sqrt(np.clip(0.0121 - spot.v_cm**2, 0, None))
    lay(
        relief,
        spot,
        Skin(spot.soft(inside), height.astype(np.float32), linear("#8a6a4c"), 0.05),
        place.lift_cm + 0.5,
    )
