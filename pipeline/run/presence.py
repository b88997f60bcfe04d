"""Whether a story's file is still there. Gone isn't given up: a disk may be away, a folder on the move."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipeline.deliver import Outcome
from pipeline.ledger import lapse
from pipeline.model import Delivery, State
from pipeline.plan.origin import source_of
from pipeline.report.events import Alarm, Postponed
from pipeline.report.words import name_of
from pipeline.run.renditions import is_made
from pipeline.run.telling import tell
from pipeline.run.trip import Trip

GONE = "its file isn't in its place"
PATIENCE = timedelta(days=7)
"""A sync that begins anew is over by then; a backup that is put back a year later must send nothing."""


def in_place(trip: Trip, delivery: Delivery) -> bool:
    """Whether its file is there, or a copy of it, which then takes its place; told once when it isn't.

    While the whole inbox is away what was made already counts as there.
    """
    if _is_there(delivery.path):
        return True
    copy = _copy_of(trip, delivery.asset)
    if copy:
        trip.ledger.move_home(delivery.asset, copy)
        return True
    if trip.inbox_is_away() and is_made(trip, delivery):
        return True
    _wait_for(trip, delivery)
    return False


def is_somewhere(trip: Trip, asset: str, path: Path) -> bool:
    """Whether an asset's file is there, or a copy of it."""
    return _is_there(path) or _copy_of(trip, asset) is not None


def _copy_of(trip: Trip, asset: str) -> Path | None:
    return next(filter(_is_there, trip.ledger.places_of(asset)), None)


def _wait_for(trip: Trip, delivery: Delivery) -> None:
    if delivery.asset not in trip.missing:
        trip.missing.add(delivery.asset)
        trip.count("postponed", Postponed(delivery.path, "it isn't in its place at the moment"))
        if delivery.reason != GONE and not trip.inbox_is_away():
            trip.observe(Alarm("gone", _what_now(trip, delivery)))
    if delivery.reason != GONE or trip.inbox_is_away():
        trip.ledger.note(delivery, "held", GONE)
    elif trip.tally["seen"] and not trip.request.paths and _is_gone_for_good(trip, delivery):
        _give_up(trip, delivery)


def _what_now(trip: Trip, delivery: Delivery) -> str:
    source = source_of(delivery.path, trip.settings.state)
    where = f"at the source {source}" if source else f"into {delivery.path.parent}"
    return (
        f"{name_of(delivery.path)} was deleted or moved before it was sent: it waits for {PATIENCE.days}"
        f" days. Next: put it back {where}, or storyrelay skip {delivery.id}"
    )


def _is_gone_for_good(trip: Trip, delivery: Delivery) -> bool:
    """Whether it was missed for long, while other files were seen in the inbox."""
    held = [event for event in trip.ledger.events_of(delivery.id) if event.event == "held"]
    return bool(held) and trip.now() - held[-1].at >= PATIENCE


def _give_up(trip: Trip, delivery: Delivery) -> None:
    reason = f"{name_of(delivery.path)} was gone for {PATIENCE.days} days before it could be sent"
    if trip.ledger.move(delivery, lapse(delivery, State.SKIPPED, "gone", reason)):
        tell(trip, delivery, Outcome(State.SKIPPED, reason=reason))


def _is_there(path: Path) -> bool:
    """Not what a disk in trouble doesn't tell of: it's held, not given up."""
    try:
        path.stat()
    except OSError:
        return False
    return True
