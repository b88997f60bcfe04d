"""What things lie on or hang from: planks, linen, baking paper, a brick wall; and the shade of leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from field import Colour, Field, blur, linear, mix, noise, resize, sample, smoothstep
from relief import Patch, Place, Relief, Skin, lay, patch

_ROUND = np.linspace(0, 2 * np.pi, 20)
LEAF_OUTLINE = 0.5 - 0.5 * np.cos(_ROUND), np.sin(_ROUND)
"""How far along and how far beside its rib each point of a leaf lies."""


@dataclass(frozen=True, slots=True)
class Timber:
    """A kind of wood and how wide its planks are."""

    light: Colour
    dark: Colour
    plank_cm: float
    gloss: float = 0.10


def wood(relief: Relief, timber: Timber, turn_deg: float = 0.0, seed: int = 3) -> None:
    """Cover everything with planks running down, turned by `turn_deg`."""
    rows, columns = relief.shape
    centre = Place(columns / relief.px_per_cm / 2, rows / relief.px_per_cm / 2, turn_deg)
    spot = patch(relief, centre, max(rows, columns) / relief.px_per_cm)
    if spot is None:
        return
    number = np.floor(spot.u_cm / timber.plank_cm + 40)
    across = spot.u_cm - (number - 40) * timber.plank_cm
    tone, figure = _figure(spot, number, across, seed)
    seam = np.minimum(across, timber.plank_cm - across)
    edge = smoothstep(0.0, 0.11, seam)
    albedo = mix(timber.dark, timber.light, np.clip(tone, 0, 1)) * (0.25 + 0.75 * edge)[..., None]
    height = (edge - 1) * 0.16 + figure * 0.012 - 0.012 * (1 - tone)
    gloss = timber.gloss * (0.5 + 0.7 * tone) * edge
    lay(relief, spot, Skin(np.ones(relief.shape, np.float32), height, albedo, gloss), 0.0)


def _figure(spot: Patch, number: Field, across: Field, seed: int) -> tuple[Field, Field]:
    """Tone (0 dark … 1 light) and fine bumps of the grain; each plank is cut from another place."""
    cut = number * 37.7
    slow = sample(noise((256, 256), (64, 64), seed, 2), spot.v_cm * 0.9 + cut, across * 2.2 + cut)
    fibre = sample(noise((512, 512), (60, 512), seed + 1, 2), spot.v_cm * 2.6 + cut * 3, across * 24 + cut)
    pores = sample(noise((512, 512), (120, 512), seed + 2), spot.v_cm * 6 + cut * 5, across * 60 + cut)
    heart = across - 3.5 + 2.2 * np.sin(number * 2.4)
    rings = np.sin((np.abs(heart) * 3.4 + slow * 1.9 + (spot.v_cm * 0.05 + number) ** 2 * 0.02) * 3.1)
    tone = 0.56 + 0.15 * rings + 0.12 * fibre + 0.10 * slow + 0.16 * np.sin(number * 5.1)
    tone -= 0.22 * smoothstep(0.4, 0.95, pores)
    return tone.astype(np.float32), fibre


def linen(relief: Relief, place: Place, size_cm: tuple[float, float], colour: Colour) -> None:
    """A cloth with woven threads, soft folds and a striped hem."""
    spot = patch(relief, place, max(size_cm) * 0.8)
    if spot is None:
        return
    wave = noise((256, 256), (20, 20), place.seed, 2)
    ripple = 0.16 * sample(wave, spot.v_cm * 3, spot.u_cm * 3)
    inside = np.minimum(
        size_cm[0] / 2 - np.abs(spot.u_cm + ripple), size_cm[1] / 2 - np.abs(spot.v_cm - ripple)
    )
    folds = sample(wave, spot.v_cm * 1.5 + spot.u_cm * 0.8, spot.u_cm * 3.0 - spot.v_cm * 1.2)
    creases = np.abs(sample(wave, spot.v_cm * 0.7 + 90, spot.u_cm * 1.1 + 30 + spot.v_cm * 0.5))
    threads = np.sin(spot.u_cm * 46 + 0.6 * folds) * np.sin(spot.v_cm * 46)
    uneven = spot.grain((1.2, 9.0), place.seed + 1) * 0.5 + spot.grain((9.0, 1.2), place.seed + 2) * 0.5
    height = 0.16 + 0.30 * folds + 0.10 * smoothstep(0.14, 0.0, creases) + 0.008 * threads
    height = height * smoothstep(-0.05, 0.5, inside) + 0.05
    stripe = smoothstep(0.09, 0.05, np.abs(inside - 1.15)) + smoothstep(0.09, 0.05, np.abs(inside - 1.5))
    cloth = np.asarray(colour) * (0.93 + 0.05 * threads + 0.05 * uneven)[..., None]
    albedo = mix(cloth, linear("#7d8a78"), np.clip(stripe, 0, 1) * 0.75)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), albedo, 0.0), 0.0)


def paper(relief: Relief, place: Place, size_cm: tuple[float, float], colour: Colour) -> None:
    """A crumpled sheet of baking paper."""
    spot = patch(relief, place, max(size_cm) * 0.8)
    if spot is None:
        return
    wave = noise((256, 256), (26, 26), place.seed)
    facets = np.abs(sample(wave, spot.v_cm * 2.2, spot.u_cm * 2.2)) + 0.6 * np.abs(
        sample(wave, spot.u_cm * 3.1 + spot.v_cm * 2.4 + 70, spot.v_cm * 3.3 - spot.u_cm * 2 + 20)
    )
    ragged = 0.05 * sample(wave, spot.v_cm * 14, spot.u_cm * 14)
    inside = np.minimum(size_cm[0] / 2 - np.abs(spot.u_cm), size_cm[1] / 2 - np.abs(spot.v_cm)) + ragged
    height = 0.05 + 0.22 * facets * smoothstep(-0.3, 2.0, inside)
    fleck = 0.97 + 0.05 * spot.grain((5, 5), place.seed + 3)
    albedo = np.asarray(colour, np.float32) * fleck[..., None]
    lay(
        relief, spot, Skin(spot.soft(inside), height.astype(np.float32), albedo.astype(np.float32), 0.03), 0.0
    )


def bricks(relief: Relief, seed: int = 8) -> None:
    """Cover everything with a painted brick wall."""
    rows, columns = relief.shape
    y, x = (np.mgrid[0:rows, 0:columns] / relief.px_per_cm).astype(np.float32)
    wobble = noise(relief.shape, (rows / 40, columns / 40), seed, 3) * 0.22
    course = np.floor(y / 7.2)
    along = x + np.where(course % 2 > 0, 11.5, 0) + 0.6 * np.sin(course * 9.1)
    stone = np.floor(along / 23)
    near_x = np.minimum(along % 23, 23 - along % 23)
    near_y = np.minimum(y % 7.2, 7.2 - y % 7.2)
    body = smoothstep(0.30, 0.95, np.minimum(near_x, near_y) + wobble)
    rough = noise(relief.shape, (rows / 5, columns / 5), seed + 1, 3)
    lean = 0.35 * np.sin(stone * 12.9 + course * 78.2)
    height = body * (1.15 + lean) + rough * (0.10 + 0.12 * (1 - body))
    tone = np.clip(0.5 + 0.3 * np.sin(stone * 7.7 + course * 31.3) + 0.25 * rough, 0, 1)
    albedo = mix(mix(linear("#3d3230"), linear("#6a4a40"), tone), linear("#4b4744"), 1 - body)
    everywhere = Patch(slice(0, rows), slice(0, columns), x, y, relief.px_per_cm)
    lay(relief, everywhere, Skin(np.ones(relief.shape, np.float32), height, albedo, 0.1 * body), 0.0)


def leaf_shade(shape: tuple[int, int], sway: float = 0.0, seed: int = 4) -> Field:
    """Light through a window with leaves before it: 1 in the sun, about 0.2 in the shade; `sway` moves it."""
    rows, columns = shape[0] // 4, shape[1] // 4
    pane = Image.new("L", (columns, rows), 0)
    pen = ImageDraw.Draw(pane)
    unit = max(rows, columns)
    slant = unit * 0.30
    for start in (-0.20, 0.20, 0.60, 1.00):
        left, width = start * unit, 0.34 * unit
        pen.polygon(
            [
                (left + slant, 0),
                (left + width + slant, 0),
                (left + width - slant, rows),
                (left - slant, rows),
            ],
            255,
        )
    gate = blur(np.asarray(pane, np.float32) / 255, unit * 0.012)
    twigs = Image.new("L", (columns, rows), 0)
    rng = np.random.default_rng(seed)
    for twig in range(5):
        _twig(ImageDraw.Draw(twigs), rng, unit, sway * (1 + 0.25 * np.sin(twig * 2.1)))
    leaves = blur(np.asarray(twigs, np.float32) / 255, unit * 0.008)
    shade = 0.16 + 0.84 * gate * (1 - 0.85 * leaves)
    return resize(shade.astype(np.float32), shape, Image.Resampling.BILINEAR)


def _twig(pen: ImageDraw.ImageDraw, rng: np.random.Generator, unit: float, sway: float) -> None:
    x, y = rng.uniform(0, 1.0) * unit, rng.uniform(-0.1, 0.15) * unit
    heading = rng.uniform(0.9, 1.9) + sway * 0.10
    for step in range(9):
        x, y = x + np.cos(heading) * unit * 0.045, y + np.sin(heading) * unit * 0.045
        heading += rng.uniform(-0.18, 0.18) + sway * 0.02
        side = 1 if step % 2 else -1
        angle = heading + side * (0.9 + 0.06 * sway)
        length, width = unit * rng.uniform(0.05, 0.085), unit * rng.uniform(0.012, 0.02)
        along, off = length * LEAF_OUTLINE[0], width * LEAF_OUTLINE[1]
        outline = np.stack(
            (x + along * np.cos(angle) - off * np.sin(angle), y + along * np.sin(angle) + off * np.cos(angle))
        )
        pen.polygon(outline.T.ravel().tolist(), 255)
