"""A batch of mixed assets on one machine, beside GNU parallel with bare ffmpeg and vips on the same cores.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.batch [ASSETS] [ROUNDS]

Photos, screenshots and clips are drawn, none a copy of another. Then, in turn and again: a whole
`storyrelay run` over them from an empty state (scan, plan, encode, verify, ledger, an outbox for people), and
parallel with a line of shell for each that makes the same stories, ffmpeg by the very arguments of our plan.
Every film has to come out the same to the byte. After that the same on one core, and the cost of a small
photo as there are ten times as many. Prints ratios of medians, and memory.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.batch_rival import command, lines, missing_tools
from benchmarks.batch_stock import mixed, small_photos
from benchmarks.batch_watch import Watched, watched
from benchmarks.stock import ONE, place

from pipeline.execute import cores
from pipeline.tools.files import sha256_of

COMMAND = Path(sys.executable).parent / "storyrelay"
GROWTH = (100, 1000)
ALONE_SHARE = 3
"""Of the assets, a third is enough to compare one core with two."""


def ours(folder: Path, inbox: Path, on: set[int]) -> Watched:
    """A whole run that knows nothing yet."""
    shutil.rmtree(folder, ignore_errors=True)
    place(folder, inbox, ONE)
    run = [str(COMMAND), "run", "-q", "-j", str(len(on)), "-c", str(folder / "storyrelay.yaml")]
    return watched(run, folder / "outbox" / "whatsapp", on)


def rival(folder: Path, inbox: Path, on: set[int]) -> Watched:
    """The same stories by others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    given = "\n".join(lines(inbox, folder, len(on))) + "\n"
    return watched(command(len(on)), folder, on, given)


def compared(folder: Path, assets: int, rounds: int) -> dict[str, object]:
    """Both, in turn and again, on every core."""
    inbox, on = folder / "inbox", cores_of_this_machine()
    mixed(inbox, assets)
    ways: dict[str, Callable[[], Watched]] = {
        "ours": lambda: ours(folder / "ours", inbox, on),
        "rival": lambda: rival(folder / "rival", inbox, on),
    }
    taken = in_turn(ways, rounds)
    alike = films(folder / "ours" / "outbox" / "whatsapp"), films(folder / "rival")
    if alike[0] != alike[1]:
        sys.exit("the films aren't the same: the work isn't either")
    mine, others = taken["ours"], taken["rival"]
    return {
        "assets": assets,
        "wall, to parallel with bare tools": ratio(mine, others, lambda took: took.wall_s),
        "processor, to the same": ratio(mine, others, lambda took: took.cpu_s),
        "each round": [round(a.wall_s / b.wall_s, 2) for a, b in zip(mine, others, strict=True)],
        "cores busy until the last": middle(mine, lambda took: 1 - took.idle_share),
        "cores busy with it": middle(mine, lambda took: took.cpu_s / took.wall_s / len(on)),
        "theirs": middle(others, lambda took: took.cpu_s / took.wall_s / len(on)),
        "first story out after, of the whole": middle(mine, lambda took: took.first_s / took.wall_s),
        "own memory, MB": round(max(took.own_mb for took in mine)),
        "with children, MB": round(max(took.tree_mb for took in mine)),
        "theirs, MB": round(max(took.tree_mb for took in others)),
    }


def scaling(folder: Path, assets: int, rounds: int) -> dict[str, object]:
    """One core against all, and how the bare tools fare there: what the machine itself allows."""
    inbox, on = folder / "inbox", cores_of_this_machine()
    mixed(inbox, assets)
    one = {min(on)}
    ways: dict[str, Callable[[], Watched]] = {
        "one": lambda: ours(folder / "ours", inbox, one),
        "all": lambda: ours(folder / "ours", inbox, on),
        "rival on one": lambda: rival(folder / "rival", inbox, one),
        "rival on all": lambda: rival(folder / "rival", inbox, on),
    }
    taken = in_turn(ways, rounds)
    return {
        "cores": len(on),
        "one core to all": ratio(taken["one"], taken["all"], lambda took: took.wall_s),
        "theirs": ratio(taken["rival on one"], taken["rival on all"], lambda took: took.wall_s),
    }


def growing(folder: Path, rounds: int) -> dict[str, object]:
    """What an asset costs among ten times as many."""
    few, many = GROWTH
    on = cores_of_this_machine()
    for size in GROWTH:
        small_photos(folder / str(size) / "inbox", size)
    ways = {
        str(size): partial(ours, folder / f"ours-{size}", folder / str(size) / "inbox", on) for size in GROWTH
    }
    taken = in_turn(ways, rounds)
    small, large = taken[str(few)], taken[str(many)]
    ledger = (folder / f"ours-{many}" / "state" / "ledger.sqlite3").stat().st_size
    grown = many / few
    return {
        "small photos": list(GROWTH),
        "wall of each": round(ratio(large, small, lambda took: took.wall_s) / grown, 2),
        "processor of each": round(ratio(large, small, lambda took: took.cpu_s) / grown, 2),
        "memory of all": ratio(large, small, lambda took: took.own_mb),
        "ledger bytes of each": round(ledger / many),
    }


def in_turn(ways: Mapping[str, Callable[[], Watched]], rounds: int) -> dict[str, list[Watched]]:
    """So many rounds in each of which every way has its turn."""
    taken: dict[str, list[Watched]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(way())
    return taken


def ratio(above: Sequence[Watched], below: Sequence[Watched], of: Callable[[Watched], float]) -> float:
    """Of the medians."""
    return round(statistics.median(map(of, above)) / statistics.median(map(of, below)), 2)


def middle(taken: Sequence[Watched], of: Callable[[Watched], float]) -> float:
    """The median."""
    return round(statistics.median(map(of, taken)), 3)


def films(folder: Path) -> list[str]:
    """What films are there, by their bytes; photos are coded by others than ours."""
    if len({path.stem for path in folder.glob("*.jpg")}) == 0:
        sys.exit(f"there are no photos in {folder}")
    return sorted(sha256_of(path) for path in folder.glob("*.mp4"))


def cores_of_this_machine() -> set[int]:
    """Those that this process may use."""
    return set(os.sched_getaffinity(0))


def main(assets: int = 60, rounds: int = 3) -> None:
    """Print the ratios."""
    missing = missing_tools()
    if missing:
        sys.exit(f"the tools to compare with aren't here. Next: apt-get install {' '.join(missing)}")
    assert cores() > 1
    with TemporaryDirectory(prefix="storyrelay-batch-") as name:
        for told in (
            compared(Path(name) / "compared", assets, rounds),
            scaling(Path(name) / "scaling", max(20, assets // ALONE_SHARE), 1),
            growing(Path(name) / "growing", rounds),
        ):
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
