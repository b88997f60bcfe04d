"""The door of reformat: an order becomes a verified rendition, at most once."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import assert_never

from pipeline.errors import EnvironmentFault, Interrupted, RenderError
from pipeline.model import Facts, Rendition
from pipeline.plan.recipe import recipe_hash
from pipeline.reformat.order import Bench, Order
from pipeline.reformat.store import Store
from pipeline.tools.files import sha256_of
from pipeline.tools.motion import film_of

MIME_OF_SUFFIX = {".jpg": "image/jpeg", ".mp4": "video/mp4"}
STOPPED = 2
"""SIGINT: whoever asked to stop knows the real signal."""


def rendition_key(order: Order) -> str:
    """The name of the result: same source, recipe and part give the same."""
    parts = f"{order.asset.sha256}\n{recipe_hash(order.recipe)}\n{order.part}"
    return hashlib.sha256(parts.encode()).hexdigest()


def cached(order: Order, bench: Bench) -> Rendition | None:
    """The result, if it was made before and is unharmed."""
    found = Store(bench.folder).find(rendition_key(order))
    if found is None or found.bytes > order.recipe.max_bytes:
        return None
    return dataclasses.replace(found, profile=order.recipe.profile, part=order.part, parts=_parts(order))


def render(order: Order, bench: Bench) -> Rendition:
    """The result, made and verified unless it is cached.

    Raises AssetError (RenderError, BudgetError, VerificationError, UnreadableError) when this file can't be
    done, EnvironmentFault when none can, Interrupted when `bench.stop` asks for it; no file is left behind.
    """
    return cached(order, bench) or _made(
        order, dataclasses.replace(bench, progress=_forwards(bench.progress))
    )


def _forwards(progress: Callable[[float], None] | None) -> Callable[[float], None] | None:
    """Progress that never falls back, whatever has to be done again."""
    furthest = 0.0

    def report(fraction: float) -> None:
        nonlocal furthest
        if progress and fraction > furthest:
            furthest = fraction
            progress(furthest)

    return report if progress else None


def made_elsewhere(order: Order, bench: Bench, bring: Callable[[Path], None]) -> Rendition:
    """As `render`, but `bring` lays the file there, as another computer made it; it is verified all the same.

    What it raises is raised, but for an OSError: that is taken for this computer's disk.
    """

    def make(target: Path) -> Facts:
        bring(target)
        return _verified(_of_its_film(order), target)

    return cached(order, bench) or _kept(order, bench, make)


def _made(order: Order, bench: Bench) -> Rendition:
    if bench.stop and bench.stop():
        raise Interrupted(STOPPED)

    def make(target: Path) -> Facts:
        with _readable(order, bench) as (readable, rest):
            _make(readable, target, rest)
            return _verified(readable, target)

    return _kept(order, bench, make)


def _kept(order: Order, bench: Bench, make: Callable[[Path], Facts]) -> Rendition:
    """What `make` lays there and finds good, of a source that stays as it was."""
    store, key = Store(bench.folder), rendition_key(order)
    before = _source_state(order)
    _check_source(order)
    try:
        with store.new_file(key, order.suffix) as target:
            facts = make(target)
            if _source_state(order) != before:
                raise _changed(order)
    except OSError as error:
        raise _disk_fault(order, bench, error) from error
    rendition = _described(order, bench.folder / f"{key}{order.suffix}", facts)
    store.keep(key, rendition)
    if bench.progress:
        bench.progress(1.0)
    return rendition


def _of_its_film(order: Order) -> Order:
    """The order as if its composition's film were there: by what was planned with, as it lies elsewhere."""
    composition = order.recipe.composition
    if composition is None:
        return order
    from pipeline.plan.film import film_facts  # for this rare kind only

    asset = dataclasses.replace(order.asset, facts=film_facts(composition))
    recipe = dataclasses.replace(order.recipe, composition=None)
    return dataclasses.replace(order, asset=asset, recipe=recipe, called=order.name)


@contextmanager
def _readable(order: Order, bench: Bench) -> Iterator[tuple[Order, Bench]]:
    """The order about a file that can be read as it is: a composition's film, a motion photo's clip."""
    composition = order.recipe.composition
    if composition is not None:
        from pipeline.reformat.compose import film  # moviepy and numpy, for this rare kind only

        readable = film.of_film(order, composition, bench)
        yield readable, dataclasses.replace(bench, progress=film.rest_of(bench.progress))
        return
    with film_of(order.asset.path, order.asset.facts, bench.scratch) as source:
        asset = dataclasses.replace(order.asset, path=source)
        yield dataclasses.replace(order, asset=asset, called=order.name), bench


def _make(order: Order, target: Path, bench: Bench) -> None:
    """Heavy modules are imported where they are used, so that a run with nothing to do needs none of them."""
    match order.recipe.action:
        case "passthrough":
            shutil.copyfile(order.asset.path, target)
        case "remux" if order.makes_photo:
            from pipeline.reformat.photo import strip_photo  # Pillow

            strip_photo(order, target)
        case "image":
            from pipeline.reformat.photo import make_photo  # Pillow

            make_photo(order, target)
        case "remux" | "transcode":
            _make_video(order, target, bench)
        case unknown:
            assert_never(unknown)


def _make_video(order: Order, target: Path, bench: Bench) -> None:
    from pipeline.reformat.video import remux, transcode  # only runs with videos need it

    if order.recipe.action == "remux":
        remux(order, target, bench)
    else:
        transcode(order, target, bench)


def _verified(order: Order, target: Path) -> Facts:
    from pipeline.reformat.verify import verified  # PyAV or Pillow

    return verified(order, target)


def _described(order: Order, path: Path, facts: Facts) -> Rendition:
    return Rendition(
        path=path,
        sha256=sha256_of(path),
        bytes=facts.bytes,
        mime=MIME_OF_SUFFIX[order.suffix],
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        action=order.recipe.action,
        profile=order.recipe.profile,
        part=order.part,
        parts=_parts(order),
    )


def _parts(order: Order) -> int:
    return len(order.recipe.parts)


def _source_state(order: Order) -> tuple[int, int, int]:
    try:
        state = order.asset.path.stat()
    except OSError as error:
        raise RenderError(f"{order.asset.path} can't be read any more: {error.strerror}") from error
    return (state.st_ino, state.st_size, state.st_mtime_ns)


def _check_source(order: Order) -> None:
    """Reading it once costs 0.6 s a gigabyte, much less than encoding it, and leaves no doubt."""
    try:
        same = sha256_of(order.asset.path) == order.asset.sha256
    except OSError as error:
        raise RenderError(f"{order.asset.path} can't be read any more: {error.strerror}") from error
    if not same:
        raise _changed(order)


def _changed(order: Order) -> RenderError:
    return RenderError(
        f"{order.asset.path} was changed since it was found; the next run takes it as it is then"
    )


def _disk_fault(order: Order, bench: Bench, error: OSError) -> EnvironmentFault:
    why = os.strerror(error.errno) if error.errno else str(error)
    return EnvironmentFault(
        f"{order.name} can't be written to {bench.folder}: {why}; `storyrelay doctor` says more"
    )
