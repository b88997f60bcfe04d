"""In which order the work of a run begins, so that no core waits for a long one at its end."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Asset, Recipe

LONG_SHARE = 0.05
"""Of the time that all takes: nothing longer begins late, so no core waits longer than this at the end.

What is shorter begins in the order it goes out, so that each can be offered early.
"""

COPIED_BYTES_A_S = 300_000_000
STARTED_S = 0.15
PHOTO_S = 0.06
PHOTO_PIXELS_A_S = 100_000_000
READ_PIXELS_A_S = 250_000_000
MADE_PIXELS_A_S = {None: 200_000_000, "veryfast": 200_000_000, "faster": 130_000_000, "fast": 110_000_000}
THOROUGH_PIXELS_A_S = 90_000_000
"""Of one core, rounded: only their proportions count (2026-11)."""


def order_of_work(costs: Sequence[float], workers: int) -> list[int]:
    """Each number once: the first, then what is long, the longest in front, then all others in order."""
    rest = range(1, len(costs))
    long_s = LONG_SHARE * sum(costs) / workers
    longest = sorted((number for number in rest if costs[number] > long_s), key=lambda number: -costs[number])
    others = [number for number in rest if costs[number] <= long_s]
    return [*range(min(1, len(costs))), *longest, *others]


def threads_for(costs: Sequence[float], workers: int, cores: int) -> list[int]:
    """How many threads each encode gets: what takes longer than its share of the whole gets every core.

    Two at once with a thread each take 0.9 times as long as one after the other with two (2026-11), so the
    others share them. Decided before anything begins: the same threads give the same bytes.
    """
    encodes = sum(cost > 0 for cost in costs)
    shared = max(1, cores // max(1, min(workers, encodes)))
    share_s = sum(costs) / max(1, workers)
    return [cores if cost > share_s else shared for cost in costs]


def cost_s(asset: Asset, recipe: Recipe, part: int) -> float:
    """About how many seconds one core has to do with one part."""
    if recipe.action in {"passthrough", "remux"}:
        return asset.facts.bytes / COPIED_BYTES_A_S
    stretch = recipe.parts[part - 1]
    seconds = (stretch.end_s - stretch.start_s) * recipe.plays
    source = asset.facts.width * asset.facts.height
    canvas = recipe.canvas.width * recipe.canvas.height
    if seconds <= 0:
        return PHOTO_S + source / PHOTO_PIXELS_A_S
    made = canvas / MADE_PIXELS_A_S.get(recipe.preset, THOROUGH_PIXELS_A_S)
    return STARTED_S + seconds * (recipe.fps or 30.0) * (made + source / READ_PIXELS_A_S)
