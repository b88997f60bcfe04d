"""What the oven gives: croissants, scored loaves, cookies; and beans, crumbs and flour around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from field import Field, hump, linear, mix, noise, smoothstep
from relief import Patch, Place, Relief, Skin, lay, patch


def croissant(relief: Relief, place: Place) -> None:
    """A butter croissant, 15 cm from tip to tip, its back towards -v."""
    spot = patch(relief, place, 9.0)
    if spot is None:
        return
    bend_cm = 5.6
    y = spot.v_cm + bend_cm - 1.4
    angle = np.arctan2(spot.u_cm, y)
    along = angle * bend_cm / 7.4
    off = np.hypot(spot.u_cm, y) - bend_cm
    wrap = np.abs(along) * 3.7 + off * 0.12 + 0.42
    layer, within = np.floor(wrap), wrap - np.floor(wrap)
    taper = 0.10 + 0.90 * np.clip(1 - (np.clip(0.6 * layer + 0.4 * wrap, 0, None) / 4.35) ** 1.6, 0, 1)
    swell = np.clip(within * 7, 0, 1) ** 0.6 * (1 - 0.75 * within**3)
    width = 2.75 * taper * (0.95 + 0.05 * swell)
    inside = np.minimum(width - np.abs(off), (1.05 - np.abs(along)) * 7)
    dome = np.sqrt(np.clip(1 - (off / width) ** 2, 0, 1))
    flakes = spot.grain((1.4, 1.4), place.seed)
    lines = _flaky_lines(spot, angle, off, place.seed, 5.5)
    layers = _flaky_lines(spot, angle, off, place.seed + 9, 15.0)
    height = dome**1.1 * width * 1.2 * (0.86 + 0.14 * swell) + (0.035 * lines + 0.030 * layers) * dome
    bake = np.clip(0.20 + 0.62 * dome * within**0.6 + 0.16 * flakes + 0.10 * lines + 0.13 * layers, 0, 1)
    albedo = mix(linear("#e0a055"), linear("#8f4515"), bake)
    albedo = mix(albedo, linear("#5d270b"), 0.75 * smoothstep(0.62, 1.15, bake + 0.1 * lines))
    gloss = 0.02 + 0.05 * bake
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), albedo, gloss), place.lift_cm)


def _flaky_lines(spot: Patch, angle: Field, off: Field, seed: int, lines_per_cm: float) -> Field:
    """Edges of thin layers, running round the roll."""
    turned = replace(spot, u_cm=(angle * 7.0).astype(np.float32), v_cm=off.astype(np.float32))
    return turned.grain((0.5, lines_per_cm), seed + 4)


def loaf(relief: Relief, place: Place) -> None:
    """A round sourdough, 22 cm across, floured and scored like an ear of wheat."""
    spot = patch(relief, place, 12.5)
    if spot is None:
        return
    radius = np.hypot(spot.u_cm, spot.v_cm)
    uneven = 0.45 * spot.grain((0.09, 0.09), place.seed)
    share = np.clip(radius / (10.8 + uneven), 0, 1.2)
    dome = np.clip(1 - share**2.4, 0, 1) ** 0.62
    cut, lip = _score(spot.u_cm + 0.25 * uneven, spot.v_cm, share)
    blister = spot.grain((1.6, 1.6), place.seed + 1) * spot.grain((0.7, 0.7), place.seed + 8)
    height = 6.4 * dome - 0.34 * cut + 0.4 * lip + 0.07 * blister + 0.03 * spot.grain((5, 5), place.seed + 2)
    bake = np.clip(0.42 + 0.35 * share + 0.30 * spot.grain((0.5, 0.5), place.seed + 3) + 0.5 * lip, 0, 1)
    crust = mix(linear("#b47a40"), linear("#4f2812"), bake)
    crust = mix(crust, linear("#e0ad6a"), np.clip(cut * 0.85 + 0.1 * cut * blister, 0, 1))
    crust = mix(crust, linear("#f1e7d6"), _dusting(spot, share, cut, place.seed))
    inside = 10.8 + uneven - radius
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), crust, 0.05), place.lift_cm)


def _score(u_cm: Field, v_cm: Field, share: Field) -> tuple[Field, Field]:
    """Depth of the blade's cuts (one long, leaves at both sides) and the crisp lips beside them."""
    spine = np.abs(u_cm - 0.9 * np.sin(v_cm * 0.16))
    gap = 0.62 * np.clip(1 - (v_cm / 8.6) ** 2, 0, 1)
    cut = smoothstep(0.12, -0.22, spine - gap) * smoothstep(0.02, 0.14, gap)
    lip = smoothstep(0.42, 0.0, np.abs(spine - gap - 0.22)) * (gap > 0.05)
    reach = np.clip((spine - 1.7) / 4.0, 0, 1)
    phase = (v_cm + 0.35 * spine + 0.09 * spine**2) / 1.75
    leaf = np.abs(phase - np.round(phase)) * 1.75
    body = 0.30 * hump(reach**0.8) ** 0.8 * smoothstep(0.95, 0.7, np.abs(v_cm) / 8)
    inside = smoothstep(0.16, -0.10, leaf - body) * (body > 0.03) * smoothstep(0.86, 0.74, share)
    return np.maximum(cut, inside).astype(np.float32), lip.astype(np.float32)


def _dusting(spot: Patch, share: Field, cut: Field, seed: int) -> Field:
    rings = smoothstep(-0.25, 0.75, np.sin(share * 40 + 0.9) * 0.8 + 0.65 * spot.grain((0.9, 0.9), seed + 5))
    patchy = np.clip(
        0.62 + 0.5 * spot.grain((0.35, 0.35), seed + 6) + 0.28 * spot.grain((4, 4), seed + 7), 0, 1
    )
    return np.asarray(rings * patchy * (1 - cut) * smoothstep(1.0, 0.80, share) * 0.85, np.float32)


def cookie(relief: Relief, place: Place) -> None:
    """A chocolate chip cookie, 8 cm."""
    spot = patch(relief, place, 4.8)
    if spot is None:
        return
    radius = np.hypot(spot.u_cm, spot.v_cm) + 0.30 * spot.grain((0.25, 0.25), place.seed)
    cracks = np.abs(spot.grain((0.8, 0.8), place.seed + 1))
    rim = np.clip(1 - (radius / 4.0) ** 6, 0, 1)
    height = 1.0 * rim**0.6 + 0.22 * smoothstep(0.0, 0.35, cracks) + 0.05 * spot.grain((4, 4), place.seed + 2)
    bake = np.clip(0.25 + 0.45 * (radius / 4) ** 3 + 0.3 * smoothstep(0.2, 0.0, cracks), 0, 1)
    dough = mix(linear("#dca867"), linear("#8f5523"), bake)
    lay(relief, spot, Skin(spot.soft(4.0 - radius), height.astype(np.float32), dough, 0.05), place.lift_cm)
    rng = np.random.default_rng(place.seed)
    for _ in range(13):
        away, around = 3.1 * np.sqrt(rng.uniform()), rng.uniform(0, 2 * np.pi)
        chip = Place(
            place.x_cm + away * np.cos(around) * place.scale,
            place.y_cm + away * np.sin(around) * place.scale,
            rng.uniform(0, 360),
            place.scale * rng.uniform(0.7, 1.25),
            seed=int(rng.integers(99)),
        )
        _chip(relief, chip)


def _chip(relief: Relief, place: Place) -> None:
    spot = patch(relief, place, 0.7)
    if spot is None:
        return
    inside = 0.36 - (np.abs(spot.u_cm) ** 3 + np.abs(spot.v_cm * 1.3) ** 3) ** (1 / 3)
    height = 0.30 * np.sqrt(np.clip(inside / 0.36, 0, 1)) + 0.02
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), linear("#3a1d10"), 0.35))


def bean(relief: Relief, place: Place) -> None:
    """A roasted coffee bean."""
    spot = patch(relief, place, 0.75)
    if spot is None:
        return
    across = (spot.u_cm / 0.36) ** 2 + (spot.v_cm / 0.54) ** 2
    dome = np.sqrt(np.clip(1 - across, 0, 1))
    crack = smoothstep(0.075, 0.01, np.abs(spot.u_cm - 0.07 * np.sin(spot.v_cm * 6)))
    height = 0.36 * dome - 0.13 * crack * dome
    tone = mix(linear("#4a2714"), linear("#1f0f08"), np.clip(crack + 0.3 * spot.grain((4, 4), 3), 0, 1))
    cover = spot.soft((1 - np.sqrt(across)) * 0.42)
    lay(relief, spot, Skin(cover, height.astype(np.float32), tone, 0.30))


def beans(relief: Relief, centre: Place, spread_cm: float, count: int) -> None:
    """Beans spilt around a place, denser in its middle."""
    rng = np.random.default_rng(centre.seed)
    for _ in range(count):
        away, around = spread_cm * rng.uniform() ** 0.8, rng.uniform(0, 2 * np.pi)
        x, y = centre.x_cm + away * np.cos(around), centre.y_cm + 0.8 * away * np.sin(around)
        bean(relief, Place(x, y, rng.uniform(0, 360), rng.uniform(0.9, 1.15)))


def crumbs(relief: Relief, around: Iterable[Place], spread_cm: float, count: int) -> None:
    """Flakes and crumbs near the things baked."""
    for centre in around:
        rng = np.random.default_rng(centre.seed + 50)
        for _ in range(count):
            away, turn = spread_cm * rng.uniform() ** 0.6, rng.uniform(0, 2 * np.pi)
            _crumb(
                relief,
                Place(
                    centre.x_cm + away * np.cos(turn),
                    centre.y_cm + away * np.sin(turn),
                    rng.uniform(0, 360),
                    rng.uniform(0.4, 1.3) ** 2,
                    seed=int(rng.integers(99)),
                ),
            )


def _crumb(relief: Relief, place: Place) -> None:
    spot = patch(relief, place, 0.5)
    if spot is None:
        return
    inside = 0.16 - np.hypot(spot.u_cm, spot.v_cm * 1.5) + 0.06 * spot.grain((5, 5), place.seed)
    tone = mix(linear("#d89b4e"), linear("#a5642a"), np.clip(0.5 + spot.grain((3, 3), place.seed), 0, 1))
    height = 0.07 + 0.05 * spot.grain((6, 6), place.seed + 1)
    lay(relief, spot, Skin(spot.soft(inside), height.astype(np.float32), tone, 0.1))


def flour(relief: Relief, centre: Place, spread_cm: float) -> None:
    """Flour dusted over the table."""
    spot = patch(relief, centre, spread_cm * 1.6)
    if spot is None:
        return
    falloff = np.exp(-((np.hypot(spot.u_cm, spot.v_cm) / spread_cm) ** 2))
    clouds = smoothstep(
        0.25, 1.5, 0.9 * falloff + 0.5 * noise(spot.u_cm.shape, (9, 9), centre.seed, 3) * falloff
    )
    specks = np.random.default_rng(centre.seed).uniform(0, 1, spot.u_cm.shape).astype(np.float32)
    cover = np.clip(clouds * 0.7 + (specks < clouds * 0.2) * 0.4, 0, 0.9)
    lay(relief, spot, Skin(cover.astype(np.float32), 0.03 * clouds, linear("#efe8dc"), 0.0))
