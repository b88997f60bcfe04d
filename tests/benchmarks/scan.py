"""What a run costs that has nothing to do, and one with ten new photos, as what is known grows 10×.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.scan [FILES] [ROUNDS] [PLOT.png]

For each size in turn: an inbox of small files in folders of 500, committed to a git repository, and a ledger
that knows each as a story that went out and was confirmed. Then, in turn and again: the scan of a run,
`find` with everything it can print of a stat, `git status`, and a run of its own process for its memory.
Everything printed is a ratio, but for bytes.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stock import TWO, fill, make_inbox, place
from fakes.shop import picture
from PIL import Image, ImageDraw

from pipeline.config import Settings
from pipeline.ledger import open_ledger
from pipeline.load.glance import Mark
from pipeline.load.scan import Known, scan
from pipeline.run import Request, run

NEW = 10
COMMAND = Path(sys.executable).parent / "storyrelay"
TELLING = """import atexit
from pipeline.cli import main
def tell():
    print(*(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
atexit.register(tell)
main()
"""
GIT = ("git", "-c", "gc.auto=0", "-c", "user.name=bench", "-c", "user.email=bench@localhost")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one size costs; seconds are medians and only good for ratios."""

    files: int
    took_s: dict[str, float]
    memory_mb: float
    ledger_bytes: int
    ten_new_s: float


def main(files: int = 100_000, rounds: int = 9, plot: str = "") -> None:
    sizes = [size for size in (1_000, 10_000, 100_000) if size <= files] or [files]
    with TemporaryDirectory() as name:
        costs = [measured(Path(name) / str(size), size, rounds) for size in sizes]
        two = place(Path(name) / "two", Path(name) / str(sizes[0]) / "inbox", TWO)
        fill(two, Path(name) / "two")
        bytes_of_two = round(ledger_bytes(two) / sizes[0])
    for cost in costs:
        sys.stdout.write(json.dumps(told(cost, costs[0])) + "\n")
    sys.stdout.write(json.dumps({"ledger_bytes_an_asset_with_two_destinations": bytes_of_two}) + "\n")
    if plot:
        draw(costs, Path(plot))


def told(cost: Cost, first: Cost) -> dict[str, float]:
    """The ratios that are promised, and how they grow."""
    return {
        "files": cost.files,
        "scan_to_find": round(cost.took_s["scan"] / cost.took_s["find"], 2),
        "scan_to_git_status": round(cost.took_s["scan"] / cost.took_s["git"], 2),
        "run_to_one_of_an_empty_inbox": round(cost.took_s["run"] / cost.took_s["bare"], 2),
        "memory_mb": round(cost.memory_mb, 1),
        "ledger_bytes_an_asset": round(cost.ledger_bytes / cost.files),
        "ten_new_to_those_of_the_smallest": round(cost.ten_new_s / first.ten_new_s, 2),
    }


def measured(folder: Path, files: int, rounds: int) -> Cost:
    """All of one size."""
    inbox = folder / "inbox"
    make_inbox(inbox, files)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all")):
        subprocess.run([*GIT, "-C", inbox, *words], check=True)
    settings = place(folder, inbox)
    fill(settings, folder)
    bare = place(folder / "bare", folder / "bare" / "inbox")
    bare.inbox.mkdir()
    for known in (settings, bare):
        noop(known)
    size = ledger_bytes(settings)
    told_of = r"%s %T@ %C@ %i %p\n"
    find = ["find", str(inbox), "-name", ".git", "-prune", "-o", "-type", "f", "-printf", told_of]
    git = ["git", "-C", str(inbox), "status", "-s"]
    ways: dict[str, Callable[[], object]] = {
        "scan": lambda: scanned(settings),
        "find": lambda: subprocess.run(find, stdout=subprocess.DEVNULL, check=True),
        "git": lambda: subprocess.run(git, stdout=subprocess.DEVNULL, check=True),
        "run": lambda: noop(settings),
        "bare": lambda: noop(bare),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, act in ways.items():
            times[way].append(seconds(act))
    took = {way: statistics.median(times[way]) for way in ways}
    new = statistics.median(ten_new(settings, number) for number in range(3))
    return Cost(files, took, memory_mb(settings), size, new)


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def scanned(settings: Settings) -> None:
    """The scan of a run: what is known of the ledger, and a look at everything."""
    with open_ledger(settings.state) as ledger:
        folders = {path: Mark(*mark) for path, mark in ledger.known_folders().items()}
        found = scan([settings.inbox], Known(ledger.known_files, folders), (settings.outbox, settings.state))
    if found.changed:
        sys.exit(f"{len(found.changed)} files are new: the ledger doesn't know the inbox")


def noop(settings: Settings) -> None:
    """A run in a process of its own."""
    config = settings.state.parent / "storyrelay.yaml"
    subprocess.run([COMMAND, "run", "-q", "-c", config], stdout=subprocess.DEVNULL, check=True)


def memory_mb(settings: Settings) -> float:
    """The most that such a run had in memory; what its parent had counts in no other way of asking."""
    config = settings.state.parent / "storyrelay.yaml"
    command = [sys.executable, "-c", TELLING, "run", "-q", "-c", str(config)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(said.split()[-2]) / 1000


def ten_new(settings: Settings, number: int) -> float:
    """How much longer a run takes that takes in ten photos than a scan does."""
    folder = settings.inbox / f"new-{number}"
    for one in range(NEW):
        picture(folder / f"{one}.jpg", NEW * number + one, (90, 160))
    taken = seconds(lambda: run(settings, Request(), lambda _: None))
    run(settings, Request(), lambda _: None)
    return taken - seconds(lambda: scanned(settings))


def ledger_bytes(settings: Settings) -> int:
    """How large the ledger is, with the room between its rows."""
    return (settings.state / "ledger.sqlite3").stat().st_size


def draw(costs: list[Cost], target: Path) -> None:
    """Three lines that would be level if nothing grew but the scan, each against its smallest size."""
    lines = {
        "scan": [cost.took_s["scan"] for cost in costs],
        "ten new photos": [cost.ten_new_s for cost in costs],
        "memory": [cost.memory_mb for cost in costs],
        "ledger per asset": [cost.ledger_bytes / cost.files for cost in costs],
    }
    picture_of = Image.new("RGB", (640, 360), "white")
    pen = ImageDraw.Draw(picture_of)
    most = max(max(values) / values[0] for values in lines.values())
    for row, (label, values) in enumerate(lines.items()):
        colour = ("#c0392b", "#2980b9", "#27ae60", "#8e44ad")[row]
        points = [
            (60 + 520 * at // max(1, len(values) - 1), 320 - int(270 * value / values[0] / most))
            for at, value in enumerate(values)
        ]
        pen.line(points, fill=colour, width=3)
        pen.text((70, 15 + 14 * row), f"{label}: {values[-1] / values[0]:.1f} x", fill=colour)
    for at, cost in enumerate(costs):
        pen.text((45 + 520 * at // max(1, len(costs) - 1), 335), f"{cost.files:,}", fill="black")
    picture_of.save(target)


if __name__ == "__main__":
    given = [*sys.argv[1:], *("100000", "9", "")[len(sys.argv) - 1 :]]
    main(int(given[0]), int(given[1]), given[2])
