"""A year of cron in minutes: what goes out is what a plainly written oracle says should go out.

    make year [YEARS=6] [SEED=0] [DAYS=365]

The real program, run every half hour by a simulated clock: clocks that change, a machine that is off three
times, a disk that is nearly full and one that is full, a phone that is dead for a week, Instagram asking for
a login. Programs that are wrong on purpose must differ from the oracle first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import date as day_of_calendar
from datetime import time as wall_clock
from pathlib import Path

import pytest
from fakes.year_oracle import Oracle
from fakes.year_script import Author, Change, Dropped, Script
from fakes.year_world import KEEP_MB, World, living_in, moments

import pipeline.plan.openings
import pipeline.plan.queue
import pipeline.plan.slots
import pipeline.run.arranging

DISK_MB = 96
FAST = Path("/dev/shm")  # noqa: S108 - a disk in memory
AGAIN = "make year SEED={seed} YEARS=1 DAYS={days}"
Breaking = Callable[[pytest.MonkeyPatch], None]


def keeps_winter_time(patched: pytest.MonkeyPatch) -> None:
    """Wrong: slots fall on the times of January all year."""

    def moment_of(day: day_of_calendar, wall: wall_clock, zone: tzinfo) -> datetime:
        offset = datetime(day.year, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
        return (datetime.combine(day, wall, UTC) - offset).astimezone(UTC)

    patched.setattr(pipeline.plan.slots, "moment_of", moment_of)


def sends_whatever_is_late(patched: pytest.MonkeyPatch) -> None:
    """Wrong: what missed its slot goes all the same, and what needn't isn't sent."""
    is_too_late = pipeline.plan.queue.is_too_late
    patched.setattr(pipeline.plan.queue, "is_too_late", lambda *asked: not is_too_late(*asked))


def forgets_what_went_out(patched: pytest.MonkeyPatch) -> None:
    """Wrong: a day's number counts only what is under way."""
    past_of = pipeline.run.arranging.past_of
    patched.setattr(
        pipeline.run.arranging, "past_of", lambda *asked: pipeline.plan.queue.Past(past_of(*asked).taken)
    )


BROKEN: dict[str, Breaking] = {
    "keeps winter time": keeps_winter_time,
    "sends whatever is late": sends_whatever_is_late,
    "forgets what went out": forgets_what_went_out,
}


@dataclass(slots=True)
class Lived:
    """What came of a year; `differs` is the first difference, told for people."""

    counts: Counter[str] = field(default_factory=Counter)
    differs: str | None = None


@dataclass(slots=True)
class Year:
    """Both live through one script, side by side."""

    script: Script
    world: World
    oracle: Oracle
    limited: bool
    lived: Lived = field(default_factory=Lived)

    def live(self) -> Lived:
        to_come: list[Dropped | Change] = [*self.script.dropped, *self.script.changes]
        to_come.sort(key=lambda one: one.at)
        for at in self.script.ticks():
            self.world.make_room()
            while to_come and to_come[0].at <= at:
                self._happens(to_come.pop(0))
            self.world.clock.moment = at
            nearly, full = self._disk(at)
            if not full:  # nothing can be written down then
                self._answers(at)
            self._run(at, nearly=nearly, full=full)
            if self.lived.differs:
                return self.lived
        unexplained = self.world.unexplained()
        if unexplained:
            self.lived.differs = f"{unexplained} ended without a reason"
        return self.lived

    def _happens(self, what: Dropped | Change) -> None:
        if isinstance(what, Dropped):
            self.world.drop(what)
        elif what.verb == "copy" and not self.oracle.knows(what.number):
            return  # nobody can tell then which one is the copy
        else:
            self.world.change(what)
        self.lived.counts["files" if isinstance(what, Dropped) else "changes"] += 1
        self.oracle.happens(what)

    def _answers(self, at: datetime) -> None:
        for number, destination, verb in self.oracle.answers(at):
            self.lived.counts["answers"] += 1
            self.world.says(number, destination, verb)

    def _run(self, at: datetime, *, nearly: bool, full: bool) -> None:
        seen = self.world.run()
        self.lived.counts["runs"] += 1
        if seen is None:
            self.lived.counts["runs that couldn't"] += 1
            if not full:
                self.lived.differs = f"{moments(at, self.script.zone)}: the run failed"
            return
        said = self.oracle.run(at, no_room=nearly or full)
        self.lived.counts["out"] += len(seen)
        if seen != said:
            self._tell(at, f"out were {sorted(seen)}, should be {sorted(said)}")
            return
        should, stands = self.oracle.states(), self.world.states()
        odd = [
            f"{key} is {stands.get(key)}, should be {should.get(key)}"
            for key in sorted(should.keys() | stands.keys())
            if stands.get(key, "unsent") != should.get(key, "unsent")
        ]
        if odd:
            self._tell(at, "; ".join(odd))

    def _disk(self, at: datetime) -> tuple[bool, bool]:
        """Whether it's nearly full, or full."""
        full = self.limited and self.script.full.holds(at)
        nearly = self.limited and self.script.nearly_full.holds(at)
        if full or nearly:
            self.world.fill(0 if full else KEEP_MB - 2)
        return nearly, full

    def _tell(self, at: datetime, what: str) -> None:
        self.lived.differs = f"{moments(at, self.script.zone)}: {what}"


def lived_through(seed: int, days: int) -> Lived:
    """A year, or the first difference in it."""
    script = Author(seed, days).script()
    with disk() as (root, limited), living_in(root, script, limited=limited) as world:
        return Year(script, world, Oracle(script), limited).live()


@contextmanager
def disk() -> Iterator[tuple[Path, bool]]:
    """A disk that can get full, where such a one may be mounted; else a folder, and False."""
    with tempfile.TemporaryDirectory(
        prefix="storyrelay-worlds-", dir=FAST if FAST.is_dir() else None
    ) as name:
        words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", name]
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
        try:
            yield Path(name), mounted
        finally:
            if mounted:
                subprocess.run(["umount", "-l", name], check=True)


def caught(name: str, seeds: range, days: int) -> int | None:
    """The first seed at which a broken program differs from the oracle."""
    with pytest.MonkeyPatch.context() as patched:
        BROKEN[name](patched)
        return next((seed for seed in seeds if lived_through(seed, days).differs), None)


def main() -> int:
    """Teeth first, then the years; 1 when anything differed."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--years", type=int, default=6)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--days", type=int, default=365)
    options = asked.parse_args()
    for name in BROKEN if options.years > 1 else ():
        seed = caught(name, range(20), 30)
        if seed is None:
            sys.stdout.write(f"a program that {name} was NOT caught\n")
            return 1
        sys.stdout.write(f"a program that {name} is caught in 30 days of seed {seed}\n")
    wrong = 0
    for seed in range(options.seed, options.seed + options.years):
        began_s = time.monotonic()
        lived = lived_through(seed, options.days)
        told = ", ".join(f"{number} {name}" for name, number in sorted(lived.counts.items()))
        sys.stdout.write(f"seed {seed}: {told}, {time.monotonic() - began_s:.0f} s\n")
        sys.stdout.flush()
        if lived.differs:
            wrong += 1
            again = AGAIN.format(seed=seed, days=options.days)
            sys.stdout.write(f"seed {seed} differs. {lived.differs}; again: {again}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
