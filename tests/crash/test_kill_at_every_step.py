"""A run is killed at its first step, another at its second, and so on to the last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.crashes import KILLED, Server, World, WorldMaker

from pipeline.model import State

SHARDS = 2
FEWEST_STEPS = 100
MOST_STEPS = 2000
FIRST_DELIVERY = 30


def killed_worlds(warm: Server, make: WorldMaker, first: int, stride: int, **how: object) -> Iterator[World]:
    """A world for each step at which a run was killed."""
    for step in range(first, MOST_STEPS, stride):
        world = make()
        code = warm.run(world, kill_at=step, **how)
        if code != KILLED:
            assert code == 0
            return
        yield world


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_run_killed_at_any_step_is_made_good_by_the_next(
    warm: Server, small: WorldMaker, shard: int
) -> None:
    steps = 0
    for world in killed_worlds(warm, small, shard + 1, SHARDS):
        assert world.problems_now() == []
        assert warm.run(world) == 0
        assert world.problems_in_the_end() == []
        steps += 1
    assert steps >= FEWEST_STEPS // SHARDS


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_long_run_killed_at_any_step_is_made_good_by_the_next(
    warm: Server, large: WorldMaker, shard: int
) -> None:
    for world in killed_worlds(warm, large, shard + 1, SHARDS):
        assert world.problems_now() == []
        assert world.orphans() == []
        assert warm.run(world) == 0
        assert world.problems_in_the_end() == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_run_that_makes_good_may_be_killed_too(warm: Server, small: WorldMaker) -> None:
    for world in killed_worlds(warm, small, 1, 3):
        for step in range(2, MOST_STEPS, 7):
            if warm.run(world, kill_at=step) != KILLED:
                break
            assert world.problems_now() == []
        assert world.problems_in_the_end() == []


def test_an_answer_killed_at_any_step_is_given_or_not_given(warm: Server, small: WorldMaker) -> None:
    def make() -> World:
        world = small()
        assert warm.run(world) == 0
        return world

    steps = 0
    for world in killed_worlds(warm, make, 1, 1, confirm=[1, 2]):
        assert world.problems_now() == []
        assert warm.run(world) == 0
        assert world.problems_now() == []
        told = {row.id: row.state for row in world.deliveries()}
        assert set(told.values()) <= {State.OFFERED, State.CONFIRMED}
        media = {int(path.name[:4]) for path in (world.root / "outbox").glob("*/0*.jpg")}
        assert media == {number for number, state in told.items() if state is State.OFFERED}
        assert warm.run(world, confirm=[1, 2]) == 0
        assert len(list((world.root / "outbox").glob("*/0*.jpg"))) == 2
        steps += 1
    assert steps >= 10


@pytest.mark.parametrize("broken", ["hasty", "forgetful", "settles first"])
def test_a_program_that_does_it_wrong_is_caught(warm: Server, small: WorldMaker, broken: str) -> None:
    for world in killed_worlds(warm, small, FIRST_DELIVERY, 1, broken=broken):
        if world.problems_now():
            return
        warm.run(world)
        if world.problems_in_the_end():
            return
    pytest.fail(f"a program that is {broken} went unnoticed")
