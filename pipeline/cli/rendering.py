"""Files to renditions in a folder, without ledger and delivery: load, plan, reformat, put in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pipeline.errors import AssetError, EnvironmentFault, NotReadyError, RenderError
from pipeline.execute import cores, in_order, threads
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.scan import scan
from pipeline.model import Asset, Fit, Recipe, Refusal, Rendition
from pipeline.plan.story import recipe_for
from pipeline.reformat import Bench, Order, render
from pipeline.report.events import Due, Observer, Reformatted, Reformatting, Refused, Scanned, Taken
from pipeline.tools.signals import StopSignal

if TYPE_CHECKING:
    from pipeline.config import Settings

AHEAD = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be rendered for which destination, and into which folder."""

    files: tuple[Path, ...]
    folder: Path
    destination: str
    fit: Fit | None
    workers: int
    force: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendition in its place, and the file it was made from."""

    source: Path
    rendition: Rendition


@dataclass(frozen=True, slots=True)
class Studio:
    """What the rendering of one wish goes by."""

    wish: Wish
    settings: Settings
    observe: Observer
    stop: StopSignal


@dataclass(frozen=True, slots=True)
class Placed:
    """One part that is to be made, and where it goes."""

    order: Order
    target: Path


def render_all(studio: Studio) -> tuple[list[Rendered], list[Refusal]]:
    """Everything that was wished, and what of it couldn't be done.

    Raises EnvironmentFault when the folder can't be written, Interrupted when a stop is asked for.
    """
    loaded = list(_loaded(studio))
    refusals = [outcome for outcome in loaded if isinstance(outcome, Refusal)]
    assets = [outcome for outcome in loaded if isinstance(outcome, Asset)]
    names = _Names(studio.wish, [asset.path for asset in assets] + [refusal.path for refusal in refusals])
    placed: list[Placed] = []
    for asset in assets:
        try:
            placed += _placed(names, asset, _recipe(studio, asset))
        except AssetError as failure:
            refusals.append(_refused(studio, asset.path, failure))
    with _hidden_folder(studio.wish.folder) as hidden:
        outcomes = list(_made(studio, placed, hidden))
    refusals += [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    return [outcome for outcome in outcomes if isinstance(outcome, Rendered)], refusals


def _loaded(studio: Studio) -> Iterator[Asset | Refusal]:
    scanned = scan(studio.wish.files, {})
    studio.observe(Scanned(scanned.seen, len(scanned.changed), scanned.ignored))
    limits = studio.settings.limits
    # whoever names a file has finished it: no waiting until it has been left alone
    terms = LoadTerms(0, limits.max_megapixels, studio.settings.timezone())
    with threads(studio.wish.workers) as pool:
        load = partial(load_asset, terms=terms)
        for found, loading in in_order(pool, load, scanned.changed, AHEAD * studio.wish.workers):
            studio.stop.check()
            try:
                asset = loading.result()
            except (AssetError, NotReadyError) as failure:
                yield _refused(studio, found.path, failure)
            else:
                studio.observe(Taken(found.path))
                yield asset


def _recipe(studio: Studio, asset: Asset) -> Recipe:
    if studio.wish.fit:
        asset = replace(asset, sidecar=replace(asset.sidecar, fit=studio.wish.fit))
    return recipe_for(asset, studio.settings.destinations[studio.wish.destination], studio.settings)


class _Names:
    """Gives every part a name of its own, never that of a source."""

    def __init__(self, wish: Wish, sources: Iterable[Path]) -> None:
        self._wish = wish
        self._given: set[Path] = set()
        self._sources = set(map(_inode, sources)) - {None}

    def target(self, stem: str, suffix: str) -> Path:
        """Raises RenderError when the file is there from another time."""
        number, target = 1, self._wish.folder / f"{stem}{suffix}"
        while target in self._given or _inode(target) in self._sources:
            number += 1
            target = self._wish.folder / f"{stem}-{number}{suffix}"
        self._given.add(target)
        if target.exists() and not self._wish.force:
            raise RenderError(f"{target} is there already: --force replaces it")
        return target


def _inode(path: Path) -> tuple[int, int] | None:
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


@contextmanager
def _hidden_folder(folder: Path) -> Iterator[Path]:
    """On the same disk as the results, so that a finished one only needs a new name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        hidden = Path(mkdtemp(prefix=".rendering-", dir=folder))
    except OSError as fault:
        raise EnvironmentFault(f"the folder {folder} can't be written: {fault.strerror}") from fault
    try:
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _made(studio: Studio, placed: Sequence[Placed], hidden: Path) -> Iterator[Rendered | Refusal]:
    if placed:
        studio.observe(Due(len(placed), sum(one.order.seconds for one in placed)))
    given_up: set[Path] = set()
    make = partial(_make, studio, hidden)
    with (
        threads(studio.wish.workers) as pool,
        closing(in_order(pool, make, placed, studio.wish.workers + 1)) as ready,
    ):
        for one, making in ready:
            studio.stop.check()
            source = one.order.asset.path
            try:
                rendition = making.result()
            except AssetError as failure:
                if source not in given_up:
                    yield _refused(studio, source, failure)
                given_up.add(source)
            else:
                yield Rendered(source, _put(studio, one, rendition))
            finally:
                studio.stop.check()


def _make(studio: Studio, hidden: Path, one: Placed) -> Rendition:
    order, limits = one.order, studio.settings.limits

    def advance(fraction: float) -> None:
        parts, profile = len(order.recipe.parts), order.recipe.profile
        path = order.asset.path
        studio.observe(Reformatting(path, order.part, parts, fraction, order.seconds, profile))

    bench = Bench(
        folder=hidden,
        scratch=hidden / "scratch",
        threads=max(1, cores() // studio.wish.workers),
        encode_minutes=limits.encode_minutes,
        child_memory_mb=limits.child_memory_mb,
        progress=advance,
        stop=studio.stop.requested,
    )
    return render(order, bench)


def _put(studio: Studio, one: Placed, rendition: Rendition) -> Rendition:
    rendition.path.replace(one.target)
    done = replace(rendition, path=one.target)
    studio.observe(
        Reformatted(
            path=one.order.asset.path,
            part=done.part,
            parts=done.parts,
            action=done.action,
            bytes=done.bytes,
            cached=False,
            seconds=one.order.seconds,
            profile=done.profile,
        )
    )
    return done


def _refused(studio: Studio, path: Path, failure: AssetError | NotReadyError) -> Refusal:
    studio.observe(Refused(path, str(failure)))
    return Refusal(path, str(failure))
