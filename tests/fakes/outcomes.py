"""Sources that go the whole way: probed, planned and rendered as a run would, on a small canvas."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from fakes.orders import CANVAS, bench_in, left_behind
from fakes.planning import WHATSAPP, FakeDestination, FakeSettings

from pipeline.model import Asset, Fit, Recipe
from pipeline.plan.treatment import recipe_for
from pipeline.reformat import Order, render
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

SECONDS = 60.0


def planned(source: Path, fit: Fit = "cover", *, seconds: float = SECONDS, **changes: Any) -> Order:
    """The first part of what a run would make of a file; `seconds` is the longest part."""
    video = dataclasses.replace(WHATSAPP.video, max_seconds=seconds)
    profile = dataclasses.replace(WHATSAPP, canvas=CANVAS, video=video)
    settings = FakeSettings(profiles={profile.name: profile}, fit=fit, **changes)
    asset = Asset(source, sha256_of(source), probe(source))
    return Order(asset, recipe_for(asset, FakeDestination(profile.name), settings), 1)


def parts_of(order: Order, folder: Path) -> list[Path]:
    """Every part of it, rendered."""
    bench = bench_in(folder)
    numbers = range(1, len(order.recipe.parts) + 1)
    made = [render(dataclasses.replace(order, part=number), bench).path for number in numbers]
    assert left_behind(bench) == []
    return made


def made(source: Path, fit: Fit = "cover", **changes: Any) -> Path:
    """The only part of what a run would make of a file, in a folder beside it."""
    (path,) = parts_of(planned(source, fit, **changes), source.parent / f"made-{source.name}-{fit}")
    return path


def recipe_of(source: Path) -> Recipe:
    """What a run would decide about a file."""
    return planned(source).recipe
