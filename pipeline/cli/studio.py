"""Loading and making for commands that deliver nothing: files to assets, orders to renditions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pipeline.errors import AssetError, EnvironmentFault, NotReadyError
from pipeline.execute import cores, in_order, lined_up, threads
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.scan import scan
from pipeline.look import Onlooker
from pipeline.model import Asset, Fit, Refusal, Rendition, Sidecar, Treatment
from pipeline.plan.lineup import cost_s, order_of_work, threads_for
from pipeline.plan.treatment import treatment_for
from pipeline.reformat import Bench, Order, render
from pipeline.report.events import Due, Observer, Reformatted, Reformatting, Refused, Scanned, Taken
from pipeline.tools.signals import StopSignal

if TYPE_CHECKING:
    from pipeline.config import Settings

AHEAD = 2


@dataclass(frozen=True, slots=True)
class Studio:
    """What loading and making go by."""

    settings: Settings
    workers: int
    observe: Observer
    stop: StopSignal


@dataclass(frozen=True, slots=True)
class Placed:
    """One part that is to be made, and where it goes."""

    order: Order
    target: Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendition in its place, and the file it was made from."""

    source: Path
    rendition: Rendition


def load_all(studio: Studio, files: Sequence[Path], fit: Fit | None = None) -> Iterator[Asset | Refusal]:
    """The files and what lies in the folders, loaded in order; Interrupted when a stop is asked for."""
    scanned = scan(files, {})
    studio.observe(Scanned(scanned.seen, len(scanned.changed), scanned.ignored))
    limits = studio.settings.limits
    terms = LoadTerms(
        settle_seconds=0,  # whoever names a file has finished it
        max_megapixels=limits.max_megapixels,
        zone=studio.settings.timezone(),
        motion_photo=studio.settings.motion_photo,
        look=_onlooker(studio, fit),
        logo=studio.settings.watermark.file if studio.settings.watermark else None,
    )
    with threads(studio.workers) as pool:
        load = partial(load_asset, terms=terms)
        for found, loading in in_order(pool, load, scanned.changed, AHEAD * studio.workers):
            studio.stop.check()
            try:
                asset = loading.result()
            except (AssetError, NotReadyError) as failure:
                yield refused(studio, found.path, failure)
            else:
                studio.observe(Taken(found.path))
                yield asset


def treatment_with(studio: Studio, asset: Asset, destination: str, fit: Fit | None) -> Treatment:
    """What a destination gets of the asset; `fit` beats its sidecar's. Raises AssetError."""
    return treatment_for(_fitted(studio, asset, fit), destination, studio.settings)


def _fitted(studio: Studio, asset: Asset, fit: Fit | None) -> Asset:
    if asset.scene is None:  # one of the inbox, which was planned for another fit
        asset = _onlooker(studio, fit)(asset)
    return replace(asset, sidecar=_with_fit(asset.sidecar, fit)) if fit else asset


def _with_fit(sidecar: Sidecar, fit: Fit) -> Sidecar:
    variants = {name: replace(variant, fit=fit) for name, variant in sidecar.variants.items()}
    return replace(sidecar, fit=fit, variants=variants)


def _onlooker(studio: Studio, fit: Fit | None) -> Onlooker:
    return Onlooker(studio.settings, studio.stop.requested, fit)


@contextmanager
def hidden_folder(folder: Path) -> Iterator[Path]:
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


def make_all(studio: Studio, placed: Sequence[Placed], hidden: Path) -> Iterator[Rendered | Refusal]:
    """Each part in its place, in order; one refusal for a source, whatever number of its parts fail.

    Raises EnvironmentFault when nothing can be made, Interrupted when a stop is asked for.
    """
    if placed:
        studio.observe(Due(len(placed), sum(one.order.seconds for one in placed)))
    given_up: set[Path] = set()
    shared, line = _lined(studio, placed)

    def begin(one: tuple[Placed, int]) -> Future[Rendition]:
        return pool.submit(_make, studio, hidden, one)

    with (
        threads(studio.workers) as pool,
        closing(lined_up(begin, shared, line, studio.workers + 1)) as ready,
    ):
        for (one, _), making in ready:
            studio.stop.check()
            source = one.order.asset.path
            try:
                rendition = making.result()
            except AssetError as failure:
                if source not in given_up:
                    yield refused(studio, source, failure)
                given_up.add(source)
            else:
                yield Rendered(source, _put(studio, one, rendition))
            finally:
                studio.stop.check()


def _lined(studio: Studio, placed: Sequence[Placed]) -> tuple[list[tuple[Placed, int]], list[int]]:
    """Each with the threads it gets, as in a run; and in which order they begin."""
    costs = [cost_s(one.order.asset, one.order.recipe, one.order.part) for one in placed]
    encodes = [cost if one.order.seconds > 0 else 0 for cost, one in zip(costs, placed, strict=True)]
    its_threads = threads_for(encodes, studio.workers, cores())
    return list(zip(placed, its_threads, strict=True)), order_of_work(costs, studio.workers)


def _make(studio: Studio, hidden: Path, given: tuple[Placed, int]) -> Rendition:
    (one, its_threads), limits = given, studio.settings.limits
    order = one.order

    def advance(fraction: float) -> None:
        parts, profile = len(order.recipe.parts), order.recipe.profile
        path = order.asset.path
        studio.observe(Reformatting(path, order.part, parts, fraction, order.seconds, profile))

    bench = Bench(
        folder=Path(mkdtemp(dir=hidden)),  # with a store in common, one of two copies would take both away
        scratch=hidden / "scratch",
        threads=its_threads,
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


def refused(studio: Studio, path: Path, failure: AssetError | NotReadyError) -> Refusal:
    """The refusal of a file, told to whoever listens."""
    studio.observe(Refused(path, str(failure)))
    return Refusal(path, str(failure))
