"""Contenders take turns, each in a process of its own; what they took is told as medians."""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

LONGEST_S = 400


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds and processor seconds of the work alone, without starting Python; peaks of memory in MB."""

    wall_s: float
    cpu_s: float
    own_mb: float
    child_mb: float


def race(contenders: Iterable[str], folder: Path, rounds: int) -> dict[str, Took]:
    """Medians over so many rounds in each of which every contender has one turn; peaks are maxima."""
    taken: dict[str, list[Took]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, times in taken.items():
            times.append(_turn(name, folder))
    return {name: _middle(times) for name, times in taken.items()}


def ratios(taken: Mapping[str, Took], above: str, below: str) -> tuple[float, float]:
    """Wall and processor time of one contender as multiples of another's."""
    one, other = taken[above], taken[below]
    return one.wall_s / other.wall_s, one.cpu_s / max(other.cpu_s, 1e-4)


def _turn(name: str, folder: Path) -> Took:
    command = [sys.executable, "-m", "benchmarks.media_race", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return Took(**json.loads(done.stdout.splitlines()[-1]))


def _middle(times: list[Took]) -> Took:
    return Took(
        statistics.median(took.wall_s for took in times),
        statistics.median(took.cpu_s for took in times),
        max(took.own_mb for took in times),
        max(took.child_mb for took in times),
    )


def _cpu_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _own_peak_mb() -> float:
    """Of this program alone: what rusage counts begins with the peak of whoever started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmHWM"))


def main(name: str, folder: str) -> None:
    """One turn: prepare, then measure the work."""
    module, _, contender = name.rpartition(".")
    work = getattr(importlib.import_module(f"benchmarks.{module}"), contender)(Path(folder))
    cpu_before_s, before_s = _cpu_s(), time.perf_counter()
    work()
    took = Took(
        wall_s=time.perf_counter() - before_s,
        cpu_s=_cpu_s() - cpu_before_s,
        own_mb=_own_peak_mb(),
        child_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000,
    )
    sys.stdout.write("\n" + json.dumps(asdict(took)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
