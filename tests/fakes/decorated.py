"""Decorated stories for tests of the plan: what one destination gets of a sidecar's words and stickers."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from pathlib import Path
from typing import Any

from fakes.planning import BOTH, MIRRORED, WHATSAPP, FakeSettings, asset, photo

from pipeline.model import Asset, Decor, Facts, Material, Overlay, Rect, Scene, Tones, Treatment
from pipeline.plan.treatment import treatment_for

HAND = dataclasses.replace(BOTH["whatsapp"], caption=None)
"""As a config leaves it: words go into the picture and beside it."""

DECORATED = FakeSettings(
    destinations={
        "whatsapp": HAND,
        "instagram": dataclasses.replace(BOTH["instagram"], caption=None),
        "mirrored": dataclasses.replace(MIRRORED, caption=None),
    }
)
SAFE = Rect(65, 288, 950, 1248)
LOGO = Material(Path("inbox/logo.png"), "cd" * 32, Facts("photo", 400, 200, 9_000, "png", "png", "RGBA"))
CLIP = Material(
    Path("inbox/clip.mp4"),
    "ef" * 32,
    Facts("video", 1080, 1920, 900_000, "mp4", "h264", "yuv420p", duration_s=4.0, fps=30.0),
    4.0,
)
PICTURE = Material(Path("inbox/other.jpg"), "0a" * 32, photo(width=1600, height=1200))
TUNE = Material(Path("inbox/tune.mp3"), "0b" * 32, None, 20.0)


def decorated(facts: Facts | None = None, luminance: float | None = 0.1, **sidecar: Any) -> Asset:
    """A source whose picture is everywhere of this luminance, None for unknown, and what its sidecar says."""
    names = {field.name for field in dataclasses.fields(Decor)}
    decor = Decor(**{key: value for key, value in sidecar.items() if key in names})
    rest = {key: value for key, value in sidecar.items() if key not in names}
    flat = None if luminance is None else Tones(1, 1, (luminance,), (luminance,), (luminance,))
    plain = asset(facts or photo(width=1200, height=1600), decor=decor, **rest)
    return dataclasses.replace(plain, scene=Scene(1, tones=flat), materials=(LOGO, CLIP, PICTURE, TUNE))


def treated(story: Asset, destination: str = "whatsapp", **settings: Any) -> Treatment:
    """What a destination gets of it, by settings that differ so from the usual ones."""
    return treatment_for(story, destination, dataclasses.replace(DECORATED, **settings))


def drawn_on(treatment: Treatment) -> Overlay:
    """What is drawn over it; nothing at all is an empty overlay."""
    return treatment.recipe.overlay or Overlay(WHATSAPP.canvas)


def said(overlay: Overlay) -> list[str]:
    """Each text that is drawn, its lines joined."""
    return [" ".join(words.lines) for words in overlay.words]


def inside(inner: Rect, outer: Rect) -> bool:
    """Whether nothing of the one sticks out of the other."""
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def apart(rects: list[Rect]) -> bool:
    """Whether no two of them share a pixel."""
    return not any(_overlap(one, other) for one, other in combinations(rects, 2))


def _overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
