"""The same assets made by this computer, by one worker of a farm and by as many as it has cores.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.farm [ASSETS] [ROUNDS]

Each time a whole run from an empty state; scheduler, workers and share are on this computer too, so the farm
can't win here: what it costs is shown, and that it grows with its workers. Prints ratios of medians.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.batch_stock import mixed
from fakes.farm import FakeFarm, farm
from fakes.shop import Shop

from pipeline.execute import cores
from pipeline.tools.clock import monotonic_s


def taken_s(root: Path, inbox: Path, *settings: str) -> float:
    """A run of a shop that knows nothing yet; all of it has to come out."""
    shutil.rmtree(root, ignore_errors=True)
    shop = Shop(root)
    shutil.copytree(inbox, shop.inbox)
    begun_s = monotonic_s()
    summary = shop.run(f"limits.jobs={cores()}", *settings)
    assert summary.exit_code == 0, summary
    return monotonic_s() - begun_s


def far(fake: FakeFarm) -> tuple[str, str]:
    """The settings for a share that nobody has used."""
    share = fake.root / "share"
    shutil.rmtree(share, ignore_errors=True)
    return (f"execute.farm={fake.address}", f"execute.share={share}")


def measured(folder: Path, assets: int, rounds: int) -> dict[str, object]:
    """Seconds of each way, in turn and again; the workers wait between their turns, and cost nothing then."""
    inbox = folder / "inbox"
    mixed(inbox, assets)
    counts = sorted({1, cores()})
    taken: dict[str, list[float]] = {}
    with ExitStack() as stack:
        farms = {count: stack.enter_context(farm(folder / f"farm-{count}", count)) for count in counts}
        for fake, count in ((farms[count], count) for count in counts):
            for number in range(count):
                fake.at_work(number)
            taken_s(folder / "first", inbox, *far(fake))  # they load what they need
        for _ in range(rounds):
            taken.setdefault("here", []).append(taken_s(folder / "here", inbox))
            for count in counts:
                way = taken_s(folder / "there", inbox, *far(farms[count]))
                taken.setdefault(f"workers {count}", []).append(way)
    here_s = statistics.median(taken["here"])
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    return {
        "assets": assets,
        "rounds": rounds,
        "÷ here": {name: round(seconds / here_s, 2) for name, seconds in medians.items() if name != "here"},
        f"1 worker ÷ {counts[-1]}": round(medians["workers 1"] / medians[f"workers {counts[-1]}"], 2),
    }


def main() -> None:
    """Print them as JSON."""
    assets, rounds = (int(sys.argv[at]) if len(sys.argv) > at else usual for at, usual in ((1, 20), (2, 3)))
    with TemporaryDirectory(prefix="storyrelay-farm-") as folder:
        print(json.dumps(measured(Path(folder), assets, rounds), indent=2, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main()
