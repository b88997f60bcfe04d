"""A relief: height, colour and gloss of everything on a table or a wall, measured in centimetres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from field import Colour, Field, noise, sample


@dataclass(frozen=True, slots=True)
class Relief:
    """The scene itself; the arrays are painted on."""

    px_per_cm: float
    height_cm: Field
    albedo: Field
    gloss: Field
    cover: Field

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.height_cm.shape
        return rows, columns


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing lies: the centre in cm from the top left, turned clockwise, and how big."""

    x_cm: float
    y_cm: float
    turn_deg: float = 0.0
    scale: float = 1.0
    lift_cm: float = 0.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Patch:
    """A window of a relief with the thing's own coordinates in cm."""

    rows: slice
    columns: slice
    u_cm: Field
    v_cm: Field
    px_per_cm: float

    def soft(self, inside_cm: Field) -> Field:
        """Cover of a shape from its distance to the edge (positive inside), smooth over one pixel."""
        return np.asarray(np.clip(inside_cm * self.px_per_cm + 0.5, 0, 1), np.float32)

    def grain(self, bumps_per_cm: tuple[float, float], seed: int) -> Field:
        """Noise that turns with the thing; bumps along v and along u."""
        texture = noise((512, 512), (128, 128), seed, 2)
        return sample(texture, self.v_cm * bumps_per_cm[0] * 4 + 256, self.u_cm * bumps_per_cm[1] * 4 + 256)


@dataclass(frozen=True, slots=True)
class Skin:
    """What a thing brings to its patch."""

    cover: Field
    height_cm: Field
    albedo: Field | Colour
    gloss: Field | float


def empty(size_cm: tuple[float, float], px_per_cm: float) -> Relief:
    """A flat relief of this width and height."""
    shape = round(size_cm[1] * px_per_cm), round(size_cm[0] * px_per_cm)
    flat = np.zeros(shape, np.float32)
    return Relief(px_per_cm, flat.copy(), np.zeros((*shape, 3), np.float32), flat.copy(), flat.copy())


def patch(relief: Relief, place: Place, reach_cm: float) -> Patch | None:
    """The window around `place` as far as `reach_cm` (before scaling); None when it is out of sight."""
    scale, reach = relief.px_per_cm, reach_cm * place.scale
    top, bottom = (round((place.y_cm + side * reach) * scale) for side in (-1, 1))
    left, right = (round((place.x_cm + side * reach) * scale) for side in (-1, 1))
    rows, columns = relief.shape
    window = slice(max(0, top), min(rows, bottom)), slice(max(0, left), min(columns, right))
    if window[0].start >= window[0].stop or window[1].start >= window[1].stop:
        return None
    y = (np.arange(window[0].start, window[0].stop, dtype=np.float32) + 0.5) / scale - place.y_cm
    x = (np.arange(window[1].start, window[1].stop, dtype=np.float32) + 0.5) / scale - place.x_cm
    across, down = np.meshgrid(x / place.scale, y / place.scale)
    turn = np.deg2rad(place.turn_deg)
    u = (across * np.cos(turn) + down * np.sin(turn)).astype(np.float32)
    v = (down * np.cos(turn) - across * np.sin(turn)).astype(np.float32)
    return Patch(window[0], window[1], u, v, scale * place.scale)


def lay(relief: Relief, spot: Patch, skin: Skin, base_cm: float | None = None) -> None:
    """Put a thing onto what is there, at `base_cm`, or (None) following the ground below it."""
    window = spot.rows, spot.columns
    cover = skin.cover
    ground = relief.height_cm[window]
    top = skin.height_cm + (ground if base_cm is None else base_cm)
    relief.height_cm[window] = ground * (1 - cover) + top * cover
    kept = (1 - cover)[..., None]
    relief.albedo[window] = relief.albedo[window] * kept + np.asarray(skin.albedo) * cover[..., None]
    relief.gloss[window] = relief.gloss[window] * (1 - cover) + np.asarray(skin.gloss, np.float32) * cover
    relief.cover[window] = np.maximum(relief.cover[window], cover)
