"""The samples and many photos, here and by two workers that are killed at random: the same bytes, or not."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from fakes.farm import FakeFarm, farm
from fakes.shop import BOTH, Shop

SAMPLES = Path(__file__).parents[2] / "samples" / "inbox"
PAUSE_S = (1.0, 4.0)


def main() -> None:
    """Prints what differs, how often was killed and what both took; exit code 1 when anything differs."""
    parser = argparse.ArgumentParser()
    for name, usual in (("photos", 500), ("kills", 20), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(_compare(Path(folder), chosen.photos, chosen.kills, random.Random(chosen.seed)))  # noqa: S311


def _compare(root: Path, photos: int, kills: int, dice: random.Random) -> int:
    here, there = Shop(root / "here", BOTH), Shop(root / "there", BOTH)
    shutil.copytree(SAMPLES, here.inbox)
    for number in range(photos):
        here.picture(f"photo-{number:03}.jpg", number, (1600 + number, 900))
    shutil.copytree(here.inbox, there.inbox)
    local_s = _timed(here)
    with farm(root / "farm", workers=2) as fake:
        for number in range(2):
            fake.at_work(number)
        killed: list[int] = []
        over = threading.Event()
        killer = threading.Thread(target=_kill, args=(fake, kills, dice, over, killed))
        killer.start()
        settings = (f"execute.farm={fake.address}", f"execute.share={root / 'share'}")
        farm_s = _timed(there, *settings)
        over.set()
        killer.join()
    alike = _bytes(here) == _bytes(there) and set(here.states().values()) == set(there.states().values())
    made = len(_bytes(here))
    told = "the same" if alike else "DIFFERENT"
    times = farm_s / local_s
    sys.stdout.write(f"{made} stories, {len(killed)} kills, {times:.2f} × the time here: {told}\n")
    return 0 if alike and len(killed) == kills else 1


def _timed(shop: Shop, *settings: str) -> float:
    begun = time.monotonic()
    summary = shop.run(*settings)
    sys.stdout.write(f"{summary}\n")
    return time.monotonic() - begun


def _kill(fake: FakeFarm, kills: int, dice: random.Random, over: threading.Event, killed: list[int]) -> None:
    while len(killed) < kills and not over.wait(dice.uniform(*PAUSE_S)):
        children = fake.children()
        if children:
            killed.append(dice.choice(children))
            os.kill(killed[-1], signal.SIGKILL)


def _bytes(shop: Shop) -> dict[Path, bytes]:
    """All stories as they lie in the outbox; the film that a composition is made of stays with its worker."""
    files = (file for file in shop.outbox.rglob("*") if file.suffix in {".jpg", ".mp4"})
    return {file.relative_to(shop.outbox): file.read_bytes() for file in files}


if __name__ == "__main__":
    main()
