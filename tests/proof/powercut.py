"""The power goes while runs offer and publish; what the disk had got by then is all that the next run finds.

    make powercut [CUTS=1000] [SEED=0]

Every seed is a life, as in `make torture`, on an ext4 file system in a file: at each death the file is copied
before the kernel has written more, and the copy is mounted. The account that is published to has no power
cuts. Before that, programs that don't wait for the disk must be caught. Needs root and loop devices.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from fakes.disk import WEAKER, loop_disk
from fakes.publishing import Theatre, theatre
from fakes.simulation import Findings
from proof.simulate import somewhere
from proof.torture import Chamber, Problems, asked, chamber, has_teeth, proved

LIVES_A_SHARD = 12
PUBLISHING_EACH = 4
TEETH = 120
"""Cuts within which a program must be caught that doesn't wait for the disk."""
OFFERS_WRONGLY, PUBLISHES_WRONGLY = WEAKER[:1], WEAKER[1:]


@contextmanager
def stages() -> Iterator[tuple[Chamber, Theatre]]:
    """Where stories are offered and where they are published, on disks whose power can be cut."""
    with (
        somewhere() as first,
        somewhere() as second,
        loop_disk(_made(first / "disk")) as one,
        loop_disk(_made(second / "disk")) as other,
        chamber(one) as room,
        theatre(second, other) as stage,
    ):
        yield room, stage


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def lived_through(seeds: range) -> tuple[Findings, Problems]:
    """All counts of some lives, and what went wrong in which."""
    findings, problems = Findings(), Problems()
    with stages() as (room, stage):
        for seed in seeds:
            if seed % PUBLISHING_EACH:
                found, wrong = room.life(seed)
            else:
                found = stage.live_through(seed)
                wrong = ", ".join(f"{number} {name}" for name, number in found.wrong.items())
            findings.add(found)
            if wrong:
                problems[seed] = wrong
    return findings, problems


def caught_after(broken: str) -> int | None:
    """The number of cuts after which a program is caught that doesn't wait for the disk; None if never."""
    cuts, seed = 0, 0
    with stages() as (room, stage):
        while cuts < TEETH:
            if broken in OFFERS_WRONGLY:
                found, wrong = room.life(seed, broken)
            else:
                found = stage.live_through(seed, broken=broken)
                wrong = str(found.wrong or "")
            cuts, seed = cuts + found.counts["kills"], seed + 1
            if wrong:
                return cuts
    return None


def main() -> int:
    """Teeth first, then the cuts; 1 when anything was wrong, 0 with a reason where nothing can be mounted."""
    cuts, first = asked(1000)
    if reason := why_not():
        sys.stdout.write(f"skipped: {reason}\n")
        return 0
    if cuts > 1 and not has_teeth((name, partial(caught_after, name)) for name in WEAKER):
        return 1
    return proved(lived_through, cuts, first, LIVES_A_SHARD)


def why_not() -> str | None:
    """Why no file system can be mounted here, if none can. Raises FileNotFoundError without mkfs.ext4."""
    try:
        with somewhere() as folder, loop_disk(folder):
            return None
    except PermissionError as refused:
        return str(refused)


if __name__ == "__main__":
    sys.exit(main())
