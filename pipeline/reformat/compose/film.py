"""The film of a composition: made once, kept beside the renditions, and cut into parts like any video."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory

from pipeline.errors import Interrupted, VerificationError
from pipeline.model import Asset, Composition, Facts, Rendition
from pipeline.plan.film import film_facts, film_hash
from pipeline.reformat.compose.making import Studio, make_film
from pipeline.reformat.compose.materials import unchanged
from pipeline.reformat.order import Bench, Order
from pipeline.reformat.store import Store
from pipeline.tools.files import TEMPORARY_PREFIX, sha256_of
from pipeline.tools.probe import probe

ENGINE = "1"
"""Raised whenever the same composition would become another film."""

SHARE = 0.5
"""Of the work: 15 s of photos took 12 s to compose and 11 s to encode (2 busy cores, 2026-11)."""

POLL_S = 0.1
MOST_MEGAPIXELS = 100

_making: dict[str, threading.Lock] = {}


def of_film(order: Order, composition: Composition, bench: Bench) -> Order:
    """The same order, of the film instead of what it is composed of; two who need it at once make it once.

    Raises what `render` raises; no file but the film is left behind.
    """
    key = hashlib.sha256(f"film\n{ENGINE}\n{film_hash(composition)}".encode()).hexdigest()
    store = Store(bench.folder)
    with _alone(key, bench.stop):
        film = store.find(key) or _made(order, composition, bench, key)
    asset = Asset(film.path, film.sha256, probe(film.path, MOST_MEGAPIXELS), order.asset.sidecar)
    recipe = dataclasses.replace(order.recipe, composition=None)
    return Order(asset, recipe, order.part, order.name)


def rest_of(progress: Callable[[float], None] | None) -> Callable[[float], None] | None:
    """Progress of what is done with the film, behind its composing."""
    return (lambda share: progress(SHARE + (1 - SHARE) * share)) if progress else None


@contextmanager
def _alone(key: str, stop: Callable[[], bool] | None) -> Iterator[None]:
    lock = _making.setdefault(key, threading.Lock())
    while not lock.acquire(timeout=POLL_S):
        if stop and stop():
            raise Interrupted(SIGINT)
    try:
        yield
    finally:
        lock.release()


def _made(order: Order, composition: Composition, bench: Bench, key: str) -> Rendition:
    store = Store(bench.folder)
    bench.scratch.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=bench.scratch) as folder,
        store.new_file(key, ".mp4") as target,
    ):
        studio = Studio(order, composition, Path(folder), _composing(bench))
        with unchanged(composition):
            make_film(studio, target)
        facts = _verified(order, composition, target)
    film = _described(store.beside(key, ".mp4"), facts)
    store.keep(key, film)
    return film


def _composing(bench: Bench) -> Bench:
    progress = bench.progress
    report = (lambda share: progress(SHARE * share)) if progress else None
    return dataclasses.replace(bench, progress=report)


def _verified(order: Order, composition: Composition, film: Path) -> Facts:
    """What was planned with must be true, as all parts were."""
    facts, planned = probe(film, MOST_MEGAPIXELS), film_facts(composition)
    frame_s, seconds = 1 / composition.fps, planned.duration_s or 0.0
    if (
        (facts.width, facts.height) != (planned.width, planned.height)
        or abs((facts.duration_s or 0.0) - seconds) > frame_s / 2
        or (facts.audio is None) != (planned.audio is None)
    ):
        raise VerificationError(
            f"{order.name}: the film composed of it has {facts.width}×{facts.height} and lasts "
            f"{facts.duration_s or 0:.2f} s, not {planned.width}×{planned.height} and {seconds:.2f} s"
        )
    return facts


def _described(path: Path, facts: Facts) -> Rendition:
    return Rendition(
        path=path,
        sha256=sha256_of(path),
        bytes=facts.bytes,
        mime="video/mp4",
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        action="transcode",
        profile="",
        part=1,
        parts=1,
    )
