"""From a file that was found to an asset: settled, hashed, probed, its sidecar read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pipeline.errors import AssetError, CutShortError, NotReadyError, UnreadableError
from pipeline.load.fingerprint import fingerprint_now
from pipeline.load.scan import Found
from pipeline.load.settled import check_settled, is_young
from pipeline.load.sidecar import read_sidecar
from pipeline.model import Asset, Facts
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

STILL_ARRIVING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LoadTerms:
    """What loading goes by: patience, the largest picture, and the zone of times without an offset.

    `look` adds what must be seen of the picture itself.
    """

    settle_seconds: float
    max_megapixels: int
    zone: tzinfo
    look: Callable[[Asset], Asset] = lambda asset: asset


def load_asset(found: Found, terms: LoadTerms) -> Asset:
    """Everything there is to know about one file.

    Raises NotReadyError when the file or a sidecar changes meanwhile or isn't whole yet, UnreadableError,
    TooLargeError or SidecarError when it can't become a story.
    """
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
    for sidecar in found.sidecars:
        check_settled(sidecar, terms.settle_seconds)
    certain = check_settled(found.path, terms.settle_seconds)
    sha256 = sha256_of(found.path)
    look = probe if certain else _probe_patiently
    facts = look(found.path, terms.max_megapixels)
    return terms.look(Asset(found.path, sha256, facts, read_sidecar(found.sidecars, terms.zone)))


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
        now = fingerprint_now(os.fsencode(found.path), [os.fsencode(path) for path in found.sidecars])
    except OSError:
        return False
    return now == found.fingerprint


def _changing(found: Found) -> NotReadyError:
    return NotReadyError(f"{found.path.name} changed while it was read: the next run takes it")
