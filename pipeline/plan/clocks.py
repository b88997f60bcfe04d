"""Whether a run may trust the computer's clock. Pure: what clocks and ledger say in, a verdict out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""No run was ever before that; a clock without a battery begins in 1970, 2000 or so."""
SLACK = timedelta(minutes=10)
LEAP = timedelta(days=366)
"""A computer that was off for longer is rarer than a clock that lost its battery."""
PROBATION = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the clock said when the computer had been on for so many seconds since `boot`."""

    boot: str
    on_s: float
    at: datetime

    def agrees_with(self, later: Mark) -> bool:
        """Whether nobody has set the clock between the two; False where that can't be known."""
        if self.boot != later.boot:
            return False
        return abs((later.at - self.at) - timedelta(seconds=later.on_s - self.on_s)) <= SLACK


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the clock isn't trusted; `far` when only a person, or a time server, can say otherwise."""

    reason: str
    far: bool = False


def doubt_of(here: Mark, last_run: datetime | None, last: Mark | None) -> Doubt | None:
    """What speaks against the clock of `here`: the ledger's last run, and the mark that was trusted last."""
    if here.at < MADE:
        return Doubt("that is before this program was made", far=True)
    if last_run is None:
        return None
    if here.at - last_run > LEAP:
        return Doubt(f"the last run was on {last_run:%Y-%m-%d}, more than a year before", far=True)
    if last_run - here.at > SLACK:
        return Doubt(f"the last run was on {last_run:%Y-%m-%d %H:%M} UTC", far=last_run - here.at > LEAP)
    if last is not None and last.boot == here.boot and not last.agrees_with(here):
        return Doubt("it was set since the last run, and no time server stands for it")
    return None


def has_proven_itself(candidate: Mark | None, here: Mark) -> bool:
    """Whether a clock that was doubted has gone on evenly for long enough."""
    if candidate is None or not candidate.agrees_with(here):
        return False
    return here.on_s - candidate.on_s >= PROBATION.total_seconds()
