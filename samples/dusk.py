"""The shop window at dusk: bread and plants on the counter, the street's lights out of focus behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counter import GLASS, JAR, POT, baguette, boule, plant, vessel
from field import Colour, Field, blur, linear, mix, noise, resize, smoothstep
from light import Lamp, light
from relief import Place, Relief, empty

FOOT_CM = 26.6
"""Where things stand, from the top of the picture."""
EDGE_CM = 24.4
"""The far edge of the counter."""
SIZE_CM = (48.0, 32.0)

STREET_LIGHTS = ("#ffb45e", "#ff9440", "#ffd9a0", "#ff6a4d", "#5fd0c6", "#ffe7c4", "#ffa552", "#7fa8ff")


@dataclass(frozen=True, slots=True)
class Hour:
    """The sky and the lamp at one time of day."""

    top: Colour
    horizon: Colour
    ground: Colour
    lamp: Lamp


BLUE_HOUR = Hour(
    top=linear("#1d3350"),
    horizon=linear("#c9825f"),
    ground=linear("#191c26"),
    lamp=Lamp(235, 42, (2.5, 1.85, 1.2), (0.20, 0.22, 0.34), 0.3),
)


def window_layers(px_per_cm: float, hour: Hour) -> tuple[Field, Field, Field]:
    """The street behind, what stands on the counter, and how much that covers; all in linear light."""
    goods = _goods(px_per_cm)
    street = _street(goods.shape, hour)
    back = _counter(street, goods, px_per_cm, hour)
    lit = light(goods, hour.lamp).under()
    lit += _rim(goods, street)
    glow = _candle_glow(goods.shape, px_per_cm)
    lit += goods.albedo * glow[..., None] * np.array([2.6, 1.3, 0.45])
    lit += _flame(goods.shape, px_per_cm)
    back += glow[..., None] ** 1.3 * np.array([0.55, 0.26, 0.08])
    return back, lit, goods.cover


def window_scene(px_per_cm: float, hour: Hour) -> Field:
    """The layers put together."""
    back, lit, cover = window_layers(px_per_cm, hour)
    return mix(back, lit, cover)


def _goods(px_per_cm: float) -> Relief:
    relief = empty(SIZE_CM, px_per_cm)
    jar = Place(9.2, FOOT_CM - 6.2, seed=4)
    for x, lean, tall, seed in ((7.0, -7, 22, 3), (11.6, 8, 21, 5), (9.2, 1, 24, 8)):
        baguette(relief, Place(x, jar.y_cm - 7.6, lean, lift_cm=0.4 + seed / 10, seed=seed), tall)
    vessel(relief, Place(jar.x_cm, jar.y_cm, lift_cm=1.0, seed=4), JAR, linear("#cfc4b2"), 0.35)
    boule(relief, Place(21.6, FOOT_CM - 0.1, seed=12))
    boule(relief, Place(27.5, FOOT_CM + 0.3, lift_cm=1.2, seed=21), (5.0, 3.5))
    plant(relief, Place(39.2, FOOT_CM - 9.6, seed=6), 17, 7.8)
    vessel(relief, Place(39.2, FOOT_CM - 5.0, lift_cm=2.0, seed=2), POT, linear("#a9593a"), 0.05)
    vessel(
        relief,
        Place(CANDLE_X_CM, FOOT_CM - 2.6, scale=0.85, lift_cm=2.5, seed=9),
        GLASS,
        linear("#7a4a2a"),
        0.6,
    )
    return relief


CANDLE_X_CM = 32.6


def _candle_glow(shape: tuple[int, int], px_per_cm: float) -> Field:
    y, x = (np.mgrid[0 : shape[0], 0 : shape[1]] / px_per_cm).astype(np.float32)
    away = np.hypot(x - CANDLE_X_CM, y - (FOOT_CM - 3.2))
    return np.asarray(1 / (1 + (away / 2.1) ** 2) ** 1.5, np.float32)


def _flame(shape: tuple[int, int], px_per_cm: float) -> Field:
    """The flame seen through the glass."""
    y, x = (np.mgrid[0 : shape[0], 0 : shape[1]] / px_per_cm).astype(np.float32)
    up = np.clip((FOOT_CM - 1.9 - y) / 2.3, 0, 1)
    wide = 0.36 * np.sin(np.pi * up**0.6) + 1e-3
    tongue = np.exp(-(((x - CANDLE_X_CM) / wide) ** 2)) * (up > 0) * (up < 1)
    return np.asarray(blur(tongue, px_per_cm * 0.05)[..., None] * np.array([5.0, 3.2, 1.2]), np.float32)


def _street(shape: tuple[int, int], hour: Hour) -> Field:
    """Sky, roofs, lit windows and lamps, all far out of focus."""
    small = shape[0] // 2, shape[1] // 2
    y, x = np.mgrid[0 : 1 : small[0] * 1j, 0 : 1 : small[1] * 1j].astype(np.float32)
    sky = mix(hour.top, hour.horizon, smoothstep(0.0, 0.66, y) ** 1.7)
    roofs = 0.46 + 0.10 * np.sign(np.sin(x * 17)) * np.abs(np.sin(x * 5.3)) + 0.04 * np.sin(x * 40)
    houses = smoothstep(-0.02, 0.02, y - roofs.astype(np.float32))
    scene = blur(mix(sky, hour.ground, houses * 0.9), small[1] / 90)
    rng = np.random.default_rng(17)
    for _ in range(95):
        level = 0.74 - 0.42 * rng.beta(1.4, 2.6)
        radius = small[1] * rng.uniform(0.008, 0.026)
        colour = np.array(linear(str(rng.choice(STREET_LIGHTS)))) * rng.uniform(0.12, 0.85)
        _disc(scene, (rng.uniform(0, 1), level), radius, colour)
    for number in range(17):
        across = number / 16 + 0.012 * float(np.sin(number * 5.1))
        _disc(
            scene,
            (across, 0.07 + 0.30 * (across - 0.42) ** 2 + 0.012 * np.sin(number * 3)),
            small[1] * 0.0135,
            np.array(linear("#ffcf8a")) * 1.2,
        )
    for post in (0.335, 0.815):
        bar = smoothstep(0.017, 0.009, np.abs(x - post))
        scene = mix(scene, linear("#1a1310"), blur(bar, small[1] / 220))
    return resize(scene, shape)


def _disc(scene: Field, centre: tuple[float, float], radius_px: float, colour: Field) -> None:
    """One light out of focus: a disc, a little brighter at its edge."""
    rows, columns = scene.shape[:2]
    x, y = centre[0] * columns, centre[1] * rows
    top, bottom = max(0, int(y - radius_px - 2)), min(rows, int(y + radius_px + 3))
    left, right = max(0, int(x - radius_px - 2)), min(columns, int(x + radius_px + 3))
    if top >= bottom or left >= right:
        return
    down, across = np.mgrid[top:bottom, left:right]
    away = np.hypot(down - y, across - x).astype(np.float32)
    disc = np.clip(radius_px - away + 0.5, 0, 1) * (0.75 + 0.4 * (away / radius_px) ** 4)
    scene[top:bottom, left:right] += disc[..., None] * colour


def _counter(street: Field, goods: Relief, px_per_cm: float, hour: Hour) -> Field:
    """The street, and the polished counter that mirrors it and what stands on it."""
    rows, columns = goods.shape
    edge, foot = round(EDGE_CM * px_per_cm), round(FOOT_CM * px_per_cm)
    y = (np.arange(rows, dtype=np.float32) / px_per_cm)[:, None] + np.zeros((1, columns), np.float32)
    depth = np.clip((y - EDGE_CM) / (SIZE_CM[1] - EDGE_CM), 0, 1)
    fibre = noise((rows, columns), (rows / 5, 10), 33, 3) * (0.3 + 0.7 * depth)
    board = mix(linear("#3a2415"), linear("#6d4526"), np.clip(0.45 + 0.35 * fibre, 0, 1))
    board = board * np.asarray(hour.lamp.colour) * (0.10 + 0.30 * depth)[..., None]
    mirrored = np.clip(2 * edge - np.arange(rows), 0, edge - 1)
    sheen = blur(street[mirrored], px_per_cm * 0.55) * (0.42 * (1 - depth) ** 1.5 + 0.03)[..., None]
    standing = np.clip(2 * foot - np.arange(rows), 0, rows - 1)
    shadow = blur(goods.cover[standing], px_per_cm * 0.35) * smoothstep(FOOT_CM + 6.5, FOOT_CM, y)
    reflected = blur(goods.albedo[standing] * goods.cover[standing][..., None], px_per_cm * 0.3)
    board = (board + sheen) * (1 - 0.72 * shadow)[..., None]
    board += (
        0.16 * reflected * (smoothstep(FOOT_CM + 6.0, FOOT_CM, y))[..., None] * np.asarray(hour.lamp.colour)
    )
    return mix(street, board.astype(np.float32), smoothstep(EDGE_CM - 0.22, EDGE_CM + 0.22, y))


def _rim(goods: Relief, street: Field) -> Field:
    """The street's light around the edges of what stands before it."""
    slope_y, slope_x = np.gradient(goods.height_cm * goods.px_per_cm)
    away = 1 - 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    wide = blur(street, goods.px_per_cm * 1.6)
    return np.asarray(wide * (away**2 * 0.30)[..., None] * (0.4 + goods.albedo), np.float32)
