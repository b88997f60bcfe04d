"""How long commands take that have next to nothing to do, beside the start of Python itself.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.start [FILES] [ROUNDS]

Over an inbox whose files have all gone out, in turn and again: a quiet run as cron begins it, `status`,
`confirm` of what is confirmed, a run that tells what it did; `python -c "import sqlite3"`, `find` with
everything it can print of a stat, and `git status` of the same tree, committed. Prints medians as ratios:
every command to the start, the quiet run, less the start, to `find`, and whole to `git status`; its memory.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stock import fill, make_inbox, place

MAIN = "import sys; from pipeline.cli import main; main()"
TELLING = """\
from pipeline.cli import main
try: main()
finally: print(*(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
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


def seconds(command: list[str]) -> float:
    """How long a command takes; what it says is thrown away."""
    before = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - before


def most_kb(command: list[str]) -> int:
    """The most memory that one of our commands takes."""
    done = subprocess.run([*command[:2], TELLING, *command[3:]], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[1])


def committed(inbox: Path) -> None:
    """Make a repository of it."""
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        subprocess.run([*GIT, *words], cwd=inbox, check=True)


def measured(folder: Path, files: int, rounds: int) -> tuple[dict[str, float], int]:
    """The median of each command's times, taken in turn, and the most memory of a quiet run."""
    make_inbox(folder / "inbox", files)
    committed(folder / "inbox")
    fill(place(folder, folder / "inbox"), folder)
    asked = commands(folder)
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        come_to_rest(asked["run -q"])
        for name, command in asked.items():
            times[name].append(seconds(command))
    come_to_rest(asked["run -q"])
    return {name: statistics.median(taken) for name, taken in times.items()}, most_kb(asked["run -q"])


def come_to_rest(command: list[str]) -> None:
    """Quiet runs until one has nothing to do but to look."""
    for _ in range(2):
        time.sleep(REST_S)
        seconds(command)


def main(files: int = 100, rounds: int = 11) -> None:
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
