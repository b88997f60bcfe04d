"""What was pulled, on this disk: it's looked at as the inbox is, and leaves when nobody needs it any more."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.load.names import MEDIA_SUFFIXES, sidecar_names, suffix_of
from pipeline.load.scan import Scan
from pipeline.model import Delivery
from pipeline.plan.origin import PULLED, pulled_folder, source_of
from pipeline.report.events import NotPulled
from pipeline.run.intake import look_below
from pipeline.run.trip import Trip
from pipeline.sources import Source

KEEP = timedelta(hours=24)
"""After all that became of a file has ended: until then a retry finds it."""


def with_pulled(trip: Trip, scanned: Scan) -> Scan:
    """What a look at the inbox gave, with all that was pulled; as it was where the person named paths."""
    settings = trip.settings
    folders = [pulled_folder(settings.state, name) for name in settings.sources]
    there = [folder for folder in folders if folder.is_dir()]
    if trip.request.paths or not there:
        return scanned
    more = look_below(trip, there, (settings.outbox,))
    return Scan(
        changed=scanned.changed + more.changed,
        seen=scanned.seen + more.seen,
        ignored=scanned.ignored + more.ignored,
        unreadable=scanned.unreadable + more.unreadable,
    )


def no_longer_than_the_original(trip: Trip, delivery: Delivery) -> Delivery:
    """The delivery, whose offer ends with the story that it was pulled from, not a day after it's made."""
    source = source_of(delivery.path, trip.settings.state)
    chosen = trip.settings.sources.get(source) if source else None
    if chosen is None or chosen.instagram is None or delivery.not_after is None:
        return delivery
    left_h = (delivery.not_after - trip.now()) / timedelta(hours=1)
    return replace(delivery, lifetime_hours=min(delivery.lifetime_hours, left_h))


def take_back(trip: Trip, source: Source) -> None:
    """Remove the copies here of what was removed there: from then on it's gone, as from the inbox."""
    known = trip.ledger.pulled_from(source.name)
    folder = pulled_folder(trip.settings.state, source.name)
    for key in sorted(source.gone(known)):
        file = folder / known[key].path
        try:
            file.unlink()
        except OSError:  # mostly it was over, and its copy has left before
            continue
        trip.ledger.forget_pulled_file(source.name, key)
        trip.observe(NotPulled(source.name, str(known[key].path), "removed there, so its copy here is too"))


def forget_pulled(trip: Trip) -> None:
    """Remove the copies here of what has ended a day ago; that it was pulled is remembered for ever.

    A file stays while another of its name does, as they may be the halves of one story.
    """
    before = trip.now() - KEEP
    for folder, _, names in os.walk(trip.settings.state / PULLED):
        for files in _of_a_name(Path(folder), names):
            if all(_is_over(trip, file, before) for file in files):
                _remove(files)
                for file in files:
                    trip.ledger.forget_file(file)  # a refusal of what isn't there any more


def _of_a_name(folder: Path, names: Iterable[str]) -> Iterable[list[Path]]:
    """The media of a folder, those together that differ in their suffix alone."""
    groups = defaultdict[str, list[Path]](list)
    for name in names:
        if suffix_of(os.fsencode(name)) in MEDIA_SUFFIXES and not name.startswith("."):
            groups[name.rpartition(".")[0].lower()].append(folder / name)
    return groups.values()


def _is_over(trip: Trip, file: Path, before: datetime) -> bool:
    source = source_of(file, trip.settings.state)
    if source is None:
        return False
    below = file.relative_to(pulled_folder(trip.settings.state, source))
    if trip.ledger.is_over(source, file, below, before):
        return True
    chosen = trip.settings.sources.get(source)
    can_change = chosen is None or chosen.instagram is None  # a story can't, and by now has ended
    return not can_change and trip.ledger.was_refused(source, file, below, before)


def _remove(files: Iterable[Path]) -> None:
    """With their sidecars, which nobody else reads; those first, or they'd be left after a kill."""
    for file in files:
        keys = {os.fsdecode(key) for several in sidecar_names(os.fsencode(file.name)) for key in several}
        with suppress(OSError):
            for key in keys:
                file.with_name(key).unlink(missing_ok=True)
            file.unlink(missing_ok=True)
