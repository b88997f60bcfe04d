"""What holds back what is new at a folder elsewhere: too much at once, or older than the person wants."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath

from pipeline.load.names import (
    MATERIALS,
    MEDIA_SUFFIXES,
    SIDECAR_SUFFIXES,
    sidecar_key,
    sidecar_names,
    suffix_of,
)
from pipeline.model import Remote
from pipeline.report.events import Surge
from pipeline.run.surging import EXAMPLES, NEXT
from pipeline.run.trip import Trip


def fetchable(trip: Trip, source: str, wanted: Sequence[Remote], known: Collection[str]) -> Sequence[Remote]:
    """Those of the wanted that are fetched now. A whole archive isn't, only to be held here.

    What was fetched before is never held back, nor is an account's day.
    """
    if trip.settings.sources[source].folder is None:
        return wanted
    rest = _adopt(trip, source, wanted, known) if trip.request.adopt_before_s is not None else wanted
    new = [remote for remote in rest if remote.key not in known]
    most, media = trip.settings.limits.surge, [remote for remote in new if _is_media(remote.path)]
    if most is None or trip.request.accept_surge or len(media) <= most:
        return rest
    names = ", ".join(remote.path.name for remote in media[:EXAMPLES])
    reason = (
        f"{len(media)} new files at once at the source {source}, more than limits.surge ({most}): {names}, … "
        f"Nothing of them is fetched. Next: {NEXT}"
    )
    trip.tally["surge"] += len(media)
    trip.observe(Surge(trip.settings.inbox, len(media), reason))
    held = {remote.key for remote in new}
    return [remote for remote in rest if remote.key not in held]


def _adopt(trip: Trip, source: str, wanted: Sequence[Remote], known: Collection[str]) -> Sequence[Remote]:
    """Remember what is new but old enough as if it had been fetched, with its words; returns the rest."""
    old = [
        remote
        for remote in wanted
        if remote.key not in known and _is_media(remote.path) and _is_old(trip, remote)
    ]
    adopted = {remote.key for remote in old}
    words = _words_of(
        remote.path for remote in wanted if _is_media(remote.path) and remote.key not in adopted
    )
    rest: list[Remote] = []
    for remote in wanted:
        trip.stop.check()
        unneeded = _is_sidecar(remote.path) and remote.key not in known and _place(remote.path) not in words
        if remote.key in adopted or (unneeded and _is_old(trip, remote)):
            trip.ledger.enter_pulled(source, remote)
            trip.tally["adopted"] += remote.key in adopted
        else:
            rest.append(remote)
    return rest


def _is_old(trip: Trip, remote: Remote) -> bool:
    return remote.changed_at is not None and remote.changed_at.timestamp() < (
        trip.request.adopt_before_s or 0.0
    )


def _words_of(paths: Iterable[PurePosixPath]) -> frozenset[bytes]:
    """Where the sidecars of these files may lie."""
    return frozenset(
        os.fsencode(path.parent) + b"/" + key
        for path in paths
        for keys in sidecar_names(os.fsencode(path.name))
        for key in keys
    )


def _is_media(path: PurePosixPath) -> bool:
    return suffix_of(os.fsencode(path.name)) in MEDIA_SUFFIXES and not _is_material(path)


def _is_sidecar(path: PurePosixPath) -> bool:
    return suffix_of(os.fsencode(path.name)) in SIDECAR_SUFFIXES and not _is_material(path)


def _is_material(path: PurePosixPath) -> bool:
    return any(os.fsencode(part).lower() == MATERIALS for part in path.parts[:-1])


def _place(path: PurePosixPath) -> bytes:
    return os.fsencode(path.parent) + b"/" + sidecar_key(os.fsencode(path.name))
