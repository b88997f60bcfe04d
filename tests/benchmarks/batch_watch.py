"""A command watched to its end: what it took, how full the cores were, when its first story was out."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOOK_EVERY_S = 0.1
WEIGH_EVERY = 5
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
TICKS_A_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watched:
    """Seconds, and peaks of memory in MB: of the command's own process, and of all that it started with it.

    `idle_share` is that of all cores, whoever else is at work, from the start to `last_s`.
    """

    wall_s: float
    cpu_s: float
    first_s: float
    last_s: float
    idle_share: float
    own_mb: float
    tree_mb: float


@dataclass(slots=True)
class _Seen:
    began_s: float
    idle_before_s: float
    count: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    idle_s: float = 0.0
    own_mb: float = 0.0
    tree_mb: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)


def watched(command: Sequence[str], results: Path, cores: set[int], given: str = "") -> Watched:
    """Run a command on these cores, with `given` as its stdin; `results` is where its stories appear."""
    seen = _Seen(time.perf_counter(), _idle_s(cores))
    process = subprocess.Popen(
        ["taskset", "-c", ",".join(map(str, sorted(cores))), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    looking = threading.Thread(target=_look, args=(seen, process.pid, results, cores))
    looking.start()
    assert process.stdin is not None
    process.stdin.write(given)
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - seen.began_s
    process.returncode = os.waitstatus_to_exitcode(status)
    seen.over.set()
    looking.join()
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Watched(
        wall_s=wall_s,
        cpu_s=used.ru_utime + used.ru_stime,
        first_s=seen.first_s,
        last_s=seen.last_s,
        idle_share=seen.idle_s / len(cores) / max(seen.last_s, LOOK_EVERY_S),
        own_mb=seen.own_mb,
        tree_mb=seen.tree_mb,
    )


def _look(seen: _Seen, pid: int, results: Path, cores: set[int]) -> None:
    turn = 0
    while not seen.over.wait(LOOK_EVERY_S):
        turn += 1
        count = sum(1 for path in results.iterdir() if _is_story(path.name)) if results.is_dir() else 0
        if count > seen.count:
            seen.last_s = time.perf_counter() - seen.began_s
            seen.first_s = seen.first_s or seen.last_s
            seen.count, seen.idle_s = count, _idle_s(cores) - seen.idle_before_s
        if turn % WEIGH_EVERY == 0:
            sizes = _sizes_mb(pid)
            seen.own_mb = max(seen.own_mb, sizes.get(pid, 0.0))
            seen.tree_mb = max(seen.tree_mb, sum(sizes.values()))


def _is_story(name: str) -> bool:
    return name.endswith((".jpg", ".mp4")) and not name.startswith(".")


def _idle_s(cores: set[int]) -> float:
    """How long these cores have had nothing to do since the machine was started."""
    wanted = {f"cpu{core}" for core in cores}
    lines = (line.split() for line in Path("/proc/stat").read_text().splitlines())
    return sum(int(words[4]) + int(words[5]) for words in lines if words and words[0] in wanted) / TICKS_A_S


def _sizes_mb(top: int) -> dict[int, float]:
    """What a process and all below it have in memory."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "stat").read_bytes()
            except OSError:  # it has just ended
                continue
            parents[int(entry.name)] = int(told.rpartition(b")")[2].split()[1])
    ours = {top}
    for pid in sorted(parents):  # a child's number is larger, but for a turn of the counter
        if parents[pid] in ours:
            ours.add(pid)
    return {pid: _size_mb(pid) for pid in ours}


def _size_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
    except (OSError, IndexError):
        return 0.0
