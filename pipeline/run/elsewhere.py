"""Whether a farm makes the renditions of a run: opened when there is something to make."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from pipeline.errors import FarmAway
from pipeline.tools.files import write_hint

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.execute.farm import Farm, Share
    from pipeline.ledger import Ledger
    from pipeline.run.trip import Trip
    from pipeline.tools.signals import StopSignal

HINT = "farm-share"
"""A file in the state folder: the share that is known to be ours, so that no-op runs needn't ask."""


@dataclass(slots=True)
class Elsewhere:
    """The farm of a run, if one is configured; it is opened once, and `away` says why it couldn't be."""

    settings: Settings
    ledger: Ledger
    stop: StopSignal
    out_of_time: Callable[[], bool] = lambda: False
    away: FarmAway | None = None
    farm: Farm | None = None
    told: set[str] = field(default_factory=set)
    opening: Lock = field(default_factory=Lock)

    def is_wanted(self) -> bool:
        """Whether renditions are made elsewhere."""
        return self.settings.execute.farm is not None

    def claim(self) -> None:
        """Raise ConfigError when the share is another ledger's; asked once for each share, at first."""
        share = self.settings.execute.share
        hint = self.settings.state / HINT
        if share is None or (hint.exists() and hint.read_text(errors="replace") == share):
            return
        try:
            self._claim()
        except FarmAway as away:
            self.away = away

    def opened(self) -> Farm:
        """The farm. Raises FarmAway, and LockedError when a copy of this ledger is at it."""
        with self.opening:
            if self.away is not None:
                raise self.away
            if self.farm is None:
                try:
                    self.farm = self._open()
                except FarmAway as away:
                    self.away = away
                    raise
            return self.farm

    def fault(self) -> FarmAway | None:
        """Why nothing more is expected of the farm."""
        return self.away or (self.farm.fault if self.farm else None)

    def close(self) -> None:
        """Let it go."""
        if self.farm is not None:
            self.farm.close()

    def _open(self) -> Farm:
        from pipeline.execute.farm import Farm, open_line  # with dask behind it

        address = self.settings.execute.farm or ""
        share = self._claim()
        line = open_line(address)
        try:
            line.be_alone(self.ledger.identity(), self.stop.requested)
            line.await_workers(self.stop.requested)
        except BaseException:
            line.close()
            raise
        return Farm(share, line, self.settings.state / "scratch", self.out_of_time)

    def _claim(self) -> Share:
        from pipeline.execute.farm import claim, open_share  # with fsspec behind it

        address, state = self.settings.execute.share or "", self.settings.state
        share = open_share(address)
        claim(share, self.ledger.identity(), f"{socket.gethostname()}:{state}", state / "scratch")
        write_hint(state / HINT, address.encode())
        return share


@dataclass(frozen=True, slots=True)
class Crew:
    """How many `hands` make renditions at once, how many may have begun, and how many threads wait."""

    hands: int
    ahead: int
    threads: int


def crew_of(trip: Trip, is_needed: Callable[[], bool]) -> Crew:
    """Of this computer, or of the farm. Raises LockedError when a copy of this ledger is at it."""
    workers = trip.workers()
    if trip.elsewhere is not None and trip.elsewhere.is_wanted() and is_needed():
        with suppress(FarmAway):  # it's told where it is missed
            slots = trip.elsewhere.opened().line.slots
            ahead = max(workers, 2 * slots)
            return Crew(slots, ahead, ahead)
    return Crew(workers, 2 * workers, workers)


@contextmanager
def elsewhere(settings: Settings, ledger: Ledger, stop: StopSignal) -> Iterator[Elsewhere]:
    """The farm of one run, let go at its end. Raises ConfigError when its share is another ledger's."""
    farming = Elsewhere(settings, ledger, stop)
    farming.claim()
    try:
        yield farming
    finally:
        farming.close()
