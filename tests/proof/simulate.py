"""Publishing proved in simulated worlds: lost answers, late lists, wrong clocks, deaths between two commits.

    make simulate [WORLDS=2000] [SEED=0]

The real ledger and the real sender, a simulated clock and server. Every world has a seed; one in which a
story went out twice, got lost or got another's number is named with the line that plays it again. Before
that, three programs that are wrong on purpose must be caught, or the worlds would prove nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.remote import Forgets, RemoteMirror, TrustsTheLocalClock
from fakes.simulation import Breaks, Findings, repeats_blindly, simulate, workplace

from pipeline.deliver import Steps
from pipeline.execute import cores

TEETH = 200
"""Worlds in which a broken program must be caught."""

SHARD = 250
AGAIN = "make simulate SEED={seed} WORLDS=1"
FAST = Path("/dev/shm")  # noqa: S108 - a disk in memory, as nothing here is about disks
Breaking = Callable[[pytest.MonkeyPatch], None]


def never_mind(patched: pytest.MonkeyPatch) -> None:
    """Nothing is changed in the program; the mirror it is given is broken enough."""


def does_not_look_again(patched: pytest.MonkeyPatch) -> None:
    """A repeated attempt doesn't mind what has shown up since the first."""
    patched.setattr(
        Steps, "publishing", lambda steps, detail: steps.ledger.record(steps.delivery, "publishing", detail)
    )


BROKEN: dict[str, tuple[Breaking, Breaks]] = {
    "repeats blindly": (repeats_blindly, RemoteMirror),
    "forgets to say that it becomes serious": (never_mind, Forgets),
    "trusts the local clock": (does_not_look_again, TrustsTheLocalClock),
}


@contextmanager
def somewhere() -> Iterator[Path]:
    """A folder for ledgers, in memory where there is such a disk."""
    with tempfile.TemporaryDirectory(
        prefix="storyrelay-worlds-", dir=FAST if FAST.is_dir() else None
    ) as name:
        yield Path(name)


def caught_after(name: str) -> int | None:
    """The number of worlds after which a broken program is caught; None if it never is."""
    breaking, mirror = BROKEN[name]
    with somewhere() as folder, pytest.MonkeyPatch.context() as patched:
        breaking(patched)
        place = workplace(folder)
        return next(
            (seed + 1 for seed in range(TEETH) if simulate(place, range(seed, seed + 1), mirror).wrong), None
        )


def lived_through(first: int, count: int) -> tuple[Findings, dict[int, dict[str, int]]]:
    """All counts of some worlds, and what went wrong in which."""
    findings, wrong = Findings(), {}
    with somewhere() as folder:
        place = workplace(folder)
        for seed in range(first, first + count):
            found = simulate(place, range(seed, seed + 1))
            findings.add(found)
            if found.wrong:
                wrong[seed] = found.wrong
    return findings, wrong


def all_worlds(first: int, count: int) -> tuple[Findings, dict[int, dict[str, int]]]:
    """The same on every core."""
    findings, wrong = Findings(), dict[int, dict[str, int]]()
    shards = [(start, min(SHARD, first + count - start)) for start in range(first, first + count, SHARD)]
    with ProcessPoolExecutor(cores()) as pool:
        waiting = [pool.submit(lived_through, *shard) for shard in shards]
        for number, done in enumerate(as_completed(waiting), 1):
            found, odd = done.result()
            findings.add(found)
            wrong |= odd
            if os.isatty(2):
                sys.stderr.write(f"\r{number} of {len(shards)}, {findings.counts['kills']} crashes ")
    return findings, wrong


def main() -> int:
    """Teeth first, then the worlds; 1 when anything was wrong."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--worlds", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    for name in BROKEN if options.worlds > 1 else ():
        after = caught_after(name)
        if after is None:
            sys.stdout.write(f"a program that {name} was NOT caught in {TEETH} worlds\n")
            return 1
        sys.stdout.write(f"a program that {name} is caught after {after} world(s)\n")
    began_s = time.monotonic()
    findings, wrong = all_worlds(options.seed, options.worlds)
    counts, seconds = findings.counts, time.monotonic() - began_s
    for seed, what in sorted(wrong.items()):
        told = ", ".join(f"{number} {name}" for name, number in what.items())
        sys.stdout.write(f"seed {seed}: {told}; again: {AGAIN.format(seed=seed)}\n")
    last = options.seed + options.worlds - 1
    sys.stdout.write(
        f"seeds {options.seed} to {last}: {counts['stories']} stories, {counts['kills']} crashes "
        f"({counts['kills'] / seconds:.0f} a second), {counts['doubts']} doubts, {counts['looks']} looks, "
        f"{counts['repeats']} repeats, {counts['asked']} questions to the person, {len(wrong)} worlds wrong\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
