"""From a file that was found to an asset: settled, hashed, probed, its sidecar read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from pipeline.errors import AssetError, CutShortError, NotReadyError, UnreadableError
from pipeline.load.fingerprint import fingerprint_now
from pipeline.load.live_photo import other_half, sidecars_of
from pipeline.load.materials import Patience, materials_of
from pipeline.load.scan import Found
from pipeline.load.settled import check_settled, is_young
from pipeline.load.sidecar import read_sidecar
from pipeline.model import Asset, Embedded, Facts, MotionPhoto
from pipeline.tools.faults import may_pass
from pipeline.tools.files import sha256_of
from pipeline.tools.picture_key import picture_key
from pipeline.tools.probe import probe, probe_film

STILL_ARRIVING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LoadTerms:
    """What loading goes by: patience, the largest picture, and the zone of times without an offset.

    `motion_photo` says what counts of a photo that holds a film; `look` adds what must be seen of it.
    `logo` is drawn over every story. `compared` says whether it matters which files show the same.
    """

    settle_seconds: float
    max_megapixels: int
    zone: tzinfo
    motion_photo: MotionPhoto = "still"
    look: Callable[[Asset], Asset] = lambda asset: asset
    logo: Path | None = None
    compared: bool = True


def load_asset(found: Found, terms: LoadTerms) -> Asset:
    """Everything there is to know about one file.

    Raises NotReadyError when the file or a sidecar changes meanwhile or isn't whole yet, UnreadableError,
    TooLargeError or SidecarError when it can't become a story. What a disk or a network refuses is asked
    for twice.
    """
    try:
        return _load(found, terms)
    except AssetError as failure:
        if not may_pass(failure):
            raise
    return _load(found, terms)


def _load(found: Found, terms: LoadTerms) -> Asset:
    try:
        asset = _read(found, terms)
    except FileNotFoundError:
        raise _changing(found) from None
    except OSError as fault:
        raise UnreadableError(f"{found.path.name} can't be read: {fault.strerror or fault}") from fault
    except AssetError:
        if not _unchanged(found):
            raise _changing(found) from None
        raise
    if not _unchanged(found):
        raise _changing(found)
    return asset


def _read(found: Found, terms: LoadTerms) -> Asset:
    for path in found.beside:
        check_settled(path, terms.settle_seconds)
    certain = check_settled(found.path, terms.settle_seconds)
    sha256 = sha256_of(found.path)
    look = probe if certain else _probe_patiently
    facts = look(found.path, terms.max_megapixels)
    half = other_half(found, facts, terms.max_megapixels)
    sidecar = read_sidecar(sidecars_of(found, facts, half), terms.zone)
    if half is None and facts.clip and (sidecar.motion_photo or terms.motion_photo) == "clip":
        facts = _film(found.path, facts.clip, terms)
    patience = Patience(terms.settle_seconds, terms.max_megapixels)
    materials = materials_of(sidecar, patience, terms.logo)
    asset = Asset(found.path, sha256, facts, sidecar, other_half=half, materials=materials)
    picture = picture_key(found.path) if terms.compared else None
    return terms.look(replace(asset, dated=_date_of(found.path), picture=picture))


def _date_of(path: Path) -> datetime | None:
    """When it was last written; cameras, and most programs that copy, leave it at when it was taken."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (ValueError, OverflowError):  # of a disk that knows no dates
        return None


def _film(path: Path, film: Embedded, terms: LoadTerms) -> Facts:
    try:
        return probe_film(path, film, terms.max_megapixels)
    except AssetError as error:
        if may_pass(error):
            raise
        why = f"{error}; with `motion_photo: still` its picture is sent instead"
        raise UnreadableError(f"the film in {path.name} can't be sent: {why}") from error


def _probe_patiently(path: Path, max_megapixels: int) -> Facts:
    """On a disk that doesn't tell who writes, an end that is missing may still come, for a while."""
    try:
        return probe(path, max_megapixels)
    except CutShortError:
        if is_young(path.stat(), STILL_ARRIVING_SECONDS):
            raise NotReadyError(f"{path.name} isn't complete yet: a later run takes it") from None
        raise


def _unchanged(found: Found) -> bool:
    try:
        now = fingerprint_now(os.fsencode(found.path), [os.fsencode(path) for path in found.beside])
    except OSError:
        return False
    return now == found.fingerprint


def _changing(found: Found) -> NotReadyError:
    return NotReadyError(f"{found.path.name} changed while it was read: the next run takes it")
