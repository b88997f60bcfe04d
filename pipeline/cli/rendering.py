"""Files to renditions in a folder, without ledger and delivery: load, plan, reformat, put in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli.studio import (
    Placed,
    Rendered,
    Studio,
    hidden_folder,
    load_all,
    make_all,
    refused,
    treatment_with,
)
from pipeline.errors import AssetError, RenderError
from pipeline.model import Asset, Fit, Recipe, Refusal
from pipeline.reformat import Order


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be rendered for which destination, and into which folder."""

    files: tuple[Path, ...]
    folder: Path
    destination: str
    fit: Fit | None
    force: bool


def render_all(studio: Studio, wish: Wish) -> tuple[list[Rendered], list[Refusal]]:
    """Everything that was wished, and what of it couldn't be done.

    Raises EnvironmentFault when the folder can't be written, Interrupted when a stop is asked for.
    """
    loaded = list(load_all(studio, wish.files, wish.fit))
    refusals = [outcome for outcome in loaded if isinstance(outcome, Refusal)]
    assets = [outcome for outcome in loaded if isinstance(outcome, Asset)]
    names = _Names(wish, [asset.path for asset in assets] + [refusal.path for refusal in refusals])
    placed: list[Placed] = []
    for asset in assets:
        try:
            placed += _placed(names, asset, treatment_with(studio, asset, wish.destination, wish.fit).recipe)
        except AssetError as failure:
            refusals.append(refused(studio, asset.path, failure))
    with hidden_folder(wish.folder) as hidden:
        outcomes = list(make_all(studio, placed, hidden))
    refusals += [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    return [outcome for outcome in outcomes if isinstance(outcome, Rendered)], refusals


class _Names:
    """Gives every part a name of its own, never that of a source."""

    def __init__(self, wish: Wish, sources: Iterable[Path]) -> None:
        self._wish = wish
        self._given: set[Path] = set()
        self._sources = set(map(inode, sources)) - {None}

    def target(self, stem: str, suffix: str) -> Path:
        """Raises RenderError when the file is there from another time."""
        number, target = 1, self._wish.folder / f"{stem}{suffix}"
        while target in self._given or inode(target) in self._sources:
            number += 1
            target = self._wish.folder / f"{stem}-{number}{suffix}"
        self._given.add(target)
        if target.exists() and not self._wish.force:
            raise RenderError(f"{target} is there already: --force replaces it")
        return target


def inode(path: Path) -> tuple[int, int] | None:
    """Which file it is, whatever it's called."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def _placed(names: _Names, asset: Asset, recipe: Recipe) -> list[Placed]:
    parts = len(recipe.parts)
    placed = []
    for part in range(1, parts + 1):
        order = Order(asset, recipe, part)
        stem = asset.path.stem + (f"-{part}of{parts}" if parts > 1 else "")
        placed.append(Placed(order, names.target(stem, order.suffix)))
    return placed
