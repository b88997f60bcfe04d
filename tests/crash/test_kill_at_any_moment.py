"""Runs are killed at moments spread over all of their time, and then made good."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from itertools import count

import pytest
from fakes.crashes import KILLED, Server, World, WorldMaker

BATCHES = ((0, 10), *(pytest.param(batch, 26, marks=pytest.mark.slow) for batch in (1, 2, 3, 4)))
"""Each with its kills, spread evenly over the time of a run; 104 in the slow ones."""
COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


def usual_seconds(warm: Server, make: WorldMaker) -> float:
    """How long a run takes that nobody kills."""

    def seconds(world: World) -> float:
        before = time.monotonic()
        assert warm.run(world) == 0
        assert world.problems_in_the_end() == []
        return time.monotonic() - before

    return statistics.median(seconds(make()) for _ in range(3))


@pytest.mark.parametrize(("batch", "kills"), BATCHES)
def test_a_run_killed_at_any_moment_is_made_good_by_the_next(
    warm: Server, large: WorldMaker, batch: int, kills: int
) -> None:
    chance = random.Random(batch)  # noqa: S311 - the same moments every time
    whole = usual_seconds(warm, large)
    killed = 0
    for number in count():
        if killed == kills:
            break
        world = large()
        moment = (number % kills + chance.random()) / kills
        killed += warm.run(world, kill_after_s=whole * moment) == KILLED
        assert world.problems_now() == []
        assert world.orphans() == []
        assert warm.run(world) == 0
        assert world.problems_in_the_end() == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_run_killed_again_and_again_ends_well(warm: Server, large: WorldMaker) -> None:
    chance = random.Random(7)  # noqa: S311 - the same moments every time
    whole = usual_seconds(warm, large)
    for _ in range(60):
        world = large()
        for _ in range(chance.randrange(2, 8)):
            warm.run(world, kill_after_s=whole * chance.random() / 3)
            assert world.problems_now() == []
        assert warm.run(world) == 0
        assert world.problems_in_the_end() == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_command_killed_at_any_moment_is_made_good_by_the_next(large: WorldMaker) -> None:
    chance = random.Random(11)  # noqa: S311 - the same moments every time

    def start(world: World) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", COMMAND, "run", "-q", "-c", str(world.root / "storyrelay.yaml")]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL)

    before = time.monotonic()
    assert start(large()).wait() == 0
    whole = time.monotonic() - before
    for number in range(100):
        world = large()
        with start(world) as process:
            time.sleep(whole * (number + chance.random()) / 100)
            process.kill()
        assert world.problems_now() == []
        assert world.orphans() == []
        with start(world) as process:
            assert process.wait() == 0
        assert world.problems_in_the_end() == []
