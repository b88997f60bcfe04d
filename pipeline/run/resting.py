"""Whether a run has left nothing that could come by itself, and its note for the runs that follow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import shipped
from pipeline.ledger import ledger_files
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND, State
from pipeline.report.events import Summary
from pipeline.run.trip import Request, Trip
from pipeline.tools import standstill
from pipeline.tools.clock import now, pause
from pipeline.tools.files import write_hint

if TYPE_CHECKING:
    from pipeline.config import Settings

AT_MOST = timedelta(hours=1)
"""A whole run comes at least so often: it tidies up, and sees what no note tells of."""
WRITTEN_BY_RUNS = ("lock", "seen", "store", "scratch", "backups")
BY_HAND = frozenset({"page", "folder"})
"""The channels where nothing changes by itself."""
LASTING = frozenset({State.PLANNED, State.PARKED, *WAITING_FOR_SEND})
"""What stays as it is until its moment, or until somebody says something."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a run found when it began, and can't have overlooked."""

    words: tuple[str, ...]
    places: tuple[standstill.Place, ...]
    seen: bytes


def look_before(settings: Settings, request: Request) -> Before | None:
    """A look at all that a run depends on; None where no note could stand for the next one."""
    if standstill.config_of(request.words) is None or not _lasts(settings):
        return None
    places = tuple(_places(settings))
    try:
        changed_s, seen = standstill.look(places)
    except OSError:
        return None
    return Before(request.words, places, seen) if changed_s < standstill.STARTED_S else None


def rests_until(trip: Trip, summary: Summary) -> datetime | None:
    """When the next run has something to do at the latest; None when it may have at once."""
    nothing_done = not (trip.tally.keys() - {"seen"} or trip.ledger.moves or summary.exit_code)
    states, moment = trip.ledger.next_moment()
    spoken_of = states & (NEEDS_A_PERSON | WAITING_FOR_SEND) and trip.settings.notify.urls
    if not nothing_done or states - LASTING or spoken_of or summary.held:
        return None
    latest = trip.now() + AT_MOST
    until = min(latest, moment or latest)
    return until if until > trip.now() else None


def leave_note(state: Path, before: Before, until: datetime) -> None:
    """For the holder of the lock, when the ledger is closed. What can't be written costs only time."""
    pause(standstill.TICK_S)
    places = tuple((os.fsencode(file), ()) for file in ledger_files(state))
    with suppress(OSError):
        written_s, seen = standstill.look(places)
        if written_s > now().timestamp():  # a disk that keeps whole seconds
            return
        told = standstill.note(before.words, until.timestamp(), before.places + places, before.seen + seen)
        write_hint(state / standstill.FILE, told)


def _lasts(settings: Settings) -> bool:
    """Whether nothing has to be told or asked by every run, and no phone may be plugged in at any time."""
    if any(source.enabled for source in settings.sources.values()):
        return False
    ways = {way for one in settings.destinations.values() for way in one.channels}
    return ways <= BY_HAND and settings.monitor.url is None and settings.log.file is None


def _places(settings: Settings) -> Iterator[standstill.Place]:
    state = (*WRITTEN_BY_RUNS, *(file.name for file in ledger_files(settings.state)))
    yield os.fsencode(settings.inbox), ()
    yield os.fsencode(settings.outbox), ()
    yield os.fsencode(settings.state), tuple(os.fsencode(name) for name in state)
    for file in (settings.file, shipped("platforms"), Path("/etc/localtime")):
        if file is not None:
            yield os.fsencode(file), ()
