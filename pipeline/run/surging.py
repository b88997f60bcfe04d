"""What holds new files back before a decision: too many at once, or older than the person wants."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from pipeline.load.scan import Found
from pipeline.report.events import Surge
from pipeline.run.trip import Trip
from pipeline.tools.files import sha256_of
from pipeline.tools.picture_key import picture_key

EXAMPLES = 3
NEXT = (
    "`storyrelay run --accept-surge` sends them all, `storyrelay run --adopt` takes them as seen,"
    " `storyrelay run --since 2h` sends only what is newer"
)


def let_through(trip: Trip, changed: Sequence[Found]) -> Sequence[Found]:
    """Those of the changed files that this run may decide upon.

    What the person named is never held back.
    """
    if trip.request.paths:
        return changed
    wanted = _adopt(trip, changed) if trip.request.adopt_before_s is not None else changed
    most = trip.settings.limits.surge
    if most is None or trip.request.accept_surge or len(wanted) <= most:
        return wanted
    return _brake(trip, wanted, most)


def _adopt(trip: Trip, changed: Sequence[Found]) -> Sequence[Found]:
    """Remember what is old enough as seen; returns the rest."""
    before_s = trip.request.adopt_before_s or 0.0
    rest: list[Found] = []
    for found in changed:
        trip.stop.check()
        sha256 = _sha256(found.path)
        if sha256 is None or trip.ledger.home_of(sha256) or _mtime_s(found.path) >= before_s:
            rest.append(found)
            continue
        trip.ledger.adopt(found.path, found.fingerprint, sha256, _picture(trip, found.path))
        trip.tally["adopted"] += 1
    return rest


def _brake(trip: Trip, wanted: Sequence[Found], most: int) -> Sequence[Found]:
    """All of it, unless more than `most` have content that the ledger doesn't know.

    Reading stops with the first that is too many: a held folder of 2,000 photos costs 21 hashes a run.
    """
    new = list(islice(_new(trip, wanted), most + 1))
    if len(new) <= most:
        return wanted
    known = trip.ledger.known_files()
    held = [found for found in wanted if os.fsencode(found.path) not in known]
    # A sync that rewrites the files in their places is a surge too: then everything is held.
    held = held if len(held) > most else list(wanted)
    trip.tally["surge"] += len(held)
    names = ", ".join(found.path.name for found in held[:EXAMPLES])
    reason = (
        f"{len(held)} new files at once, more than limits.surge ({most}): {names}, … Nothing of them is sent."
        f" Next: {NEXT}"
    )
    trip.observe(Surge(trip.settings.inbox, len(held), reason))
    kept = {found.path for found in held}
    return [found for found in wanted if found.path not in kept]


def _new(trip: Trip, wanted: Iterable[Found]) -> Iterable[Found]:
    """The files whose content is neither in the ledger nor in a file before them."""
    seen: set[str] = set()
    for found in wanted:
        trip.stop.check()
        sha256 = _sha256(found.path)
        if sha256 is None or sha256 in seen:
            continue
        seen.add(sha256)
        if not (trip.ledger.home_of(sha256) or trip.ledger.is_adopted(sha256)):
            yield found


def _sha256(path: Path) -> str | None:
    """None for what can't be read: whoever loads it says why."""
    try:
        return sha256_of(path)
    except OSError:
        return None


def _picture(trip: Trip, path: Path) -> str | None:
    """What it shows, if that matters to anybody."""
    try:
        return picture_key(path) if trip.settings.same_picture != "send" else None
    except OSError:
        return None


def _mtime_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")
