"""How much room on a disk the work on one part may take, at most."""

from __future__ import annotations

from pipeline.model import Asset, Recipe

PHOTO_BYTES_A_PIXEL = 2
"""Noise, the worst there is, takes 1.6 as a JPEG of quality 95."""
PANEL_BYTES_A_PIXEL = 4
SOUND_BYTES_A_S = 600_000
"""Music, voice and mix as WAV."""
SLACK = 1.1
KILOBIT_BYTES = 125


def most_bytes(asset: Asset, recipe: Recipe, part: int) -> int:
    """The result's own bytes, and those of what is only needed meanwhile."""
    made = _result(asset, recipe, part)
    panel = PANEL_BYTES_A_PIXEL * recipe.canvas.width * recipe.canvas.height if recipe.overlay else 0
    film = asset.facts.bytes if asset.facts.clip else 0
    return made + panel + film + _composed(recipe, made)


def _result(asset: Asset, recipe: Recipe, part: int) -> int:
    if recipe.action in {"passthrough", "remux"}:
        return min(asset.facts.bytes, recipe.max_bytes)
    stretch = recipe.parts[part - 1]
    seconds = (stretch.end_s - stretch.start_s) * recipe.plays
    if seconds <= 0:
        return min(PHOTO_BYTES_A_PIXEL * recipe.canvas.width * recipe.canvas.height, recipe.max_bytes)
    kbps = (recipe.video_kbps or 0) + (recipe.audio_kbps or 0)
    return min(round(kbps * KILOBIT_BYTES * seconds * SLACK) or recipe.max_bytes, recipe.max_bytes)


def _composed(recipe: Recipe, made: int) -> int:
    """A film that its parts are cut from, its scenes and its sound before they are one."""
    if recipe.composition is None:
        return 0
    length_s = recipe.parts[-1].end_s
    return 2 * made * len(recipe.parts) + round(SOUND_BYTES_A_S * length_s)
