"""Pulling: what is new at the sources comes to this disk, each file once, whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, DeliveryError, EnvironmentFault, NeedsPerson, NotReadyError, Rejected
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.model import Remote
from pipeline.plan.origin import PULLED, lane_of_source, pulled_folder
from pipeline.plan.pulling import chosen
from pipeline.report.events import Alarm, Blocked, NotPulled, Observer, Pulled
from pipeline.run.familiar import check_is_new, ours_at
from pipeline.run.pulled import take_back
from pipeline.run.room import has_room_for_file
from pipeline.run.source_lanes import hold_back, just_looked, looked, why_not_now
from pipeline.run.source_surge import fetchable
from pipeline.run.trip import Request, Trip
from pipeline.run.upkeep import exit_code_of
from pipeline.sources import Source, sources
from pipeline.sources.placing import NotWanted, place
from pipeline.tools.clock import Clock, now
from pipeline.tools.files import remove_leftovers
from pipeline.tools.signals import watched

if TYPE_CHECKING:
    from pipeline.config import Settings

MOST_FAILURES = 2
"""So many files one after the other that can't be fetched: then the source is left alone for this run."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a source is asked: a person may have `named` it; if `dry`, what is new is only told."""

    named: bool = False
    dry: bool = False


def pull(settings: Settings, names: Collection[str], observe: Observer, clock: Clock = now) -> int:
    """Fetch what is new at the named sources, or at all, and nothing else; the exit code.

    Raises LockedError, EnvironmentFault or Interrupted, with nothing lost.
    """
    with exclusive(settings.state), watched() as stop, open_ledger(settings.state, clock) as ledger:
        remove_leftovers(settings.state / PULLED)
        trip = Trip(settings, Request(), ledger, observe, stop, clock)
        for source in _of_these(trip, names or settings.sources):
            _pull_from(trip, source, Asking(named=bool(names)))
        return exit_code_of(trip)


def would_pull(settings: Settings, names: Collection[str], observe: Observer, clock: Clock = now) -> int:
    """The same without fetching or writing anything: the sources are asked what there is."""
    with snapshot(settings.state, clock) as ledger, watched() as stop:
        trip = Trip(settings, Request(), ledger, observe, stop, clock)
        for source in _of_these(trip, names or settings.sources):
            _pull_from(trip, source, Asking(named=bool(names), dry=True))
        return exit_code_of(trip)


def pull_new(trip: Trip) -> None:
    """What a run does first: fetch what is new everywhere, but where one has just looked."""
    for source in _of_these(trip, trip.settings.sources):
        if trip.out_of_time():
            return
        recently = just_looked(trip, source.name)
        if recently:
            trip.observe(NotPulled(source.name, None, recently))
        else:
            _pull_from(trip, source, Asking())


def _of_these(trip: Trip, names: Collection[str]) -> Iterator[Source]:
    for source in sources(trip.settings, partial(ours_at, trip), trip.stop.requested, trip.clock):
        if source.name in names:
            trip.stop.check()
            with closing(source):
                yield source


def _pull_from(trip: Trip, source: Source, asking: Asking) -> None:
    """One that can't be asked doesn't stop the others."""
    lane = lane_of_source(source.name)
    held = why_not_now(trip, source.name, named=asking.named)
    if held:
        trip.observe(NotPulled(source.name, None, held))
        return
    try:
        _take_all(trip, source, asking)
    except DeliveryError as failure:
        trip.stop.check()
        hold_back(trip, source.name, failure)
        if not isinstance(failure, NeedsPerson):
            trip.count("blocked", Blocked(lane, _with_next(source, str(failure))))
    except (ConfigError, EnvironmentFault) as fault:
        trip.count("unfit", Alarm(lane, _with_next(source, str(fault))))
    except OSError as fault:
        reason = f"what it has can't be written here: {fault.strerror or fault}"
        trip.count("unfit", Alarm(lane, _with_next(source, reason)))
    if not asking.dry:
        take_back(trip, source)


def _take_all(trip: Trip, source: Source, asking: Asking) -> None:
    remotes = source.listing()
    if not asking.dry:
        looked(trip, source.name)
    known = trip.ledger.pulled_from(source.name)
    choice = chosen(remotes, known, _missed(trip, source.name), trip.now())
    for remote, why in choice.left:
        trip.observe(NotPulled(source.name, str(remote.path), why))
    failures = 0
    for remote in fetchable(trip, source.name, choice.wanted, known):
        trip.stop.check()
        if trip.out_of_time():
            return
        try:
            (_show if asking.dry else _fetch)(trip, source, remote)
            failures = 0
        except NotReadyError as later:
            trip.observe(NotPulled(source.name, str(remote.path), str(later)))
        except NeedsPerson:
            raise
        except DeliveryError as failure:
            trip.stop.check()
            failures += not isinstance(failure, Rejected)
            if failures == MOST_FAILURES:
                raise
            reason = f"{remote.path}: {failure}; the next run tries it again"
            trip.count("blocked", Blocked(lane_of_source(source.name), reason))


def _fetch(trip: Trip, source: Source, remote: Remote) -> None:
    """A kill between its last two steps has it fetched again, to the same place."""
    folder = pulled_folder(trip.settings.state, source.name)
    if not has_room_for_file(trip, folder, remote.bytes or 0):
        return
    from_account = trip.settings.sources[source.name].instagram is not None
    check = partial(check_is_new, trip) if from_account else _take_anything
    try:
        file = place(source, remote, folder, check)
    except NotWanted as familiar:
        trip.ledger.enter_pulled(source.name, remote)
        trip.observe(NotPulled(source.name, str(remote.path), str(familiar)))
        return
    trip.ledger.enter_pulled(source.name, remote)
    trip.count("pulled", Pulled(source.name, file, file.stat().st_size))


def _take_anything(_: Path) -> None:
    """Of files, the same picture is found out when they are planned."""


def _show(trip: Trip, source: Source, remote: Remote) -> None:
    path = pulled_folder(trip.settings.state, source.name) / remote.path
    trip.count("pulled", Pulled(source.name, path, remote.bytes))


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
