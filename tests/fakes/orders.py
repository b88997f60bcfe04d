"""Orders for small renders: a canvas of 90×160 is encoded in a blink and shows all that a big one does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.model import Asset, Facts, Fit, Part, Recipe, Size
from pipeline.plan.fit import place
from pipeline.reformat import Bench, Order
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

CANVAS = Size(90, 160)


def order_for(source: Path, fit: Fit = "blur", **changes: Any) -> Order:
    """What to make of a file: by `fit` on the small canvas, all of it, but for `changes` of the recipe."""
    facts = probe(source)
    return Order(Asset(source, sha256_of(source), facts), recipe_for(facts, fit, **changes), part=1)


def recipe_for(facts: Facts, fit: Fit = "blur", **changes: Any) -> Recipe:
    """A recipe for such a source, but for `changes`."""
    canvas = changes.get("canvas", CANVAS)
    placement = place(Size(facts.width, facts.height), canvas, fit)
    is_photo = facts.kind == "photo"
    usual: dict[str, Any] = {
        "action": "image" if is_photo else "transcode",
        "profile": "whatsapp_status",
        "canvas": canvas,
        "fit": fit,
        "crop": placement.crop,
        "frame": placement.frame,
        "background": "#204060" if fit == "contain" else None,
        "matte": "#ffffff",
        "parts": (Part(0.0, facts.duration_s or 0.0),),
        "max_bytes": 16_000_000,
        "quality": 88 if is_photo else 21,
        "fps": None if is_photo else 30.0,
        "video_kbps": None if is_photo else 5000,
        "audio_kbps": 128 if facts.audio else None,
    }
    return Recipe(**{**usual, **changes})


def bench_in(folder: Path, **changes: Any) -> Bench:
    """A bench with one thread below `folder`, but for `changes`."""
    usual: dict[str, Any] = {
        "folder": folder / "store",
        "scratch": folder / "scratch",
        "threads": 1,
        "encode_minutes": 1.0,
        "child_memory_mb": 3000,
    }
    return Bench(**{**usual, **changes})


def left_behind(bench: Bench) -> list[Path]:
    """Temporary files that should be gone."""
    return [path for folder in (bench.folder, bench.scratch) if folder.exists() for path in folder.glob(".*")]
