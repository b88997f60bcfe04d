"""Whether the disks have room for what is to be made: nothing is begun that might fill one."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.plan.weight import most_bytes
from pipeline.reformat import Order
from pipeline.report.events import Alarm
from pipeline.report.words import size
from pipeline.run.trip import Trip
from pipeline.run.upkeep import make_room
from pipeline.tools.filesystem import free_bytes
from pipeline.tools.whereabouts import unmounted

MEGA = 1_000_000


@dataclass(slots=True)
class Room:
    """What the disk of the state folder still takes; `promised` to work that is under way."""

    trip: Trip
    promised: dict[int, int] = field(default_factory=dict)

    def promise(self, order: Order) -> bool:
        """Whether work may begin; if so its room is kept until `release`. Told once a run if not.

        What nobody waits for is removed first.
        """
        needed = most_bytes(order.asset, order.recipe, order.part)
        taken = needed + sum(list(self.promised.values()))  # those at work take theirs back meanwhile
        state = self.trip.settings.state
        folders = (state / "store", state / "scratch")
        if not _has(self.trip, folders, taken) and state not in self.trip.cramped:
            make_room(self.trip)
        if not _has(self.trip, folders, taken):
            _tell(self.trip, state, needed)
            return False
        self.promised[id(order)] = needed
        return True

    def release(self, order: Order) -> None:
        """The work on it is over, if there was any."""
        self.promised.pop(id(order), None)


def _has(trip: Trip, folders: Collection[Path], bytes_: int) -> bool:
    keep_mb = trip.settings.limits.free_mb
    if keep_mb is None:
        return True
    return all(free_bytes(folder) >= bytes_ + keep_mb * MEGA for folder in folders)


def has_room_for_file(trip: Trip, folder: Path, bytes_: int) -> bool:
    """Whether a file of so many bytes may be written to a folder; told once a run if not.

    Renditions that nobody waits for are removed first.
    """
    if not _has(trip, (folder,), bytes_) and folder not in trip.cramped:
        make_room(trip)
    if _has(trip, (folder,), bytes_):
        return True
    _tell(trip, folder, bytes_)
    return False


def tell_outbox(trip: Trip) -> None:
    """Tell when the outbox is why a destination is blocked."""
    outbox = trip.settings.outbox
    away = unmounted(trip.settings.state, "outbox", outbox)
    if away:
        reason = f"nothing is mounted at {away}, where {outbox} was. Next: mount {shlex.quote(str(away))}"
        trip.count("unfit", Alarm("outbox", reason))
        return
    if not _has(trip, (trip.settings.outbox,), 0):
        _tell(trip, trip.settings.outbox, 0)


def _tell(trip: Trip, folder: Path, bytes_: int) -> None:
    """Once a run for each folder."""
    if folder in trip.cramped:
        return
    trip.cramped.add(folder)
    keep_mb = trip.settings.limits.free_mb or 0
    needed = (
        f"{size(bytes_)} and limits.free_mb ({keep_mb} MB)" if bytes_ else f"limits.free_mb ({keep_mb} MB)"
    )
    reason = (
        f"the disk of {folder} has {size(free_bytes(folder))} free, less than {needed}: what needs more"
        f" waits, and goes on by itself. Next: make room there; df -h {shlex.quote(str(folder))}"
    )
    trip.count("unfit", Alarm("disk", reason))
