"""The order in which work begins: the first at once, and no core waits for a long one at the end."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.plan.lineup import LONG_SHARE, order_of_work, threads_for

COSTS = st.lists(st.floats(0, 1000), max_size=40)
WORKERS = st.integers(1, 8)


def ends(costs: Iterable[float], workers: int) -> float:
    """When all is done, if each worker takes the next of the line as soon as it can."""
    free_at = [0.0] * workers
    for cost in costs:
        heapq.heapreplace(free_at, free_at[0] + cost)
    return max(free_at)


@given(COSTS, WORKERS)
def test_everything_begins_once_and_the_first_first(costs: list[float], workers: int) -> None:
    line = order_of_work(costs, workers)
    assert sorted(line) == list(range(len(costs)))
    assert line[:1] == list(range(len(costs)))[:1]


@given(COSTS, WORKERS)
@example([1.0, 1.0, 1.0, 60.0], 2)
@example([0.0, 1.0, 1.0, 1.0, 1.0, 1.0], 4)
def test_no_core_waits_long_at_the_end(costs: list[float], workers: int) -> None:
    """Half as long again as the best there could be, beside what the first one and the short ones may add.

    A long one that begins late has as many before it as there are cores, all at least as long: so two of
    them share a core however they are laid, and it takes no more than half of the best.
    """
    longest = sorted(costs, reverse=True)
    shared = sum(longest[workers - 1 : workers + 1]) if len(longest) > workers else 0.0
    best = max(sum(costs) / workers, max(costs, default=0.0), shared)
    first, short = max(costs[:1], default=0.0), LONG_SHARE * sum(costs) / workers
    line = [costs[number] for number in order_of_work(costs, workers)]
    assert ends(line, workers) <= (3 / 2 * best + first + short) * (1 + 1e-9)


def test_a_long_one_begins_early_and_the_short_ones_stay_in_order() -> None:
    assert order_of_work([1, 1, 1, 30, 1, 60, 1], 2) == [0, 5, 3, 1, 2, 4, 6]
    assert order_of_work([1.0] * 100, 2) == list(range(100))


@pytest.mark.parametrize(
    ("costs", "workers", "threads"),
    [
        ([5.0], 2, [4]),
        ([5.0, 0.0, 0.0], 2, [4, 4, 4]),
        ([5.0, 5.0], 2, [2, 2]),
        ([5.0, 5.0, 5.0], 2, [2, 2, 2]),
        ([60.0, 5.0, 5.0], 2, [4, 2, 2]),
        ([60.0, 60.0], 1, [4, 4]),
        ([], 2, []),
    ],
)
def test_an_encode_that_takes_more_than_its_share_gets_every_core(
    costs: list[float], workers: int, threads: list[int]
) -> None:
    assert threads_for(costs, workers, cores=4) == threads
