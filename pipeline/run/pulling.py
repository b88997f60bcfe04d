"""Pulling: what is new at the sources comes to this disk, each file once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, DeliveryError, EnvironmentFault, NeedsPerson
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.model import Remote
from pipeline.plan.origin import PULLED, lane_of_source, pulled_folder
from pipeline.plan.pulling import chosen
from pipeline.report.events import Alarm, Blocked, NotPulled, Observer, Pulled, Stopped
from pipeline.run.room import has_room_for_file
from pipeline.run.trip import Request, Trip
from pipeline.run.upkeep import exit_code_of
from pipeline.sources import Source, sources
from pipeline.sources.placing import place
from pipeline.tools.clock import Clock, now
from pipeline.tools.files import remove_leftovers
from pipeline.tools.signals import watched

if TYPE_CHECKING:
    from pipeline.config import Settings

MOST_FAILURES = 2
"""So many files one after the other that can't be fetched: then the source is left alone for this run."""
Take = Callable[[Source, Remote], None]


def pull(settings: Settings, names: Collection[str], observe: Observer, clock: Clock = now) -> int:
    """Fetch what is new at the named sources, or at all, and nothing else; the exit code.

    Raises LockedError, EnvironmentFault or Interrupted, with nothing lost.
    """
    with exclusive(settings.state), watched() as stop, open_ledger(settings.state, clock) as ledger:
        remove_leftovers(settings.state / PULLED)
        trip = Trip(settings, Request(), ledger, observe, stop, clock)
        pull_new(trip, names)
        return exit_code_of(trip)


def would_pull(settings: Settings, names: Collection[str], observe: Observer, clock: Clock = now) -> int:
    """The same without fetching or writing anything: the sources are asked what there is."""
    with snapshot(settings.state, clock) as ledger, watched() as stop:
        trip = Trip(settings, Request(), ledger, observe, stop, clock)
        pull_new(trip, names, lambda source, remote: _tell(trip, source, remote, remote.bytes or 0))
        return exit_code_of(trip)


def pull_new(trip: Trip, names: Collection[str] = (), take: Take | None = None) -> None:
    """Take what is new at each source; one that can't be asked doesn't stop the others."""
    for source in sources(trip.settings, trip.stop.requested, trip.clock):
        if not names or source.name in names:
            trip.stop.check()
            if trip.out_of_time():
                return
            _pull_from(trip, source, take or partial(_fetch, trip))


def _pull_from(trip: Trip, source: Source, take: Take) -> None:
    lane = lane_of_source(source.name)
    stopped = trip.ledger.lane(lane).stopped
    if stopped:
        trip.observe(NotPulled(source.name, None, stopped))
        return
    try:
        _take_all(trip, source, take)
    except NeedsPerson as failure:
        trip.ledger.stop(lane, str(failure))
        trip.count("stopped", Stopped(lane, 0, str(failure)))
    except DeliveryError as failure:
        trip.count("blocked", Blocked(lane, _with_next(source, str(failure))))
    except (ConfigError, EnvironmentFault) as fault:
        trip.count("unfit", Alarm(lane, _with_next(source, str(fault))))
    except OSError as fault:
        reason = f"what it has can't be written here: {fault.strerror or fault}"
        trip.count("unfit", Alarm(lane, _with_next(source, reason)))


def _take_all(trip: Trip, source: Source, take: Take) -> None:
    remotes = source.listing()
    choice = chosen(remotes, trip.ledger.pulled_from(source.name), _missed(trip, source.name), trip.now())
    for remote, why in choice.left:
        trip.observe(NotPulled(source.name, str(remote.path), why))
    failures = 0
    for remote in choice.wanted:
        trip.stop.check()
        if trip.out_of_time():
            return
        try:
            take(source, remote)
            failures = 0
        except NeedsPerson:
            raise
        except DeliveryError as failure:
            failures += 1
            if failures == MOST_FAILURES:
                raise
            trip.count(
                "blocked", NotPulled(source.name, str(remote.path), f"{failure}; the next run tries it again")
            )


def _fetch(trip: Trip, source: Source, remote: Remote) -> None:
    """A kill between the last two lines has it fetched again, to the same place."""
    folder = pulled_folder(trip.settings.state, source.name)
    if not has_room_for_file(trip, folder, remote.bytes or 0):
        return
    file = place(source, remote, folder)
    trip.ledger.enter_pulled(source.name, remote)
    _tell(trip, source, remote, file.stat().st_size)


def _tell(trip: Trip, source: Source, remote: Remote, bytes_: int) -> None:
    path = pulled_folder(trip.settings.state, source.name) / remote.path
    trip.count("pulled", Pulled(source.name, path, bytes_))


def _missed(trip: Trip, source: str) -> frozenset[PurePosixPath]:
    """What was pulled, is still needed, and isn't there any more, below the source's folder."""
    folder = pulled_folder(trip.settings.state, source)
    needed = {delivery.path for delivery in trip.ledger.open_deliveries()}
    gone = (path for path in needed if path.is_relative_to(folder) and not _is_there(path))
    return frozenset(PurePosixPath(path.relative_to(folder)) for path in gone)


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # a disk in trouble
    return True


def _with_next(source: Source, reason: str) -> str:
    return reason if ". Next: " in reason else f"{reason}. Next: storyrelay pull {source.name}"
