"""Light on a relief, and the camera: soft shadows, sheen, bloom, film curve and grain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from field import Colour, Field, blur, noise, resize, smoothstep
from relief import Relief


@dataclass(frozen=True, slots=True)
class Lamp:
    """The main light: where it comes from, how hard its shadows are, and the light of the room."""

    from_deg: float = 215.0
    up_deg: float = 38.0
    colour: Colour = (3.1, 2.65, 2.1)
    room: Colour = (0.42, 0.46, 0.55)
    penumbra: float = 0.22
    reach_cm: float = 14.0


@dataclass(frozen=True, slots=True)
class Lit:
    """A lit relief in two layers of linear light, so that shade can still move over the direct one."""

    direct: Field
    ambient: Field

    def under(self, shade: Field | float = 1.0) -> Field:
        """Both layers, the direct light let through by `shade`."""
        gate = shade[..., None] if isinstance(shade, np.ndarray) else shade
        return np.asarray(self.direct * gate + self.ambient, np.float32)


def light(relief: Relief, lamp: Lamp) -> Lit:
    """What a camera straight above would see."""
    slope_y, slope_x = np.gradient(relief.height_cm * relief.px_per_cm)
    up = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    towards = _towards(lamp)
    facing = np.clip((-slope_x * towards[0] - slope_y * towards[1] + towards[2]) * up, 0, None)
    visible = _visible(relief, lamp)
    crevice = _crevices(relief)
    half = np.array([towards[0], towards[1], towards[2] + 1])
    half /= np.linalg.norm(half)
    shine = np.clip((-slope_x * half[0] - slope_y * half[1] + half[2]) * up, 0, 1)
    glint = relief.gloss * (0.9 * shine**90 + 0.35 * shine**22)
    direct = (
        (relief.albedo * facing[..., None] + glint[..., None]) * visible[..., None] * np.asarray(lamp.colour)
    )
    room = crevice * (0.62 + 0.38 * up) + 0.0
    sky = relief.albedo * room[..., None] * np.asarray(lamp.room)
    sky += (_softbox(slope_x * up, slope_y * up) * relief.gloss * crevice)[..., None] * np.asarray(lamp.room)
    bounced = relief.albedo**1.5 * (0.16 * (1 - crevice))[..., None] * np.asarray(lamp.colour)
    return Lit(direct.astype(np.float32), (sky + bounced).astype(np.float32))


def _towards(lamp: Lamp) -> tuple[float, float, float]:
    around, up = np.deg2rad(lamp.from_deg), np.deg2rad(lamp.up_deg)
    return float(np.cos(around) * np.cos(up)), float(np.sin(around) * np.cos(up)), float(np.sin(up))


def _visible(relief: Relief, lamp: Lamp) -> Field:
    """Share of the lamp that each spot sees: one march towards it, softer with distance."""
    shrink = max(1, round(relief.px_per_cm / 24))
    rows, columns = (max(2, extent // shrink) for extent in relief.shape)
    ground = resize(relief.height_cm, (rows, columns), Image.Resampling.BOX)
    scale = relief.px_per_cm * rows / relief.shape[0]
    around, rise = np.deg2rad(lamp.from_deg), np.tan(np.deg2rad(lamp.up_deg))
    pad = int(lamp.reach_cm * scale) + 2
    padded = np.pad(ground, pad, mode="edge")
    blocked = np.full((rows, columns), -9, np.float32)
    distance_cm = 1.5 / scale
    while distance_cm < lamp.reach_cm:
        down = round(np.sin(around) * distance_cm * scale) + pad
        across = round(np.cos(around) * distance_cm * scale) + pad
        above = padded[down : down + rows, across : across + columns] - ground - distance_cm * rise
        np.maximum(blocked, above / (distance_cm * lamp.penumbra + 0.06), out=blocked)
        distance_cm *= 1.045 if distance_cm * scale > 24 else 1 + 1 / (distance_cm * scale)
    return resize(smoothstep(0.55, -0.55, blur(blocked, 0.8)), relief.shape, Image.Resampling.BILINEAR)


def _crevices(relief: Relief) -> Field:
    """How much of the room each spot sees: less at the foot of things."""
    openness = np.ones(relief.shape, np.float32)
    for spread_cm, strength in ((0.15, 1.2), (0.6, 0.75), (2.2, 0.32)):
        sunk = np.clip(blur(relief.height_cm, spread_cm * relief.px_per_cm) - relief.height_cm, 0, None)
        openness *= np.exp(-sunk / spread_cm**0.7 * strength)
    return openness


def _softbox(tilt_x: Field, tilt_y: Field) -> Field:
    """A window mirrored in glossy things, with its cross bar."""
    across = smoothstep(0.30, 0.24, np.abs(tilt_x - 0.38)) * smoothstep(0.014, 0.03, np.abs(tilt_x - 0.38))
    down = smoothstep(0.34, 0.28, np.abs(tilt_y - 0.34))
    return np.asarray(across * down * 1.6, np.float32)


@dataclass(frozen=True, slots=True)
class Film:
    """How the camera develops linear light."""

    exposure: float = 1.0
    bloom: float = 0.07
    vignette: float = 0.30
    grain: float = 0.012
    warmth: float = 0.0
    seed: int = 5


def develop(scene: Field, film: Film) -> Image.Image:
    """Linear light as an 8-bit picture: bloom, vignette, film curve, grain (which also hides banding)."""
    rows, columns = scene.shape[:2]
    light_in = scene * np.float32(film.exposure)
    bright = np.clip(light_in - 0.7, 0, 4)
    light_in = light_in + film.bloom * (blur(bright, columns / 150) + blur(bright, columns / 40))
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    light_in *= (1 - film.vignette * smoothstep(0.35, 1.9, x * x + y * y))[..., None]
    light_in *= np.array([1 + film.warmth, 1, 1 - film.warmth], np.float32)
    return to_image(film_curve(light_in) + _grain((rows, columns), film)[..., None])


def film_curve(light_in: Field) -> Field:
    """Screen values 0…1 with a soft shoulder and a little toe (a fit of common print film)."""
    x = np.clip(light_in, 0, None) * 0.62
    curved = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    return np.asarray(np.clip(curved, 0, 1) ** (1 / 2.2), np.float32)


def to_image(screen: Field) -> Image.Image:
    """Screen values 0…1 as a picture."""
    return Image.fromarray((np.clip(screen, 0, 1) * 255 + 0.5).astype(np.uint8))


def _grain(shape: tuple[int, int], film: Film) -> Field:
    fine = np.random.default_rng(film.seed).normal(0, 1, shape).astype(np.float32)
    return np.asarray(
        film.grain * (blur(fine, 0.6) * 1.6 + noise(shape, (shape[0] / 3, shape[1] / 3), 9) * 0.25)
    )
