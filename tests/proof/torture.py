"""Real runs killed again and again, at named steps and at any moment, as they offer and as they publish.

    make torture [KILLS=10000] [SEED=0]

Every seed is a life of its own: a folder of stories that ends on the outbox, or an account at a stand-in that
loses answers and lists late. After each death nothing may be half there; in the end every story is out once,
under its own number. Before that, programs that are wrong on purpose must be caught. A failure names its
seed; steps are the same every time, moments only as far as the machine is as fast as it was.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fakes.crashes import KILLED, Expected, Server, World, large_world, server, small_world
from fakes.disk import Disk
from fakes.publishing import Theatre, theatre
from fakes.simulation import Findings
from proof.simulate import somewhere

from pipeline.errors import LockedError
from pipeline.execute import cores
from pipeline.ledger import exclusive

LIVES_A_SHARD = 48
PUBLISHING_EACH = 24
"""One life in so many publishes; such a life sees more deaths than others."""
LARGE_SHARE = 0.1
MOST_DEATHS = 9
STEP_SHARE = 0.5
LATEST = 0.6
"""Of a whole run, as one that goes on has less to do."""
STEPS = 60
"""A run of the small folder has some 110; what is left to do after a death has fewer."""
TEETH = 400
"""Deaths within which a broken program must be caught."""
BROKEN = ("hasty", "forgetful", "settles first")
PATIENCE_S = 10.0
Problems = dict[int, str]
Lives = Callable[[range], tuple[Findings, Problems]]


@dataclass(slots=True)
class Chamber:
    """A warm program to be killed, and the folders it is killed in, with how long a whole run takes there."""

    root: Path
    warm: Server
    disk: Disk = field(default_factory=Disk)
    expected: dict[str, Expected] = field(default_factory=dict)
    whole_s: dict[str, float] = field(default_factory=dict)

    def world(self, kind: str) -> World:
        """A folder as it was before any run; the one before is gone."""
        template, here = self.root / kind, (self.disk.mounted or self.root) / "world"
        if kind not in self.expected:
            self.expected[kind] = (large_world if kind == "large" else small_world)(template)
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(template, here)
        self.disk.settle()
        return World(here, self.expected[kind])

    def whole(self, kind: str) -> float:
        """How long a run takes that nobody kills."""
        if kind not in self.whole_s:
            self.whole_s[kind] = statistics.median(self._seconds(kind) for _ in range(3))
        return self.whole_s[kind]

    def _seconds(self, kind: str) -> float:
        world, began_s = self.world(kind), time.monotonic()
        assert self.warm.run(world) == 0
        return time.monotonic() - began_s

    def life(self, seed: int, broken: str | None = None) -> tuple[Findings, str]:
        """Deaths, each looked at, and a run that makes good; with what was wrong, if anything was."""
        chance, findings = random.Random(seed), Findings()  # noqa: S311 - the same every time
        kind = "large" if chance.random() < LARGE_SHARE and not broken else "small"
        whole_s, world = self.whole(kind), self.world(kind)
        for _ in range(chance.randrange(2, MOST_DEATHS)):
            step = chance.randrange(1, STEPS) if chance.random() < STEP_SHARE else None
            moment_s = None if step else whole_s * chance.uniform(0, LATEST)
            ended = self.warm.run(world, kill_at=step, kill_after_s=moment_s, broken=broken)
            _count(findings, ended, "at a step" if step else "at a moment")
            if ended == KILLED:
                self.disk.cut()
                _wait_for_the_lock(world)
            if wrong := world.problems_now():
                return findings, "; ".join(wrong)
            if ended != KILLED:
                break
        ended = self.warm.run(world)
        wrong = world.problems_in_the_end() if ended == 0 else [f"the last run ended with {ended}"]
        wrong += [f"process {number} lives on" for number in world.orphans()]
        findings.counts["stories"] += len(world.expected)
        return findings, "; ".join(wrong)


def _wait_for_the_lock(world: World) -> None:
    """A child that the dead run had forked keeps the lock until it begins: on a busy machine some time."""
    until = time.monotonic() + PATIENCE_S
    while (world.root / "state").exists():
        try:
            with exclusive(world.root / "state"):
                return
        except LockedError:
            assert time.monotonic() < until, "the dead keep the lock"
            time.sleep(0.01)


def _count(findings: Findings, ended: int, how: str) -> None:
    findings.counts["runs"] += 1
    if ended == KILLED:
        findings.counts["kills"] += 1
        findings.counts[f"killed {how}"] += 1


@contextmanager
def chamber(disk: Disk | None = None) -> Iterator[Chamber]:
    """As long as the block lasts."""
    with somewhere() as folder, server() as warm:
        yield Chamber(folder, warm, disk or Disk())


def caught_after(broken: str) -> int | None:
    """The number of deaths after which a program that offers wrongly is caught; None if it never is."""
    deaths, seed = 0, 0
    with chamber() as room:
        while deaths < TEETH:
            found, wrong = room.life(seed, broken)
            deaths += found.counts["kills"]
            seed += 1
            if wrong:
                return deaths
    return None


def naive_caught_after() -> int | None:
    """The same for one that publishes again when in doubt."""
    deaths, seed = 0, 0
    with somewhere() as folder, theatre(folder) as stage:
        while deaths < TEETH:
            found = stage.live_through(seed, naive=True)
            deaths += found.counts["kills"]
            seed += 1
            if found.wrong:
                return deaths
    return None


def lived_through(seeds: range) -> tuple[Findings, Problems]:
    """All counts of some lives, and what went wrong in which."""
    findings, problems = Findings(), Problems()
    with ExitStack() as open_:
        room, stage = open_.enter_context(chamber()), None
        for seed in seeds:
            if seed % PUBLISHING_EACH == 0:
                stage = stage or open_.enter_context(theatre(open_.enter_context(somewhere())))
                found, wrong = _published(stage, seed)
            else:
                found, wrong = room.life(seed)
            findings.add(found)
            if wrong:
                problems[seed] = wrong
    return findings, problems


def _published(stage: Theatre, seed: int) -> tuple[Findings, str]:
    found = stage.live_through(seed)
    return found, ", ".join(f"{number} {name}" for name, number in found.wrong.items())


def endured(lived: Lives, deaths: int, first: int, lives: int) -> tuple[Findings, Problems]:
    """As many deaths as asked for, on every core, so many lives at once; one death is one life."""
    findings, problems, next_seed = Findings(), Problems(), first
    lives, workers = (1, 1) if deaths == 1 else (lives, cores())
    waiting: set[Future[tuple[Findings, Problems]]] = set()
    with ProcessPoolExecutor(workers) as pool:
        while waiting or findings.counts["kills"] < deaths:
            while len(waiting) < workers and findings.counts["kills"] < deaths:
                waiting.add(pool.submit(lived, range(next_seed, next_seed + lives)))
                next_seed += lives
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for one in done:
                found, odd = one.result()
                findings.add(found)
                problems |= odd
            sys.stderr.write(f"{findings.counts['kills']} of {deaths}, {len(problems)} wrong\n")
    findings.counts["lives"] = next_seed - first
    return findings, problems


def asked(usual: int) -> tuple[int, int]:
    """How many deaths the command line wants, and the first seed."""
    words = argparse.ArgumentParser()
    words.add_argument("--deaths", type=int, default=usual)
    words.add_argument("--seed", type=int, default=0)
    options = words.parse_args()
    return options.deaths, options.seed


def proved(lived: Lives, deaths: int, first: int, lives: int) -> int:
    """Lives until there were so many deaths, and a line about all and each that went wrong; 1 if any did."""
    began_s = time.monotonic()
    findings, problems = endured(lived, deaths, first, lives)
    counts, seconds = findings.counts, time.monotonic() - began_s
    for seed, wrong in sorted(problems.items()):
        sys.stdout.write(f"seed {seed}: {wrong}; again with this SEED and one death\n")
    sys.stdout.write(
        f"seeds {first} to {first + counts['lives'] - 1}: {counts['kills']} deaths "
        f"({counts['kills'] / seconds:.1f} a second; {counts['killed at a step']} at named steps, "
        f"{counts['killed at a moment']} at any moment, "
        f"{counts['killed while publishing']} while publishing), "
        f"{counts['runs']} runs, {counts['stories']} stories, {counts['doubts']} doubts, "
        f"{counts['asked']} questions to the person, {len(problems)} lives wrong\n"
    )
    return 1 if problems else 0


def has_teeth(checks: Iterable[tuple[str, Callable[[], int | None]]]) -> bool:
    """Whether each broken program is caught, after how many deaths."""
    for name, caught in checks:
        after = caught()
        told = "was NOT caught" if after is None else f"is caught after {after} deaths"
        sys.stdout.write(f"a program that is broken ({name}) {told}\n")
        sys.stdout.flush()
        if after is None:
            return False
    return True


def main() -> int:
    """Teeth first, then the deaths; 1 when anything was wrong."""
    deaths, first = asked(10_000)
    checks = [(name, partial(caught_after, name)) for name in BROKEN]
    if deaths > 1 and not has_teeth((*checks, ("publishes again when in doubt", naive_caught_after))):
        return 1
    return proved(lived_through, deaths, first, LIVES_A_SHARD)


if __name__ == "__main__":
    sys.exit(main())
