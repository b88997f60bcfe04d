"""What one coordinator costs with 10, 100 and 1,000 accounts of 25 stories a day, and where its ceiling is.

    make ceiling [ACCOUNTS="10 100 1000"]

Two simulated days, a run every quarter of an hour; the second is measured, as then the accounts have a day's
past. Whole runs: settings, scan, decisions, ledger, arranging, pace, doubts, deliveries. Servers answer at
once, 1 answer in 100 gets lost; files are empty, what is read from them and made of them is made up.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fakes.fleet import RUNS_A_DAY, STORIES_A_DAY, Fleet, fleet

import pipeline.run.course
import pipeline.run.mirroring

FAST = Path("/dev/shm")  # noqa: S108 - commits are counted, and their disk is timed by itself
FOR_PEOPLE = ("destinations", "every_destination", "_open", "withdraw_ended")
PHASES: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "look and take in": (pipeline.run.course, ("look", "take_in")),
    "arrange": (pipeline.run.course, ("arrange_all",)),
    "what is due for people": (pipeline.run.course, FOR_PEOPLE),
    "accounts": (pipeline.run.course, ("mirror_due",)),
    "of that: deliver": (pipeline.run.mirroring, ("deliver",)),
    "old renditions": (pipeline.run.course, ("forget_old_renditions",)),
    "sum of the run": (pipeline.run.course, ("_report",)),
}
DAY_S = 24 * 3600.0
QUARTER_S = 900.0
COMMITS_AT = 10
SYNCS = 200
NETWORK_S = {"photo": 2.5, "video": 12.0}
"""Some five requests of 0.3 s, one after the other, and an upload of 1 MB or of 10 MB at 10 Mbit/s."""


@dataclass(frozen=True, slots=True)
class Day:
    """One measured day of so many accounts; seconds are those of the processor, by what they went to."""

    accounts: int
    stories: int
    seconds: dict[str, float]
    idle_run_s: float
    longest_run_s: float
    ledger_bytes: float
    memory_mb: float
    commits: float

    @property
    def story_ms(self) -> float:
        return 1000 * self.seconds["all"] / self.stories


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Seconds of the processor that the parts of a run take."""
    spent = defaultdict[str, float](float)
    with pytest.MonkeyPatch.context() as patched:
        for phase, (place, names) in PHASES.items():
            for name in names:
                patched.setattr(place, name, _timed(getattr(place, name), phase, spent))
        yield spent


def _timed(step: Callable[..., Any], phase: str, spent: dict[str, float]) -> Callable[..., Any]:
    def within(*asked: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return step(*asked, **named)
        finally:
            spent[phase] += time.process_time() - before

    return within


def day_of(accounts: int) -> Day:
    """The second day; in a process of its own, for its memory."""
    folder = FAST if FAST.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="ceiling-", dir=folder) as name,
        fleet(Path(name), accounts) as it,
    ):
        settings = it.settings()
        it.drop(settings)
        for _ in range(RUNS_A_DAY):
            it.run(settings)
        before, bytes_before = it.live(), _ledger_bytes(it)
        it.drop(settings)
        gc.collect()
        it.meter.with_commits = accounts <= COMMITS_AT
        with timed() as spent:
            runs = [_run(it, spent) for _ in range(RUNS_A_DAY)]
        stories = it.live() - before
        spent["all"] = sum(runs)
        return Day(
            accounts,
            stories,
            dict(spent),
            idle_run_s=statistics.median(runs[-RUNS_A_DAY // 4 :]),
            longest_run_s=max(runs),
            ledger_bytes=(_ledger_bytes(it) - bytes_before) / stories,
            memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            commits=it.meter.commits / stories,
        )


def _run(it: Fleet, spent: dict[str, float]) -> float:
    before = time.process_time()
    settings = it.settings()
    spent["settings"] += time.process_time() - before
    it.run(settings)
    return time.process_time() - before


def _ledger_bytes(it: Fleet) -> int:
    return (it.root / "state" / "ledger.sqlite3").stat().st_size


def sync_s(folder: Path) -> float:
    """How long a small write takes until it's on the disk, as a commit waits for it; the median."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            before = time.perf_counter()
            os.pwrite(file.fileno(), bytes(8192), 0)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - before)
    return statistics.median(taken)


def on_paper(day: Day, commits: float, sync: float) -> Iterator[str]:
    """What each thing alone would let through, in stories a second and in a day."""
    story_s, idle_s = day.story_ms / 1000, day.idle_run_s / day.accounts
    bounds = {
        "asked for": day.stories / DAY_S,
        "its processor": 1 / story_s,
        f"commits ({commits:.1f} a story, {1000 * sync:.2f} ms each)": 1 / (commits * sync),
        **{f"one {kind} after the other ({s} s)": 1 / s for kind, s in NETWORK_S.items()},
    }
    for what, a_second in bounds.items():
        accounts = a_second * DAY_S / STORIES_A_DAY
        yield f"  {what:44} {a_second:8.2f} stories a second, {accounts:9,.0f} accounts"
    most = QUARTER_S / idle_s
    yield f"  a run with nothing due takes its 15 minutes with {most:,.0f} accounts"


def lines_of(day: Day) -> Iterator[str]:
    """One day in words."""
    yield (
        f"{day.accounts} accounts, {day.stories} stories: {day.story_ms:.2f} ms of processor a story, "
        f"{day.memory_mb:.0f} MB, {day.ledger_bytes / 1000:.2f} kB of ledger a story, runs of "
        f"{day.idle_run_s:.2f} s with nothing due to {day.longest_run_s:.2f} s"
    )
    for phase, seconds in day.seconds.items():
        yield f"  {phase:26} {1000 * seconds / day.stories:7.2f} ms a story"


def main(words: Sequence[str] | None = None) -> None:
    """Every size by itself, then the sums on paper for the largest."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("accounts", type=int, nargs="*", default=[10, 100, 1000])
    asked.add_argument("--disk", type=Path, default=Path())
    options = asked.parse_args(words)
    days = []
    for accounts in options.accounts:
        with get_context("spawn").Pool(1) as alone:
            days.append(alone.apply(day_of, (accounts,)))
        sys.stdout.write("\n".join(lines_of(days[-1])) + "\n")
        sys.stdout.flush()
    ratio = days[-1].story_ms / days[0].story_ms
    sys.stdout.write(
        f"a story with {days[-1].accounts} accounts costs {ratio:.2f} of one with {days[0].accounts}\n"
    )
    sys.stdout.write("\n".join(on_paper(days[-1], days[0].commits, sync_s(options.disk))) + "\n")


if __name__ == "__main__":
    main()
