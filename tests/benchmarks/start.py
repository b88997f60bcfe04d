"""How long commands take that have next to nothing to do, beside the start of Python itself.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.start [FILES] [ROUNDS]

Over an inbox whose files have all gone out, in turn and again: a quiet run as cron begins it, `status`,
`confirm` of what is confirmed, a run that tells what it did; `python -c "import sqlite3"`, `find` with
everything it can print of a stat, and `git status` of the same tree, committed. Prints medians as ratios:
every command to the start, the quiet run, less the start, to `find`, and whole to `git status`; its memory.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stock import fill, make_inbox, place

MAIN = "import sys; from pipeline.cli import main; main()"
REST_S = 0.1
GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "gc.auto=0")
KILO = 1000
FIELDS = r"%s %T@ %C@ %i %p\n"


def commands(folder: Path) -> dict[str, list[str]]:
    """What is timed."""
    config, inbox = str(folder / "storyrelay.yaml"), str(folder / "inbox")
    words = {"run -q": ["run", "-q"], "status": ["status"], "confirm": ["confirm", "1"], "run": ["run"]}
    ours = {name: [sys.executable, "-c", MAIN, *given, "-c", config] for name, given in words.items()}
    return {
        "python": [sys.executable, "-c", "import sqlite3"],
        "find": ["find", inbox, "-type", "f", "-printf", FIELDS],
        "git status": ["git", "-C", inbox, "status"],
        **ours,
    }


def timed(command: list[str]) -> tuple[float, int]:
    """Seconds and the most memory (kB) of a command; what it says is thrown away."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)]
    before = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, _, usage = os.wait4(child, 0)
    os.close(nowhere)
    return time.perf_counter() - before, usage.ru_maxrss


def committed(inbox: Path) -> None:
    """Make a repository of it."""
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        subprocess.run([*GIT, *words], cwd=inbox, check=True)


def measured(folder: Path, files: int, rounds: int) -> tuple[dict[str, float], float]:
    """The medians of each command's times, taken in turn, and of the memory of a quiet run."""
    make_inbox(folder / "inbox", files)
    committed(folder / "inbox")
    fill(place(folder, folder / "inbox"), folder)
    asked = commands(folder)
    times: dict[str, list[float]] = {name: [] for name in asked}
    memory_kb: list[int] = []
    for _ in range(rounds):
        for _ in range(2):
            time.sleep(REST_S)
            timed(asked["run -q"])
        for name, command in asked.items():
            seconds, kb = timed(command)
            times[name].append(seconds)
            memory_kb += [kb] if name == "run -q" else []
    return {name: statistics.median(taken) for name, taken in times.items()}, statistics.median(memory_kb)


def main(files: int = 1000, rounds: int = 11) -> None:
    """Print the ratios."""
    with TemporaryDirectory() as name:
        medians, memory_kb = measured(Path(name), files, rounds)
    start = medians["python"]
    look = medians["run -q"] - start
    told = {
        "files": files,
        "to python's start": {name: round(taken / start, 2) for name, taken in medians.items()},
        "quiet run, less the start, to find": round(look / medians["find"], 2),
        "quiet run to git status": round(medians["run -q"] / medians["git status"], 2),
        "quiet run, MB": round(memory_kb / KILO, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
