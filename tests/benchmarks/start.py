"""How long commands take that have next to nothing to do, beside the start of Python itself.

    python -m benchmarks.start [ROUNDS]

A small inbox is taken in and answered; then each command runs in turn with `python -c "import sqlite3"`: a
quiet run as cron begins it, `status`, `confirm` of what is skipped already, a run that tells what it did.
Prints the medians as ratios to that start.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.noop import MAIN, make_inbox, take_in

CONFIG = """\
inbox: inbox
destinations: {whatsapp: {platform: whatsapp_status}}
limits: {surge: null, settle_seconds: 0}
"""
FILES = 100
REST_S = 0.1
BARE = "import sqlite3"


def commands(config: Path) -> dict[str, list[str]]:
    """What is timed, the reference first."""
    words = {"run -q": ["run", "-q"], "status": ["status"], "confirm": ["confirm", "1"], "run": ["run"]}
    called = {name: [sys.executable, "-c", MAIN, *given, "-c", str(config)] for name, given in words.items()}
    return {"python": [sys.executable, "-c", BARE], **called}


def seconds(command: Sequence[str]) -> float:
    """How long it takes; what it says is thrown away."""
    before = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - before


def come_to_rest(command: Sequence[str]) -> None:
    """Quiet runs until one has nothing to do but to look."""
    for _ in range(2):
        time.sleep(REST_S)
        seconds(command)


def measured(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Every command's times, taken in turn."""
    make_inbox(folder / "inbox", FILES)
    config = folder / "storyrelay.yaml"
    config.write_text(CONFIG)
    take_in(config)
    timed = commands(config)
    times: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        come_to_rest(timed["run -q"])
        for name, command in timed.items():
            times[name].append(seconds(command))
    return times


def main(rounds: int = 15) -> None:
    """Print the ratios."""
    with TemporaryDirectory() as name:
        times = measured(Path(name), rounds)
    medians = {command: statistics.median(taken) for command, taken in times.items()}
    ratios = {command: round(taken / medians["python"], 2) for command, taken in medians.items()}
    sys.stdout.write(json.dumps({"start": ratios}) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
