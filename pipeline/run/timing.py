"""A clock that jumped: nothing expires, is sent or is written by one that may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from pipeline.errors import EnvironmentFault
from pipeline.ledger import Ledger
from pipeline.plan.clocks import SLACK, Mark, doubt_of, has_proven_itself
from pipeline.tools.clock import Clock, Uptime, now, synchronised, uptime
from pipeline.tools.files import write_hint
from pipeline.tools.plain import from_json, to_json


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """What else a computer knows of time: how long it has been on, whether it follows a time server."""

    uptime: Callable[[], Uptime]
    synchronised: Callable[[], bool]


KERNEL = Timekeeping(uptime, synchronised)


@runtime_checkable
class Kept(Protocol):
    """A clock that isn't the computer's own, and yet can be asked more."""

    @property
    def keeping(self) -> Timekeeping: ...


@dataclass(frozen=True, slots=True)
class Marks:
    """The last moment that was trusted, and the first one of a clock that isn't yet."""

    trusted: Mark | None = None
    doubted: Mark | None = None


def check_clock(ledger: Ledger, state: Path, clock: Clock, *, is_right: bool) -> None:
    """Raise EnvironmentFault while the clock may be wrong, with nothing written to the ledger.

    One that jumped is trusted when a time server stands for it, when the person says so, or, unless it
    jumped by more than a year, when it has gone on evenly for an hour. When it went back, what was written
    ahead of it is put right. A clock of which nothing else is known is trusted.
    """
    keeping = KERNEL if clock is now else clock.keeping if isinstance(clock, Kept) else None
    if keeping is None:
        return
    at = clock()
    file, on = state / "seen" / "clock", keeping.uptime()
    marks, here, last_run = _read(file), Mark(on.boot, on.on_s, at), ledger.last_run_at()
    doubt = doubt_of(here, last_run, marks.trusted)
    if doubt and not is_right and not _may_go_on(here, marks, keeping, far=doubt.far):
        first = marks.doubted
        kept = first if first is not None and first.agrees_with(here) else here
        write_hint(file, to_json(Marks(marks.trusted, kept)).encode())
        raise EnvironmentFault(
            f"the clock says {at:%Y-%m-%d %H:%M} UTC, but {doubt.reason}: nothing is sent or given up by a"
            " clock that may be wrong. Next: set it (timedatectl set-ntp true); if it's right: storyrelay run"
            " --clock-is-right"
        )
    write_hint(file, to_json(Marks(here)).encode())
    if last_run is not None and last_run - at > SLACK:
        ledger.put_right(at)


def _may_go_on(here: Mark, marks: Marks, keeping: Timekeeping, *, far: bool) -> bool:
    return keeping.synchronised() or (not far and has_proven_itself(marks.doubted, here))


def _read(file: Path) -> Marks:
    try:
        return from_json(Marks, file.read_text())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Marks()
