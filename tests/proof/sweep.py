"""A run killed, and its disk broken or full, at every system call that may change anything.

    make sweep [EVERY=1] [POINT=rename:3:EIO]

Three assets, photos and a clip, handed over at two destinations by the real command, under strace: at the
k-th call of a name it is killed (KILL), or that call fails (EIO, ENOSPC), for every name and k. At once
nothing may be half there, and the next run must offer everything that isn't offered yet, without a word of a
person: a disk that has failed once costs no story. Before that, programs that are wrong on purpose must be
caught.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.crashes import KILLED, Expected, Server, World, server, three_assets
from proof.simulate import somewhere

from pipeline.execute import cores

MODES = {"KILL": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
ALLOWED = (KILLED, 0, 2, 3, 6)
"""How a run may end whose disk breaks: done, its config unread, some files failed, or for its environment."""
LATER_HOURS = 2
"""After which what is to be tried again is due."""
SHARD = 60
BROKEN = ("hasty", "forgetful", "settles first")
TEETH_STEP = 2


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """The so-manieth of the calls of a name, and what happens there."""

    call: str
    number: int
    mode: str

    def __str__(self) -> str:
        return f"{self.call}:{self.number}:{self.mode}"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where one worker sweeps."""

    root: Path
    victims: Server
    expected: Expected

    def world(self) -> World:
        here = self.root / "world"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.root / "template", here)
        return World(here, self.expected)

    def run(self, world: World, **how: object) -> int:
        """How a run ended; `how` names strace's answer, what it injects, how the program is wrong."""
        usual: dict[str, object] = {"strace": None, "inject": None, "broken": None, "kill_after_s": None}
        usual |= {"words": ["run", "-q"], "ahead_hours": 0}
        return self.victims.ask({"world": str(world.root), **usual, **how})

    @property
    def told(self) -> Path:
        """What strace saw."""
        return self.root / "strace.txt"

    def hit(self, point: Point, broken: str | None = None) -> list[str]:
        """What is wrong after that call of a run was hit."""
        world, inject = self.world(), f"{point.call}:{MODES[point.mode]}:when={point.number}"
        ended = self.run(world, strace=str(self.told), inject=inject, broken=broken)
        wrong = [] if ended in ALLOWED else [f"the run ended with {ended}"]
        if ended != KILLED and "(INJECTED)" not in self.told.read_text(errors="replace"):
            wrong.append("there was no such call")
        wrong += world.problems_now()
        last = self.run(world, ahead_hours=LATER_HOURS)
        wrong += [] if last == 0 else [f"the last run ended with {last}"]
        return wrong + world.problems_in_the_end()


@contextmanager
def bench() -> Iterator[Bench]:
    """As long as the block lasts."""
    with somewhere() as folder, server("fakes.sweep_victim") as victims:
        yield Bench(folder, victims, three_assets(folder / "template"))


def counted() -> Counter[str]:
    """How many calls of each name a run makes that nothing happens to."""
    with bench() as place:
        assert place.run(place.world(), strace=str(place.told)) == 0
        return Counter(re.findall(r"^([a-z0-9]+)\(", place.told.read_text(errors="replace"), re.MULTILINE))


def why_not() -> str | None:
    """Why nothing can be traced here, if nothing can. Raises FileNotFoundError without strace."""
    words = ["strace", "-qq", "-o", os.devnull, sys.executable, "-c", ""]
    tried = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"no process may be traced here: {tried.stderr.strip()}" if tried.returncode else None


def caught_at(broken: str, points: Sequence[Point]) -> Point | None:
    """Where a broken program is caught; None if nowhere."""
    with bench() as place:
        return next((point for point in points if place.hit(point, broken)), None)


def swept(points: Sequence[Point]) -> dict[Point, str]:
    """What went wrong at which of some points."""
    with bench() as place:
        found = {point: "; ".join(place.hit(point)) for point in points}
    return {point: wrong for point, wrong in found.items() if wrong}


def main() -> int:
    """Teeth first, then every call; 1 when anything was wrong, 0 where nothing may be traced."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--every", type=int, default=1, help="only each so-many-th point")
    asked.add_argument("--point", help="only this one, such as rename:3:EIO")
    options = asked.parse_args()
    if reason := why_not():
        _say(f"skipped: {reason}")
        return 0
    if options.point:
        call, number, mode = options.point.split(":")
        return _told([Point(call, int(number), mode)])
    calls = counted()
    _say(
        f"a run makes {calls.total()} calls: {', '.join(f'{count} {name}' for name, count in calls.items())}"
    )
    points = [
        Point(name, number, mode)
        for name, count in calls.items()
        for number in range(1, count + 1)
        for mode in MODES
    ]
    return _told(points[:: options.every]) if _has_teeth(points) else 1


def _has_teeth(points: Sequence[Point]) -> bool:
    kills = [point for point in points if point.mode == "KILL" and point.call == "openat"]
    for name in BROKEN:
        point = caught_at(name, kills[::-TEETH_STEP])
        _say(f"a program that is broken ({name}) {f'is caught at {point}' if point else 'was NOT caught'}")
        if not point:
            return False
    return True


def _told(points: Sequence[Point]) -> int:
    began_s, wrong = time.monotonic(), dict[Point, str]()
    shards = [points[start : start + SHARD] for start in range(0, len(points), SHARD)]
    with ProcessPoolExecutor(cores()) as pool:
        for number, done in enumerate(as_completed([pool.submit(swept, shard) for shard in shards]), 1):
            wrong |= done.result()
            if os.isatty(2):
                sys.stderr.write(f"\r{number} of {len(shards)} ")
    for point, what in sorted(wrong.items()):
        _say(f"{point}: {what}; again: make sweep POINT={point}")
    _say(f"{len(points)} points in {time.monotonic() - began_s:.0f} s, {len(wrong)} wrong")
    return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
