"""Going back to an older ledger: what it doesn't know may have been sent, so a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ledger import exclusive, open_ledger
from pipeline.ledger.answers import FOLDER as ANSWERS
from pipeline.ledger.copies import bench, check_backup, keep_pulled, put_back, skip_numbers
from pipeline.model import Delivery, State
from pipeline.run.intake import look_around, take_in
from pipeline.run.pulled import with_pulled
from pipeline.run.trip import Request, Trip
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings

REASON = "it may have been sent since the ledger's backup. Next: look there. Sent? Then skip it"


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the ledger of before lies now, what is held for a person, and which files say nothing."""

    aside: Path | None
    held: tuple[Delivery, ...]
    refused: int


def restore(settings: Settings, file: Path, *, send_again: bool = False, clock: Clock = now) -> Restored:
    """Put a backup in the ledger's place. Raises EnvironmentFault or LockedError, with nothing changed.

    Everything that lies in the inbox and isn't known as ended is held, unless it may be sent again. All is
    made ready beside the ledger before one rename changes it.
    """
    state = settings.state
    with exclusive(state):
        check_backup(file)
        at = clock()
        with bench(state, file) as ready:
            skip_numbers(state, ready)
            refused = 0
            with open_ledger(ready, clock):
                pass  # an older backup gets today's tables
            keep_pulled(state, ready)
            with open_ledger(ready, clock) as ledger:
                held: tuple[Delivery, ...] = ()
                if not send_again:
                    trip = Trip(settings, Request(), ledger, lambda _: None, clock=clock)
                    take_in(trip, with_pulled(trip, look_around(trip)))
                    refused = trip.tally["refused"] + trip.tally["postponed"]
                    ledger.hold(REASON)
                    held = tuple(ledger.in_states({State.PARKED, State.UNKNOWN}))
            _lay_answers_aside(state, at)
            return Restored(put_back(state, ready, at), held, refused)


def _lay_answers_aside(state: Path, at: datetime) -> None:
    """What was said about numbers of the other ledger must not be taken for those of this one."""
    folder = state / ANSWERS
    if folder.is_dir() and any(folder.iterdir()):
        folder.rename(state / f"{ANSWERS}-before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
