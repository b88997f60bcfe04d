"""Work on several cores: in order, a bounded number ahead, each failure with its subject."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from pipeline.execute import cores, in_order, threads


def half(number: int) -> int:
    if number % 2:
        raise ValueError(number)
    return number // 2


def test_results_come_in_the_order_of_their_subjects() -> None:
    with threads(4) as pool:
        gates = [threading.Event() for _ in range(4)]

        def wait_for_the_next(number: int) -> int:
            assert number == 3 or gates[number + 1].wait(10)
            gates[number].set()
            return number

        assert [future.result() for _, future in in_order(pool, wait_for_the_next, range(4), 4)] == [
            0,
            1,
            2,
            3,
        ]


def test_no_more_than_so_many_are_begun_ahead() -> None:
    begun: list[int] = []
    with threads(8) as pool:
        for taken, _ in in_order(pool, begun.append, range(20), ahead=3):
            assert len(begun) <= taken + 3
    assert len(begun) == 20


def test_a_failure_comes_out_with_its_subject_and_the_others_go_on() -> None:
    with threads(2) as pool:
        outcomes = {subject: future.exception() for subject, future in in_order(pool, half, range(6), 3)}
    assert [subject for subject, failure in outcomes.items() if isinstance(failure, ValueError)] == [1, 3, 5]
    assert list(outcomes) == list(range(6))


def test_every_future_that_comes_out_is_done() -> None:
    with threads(2) as pool:
        assert all(future.done() for _, future in in_order(pool, half, range(20), 5))


def test_subjects_are_drawn_only_as_they_are_needed() -> None:
    drawn: list[int] = []

    def subjects() -> Iterator[int]:
        for number in range(0, 200, 2):
            drawn.append(number)
            yield number

    with threads(2) as pool, closing(in_order(pool, half, subjects(), ahead=2)) as ready:
        next(ready)
    assert drawn == [0, 2]


def test_what_has_not_begun_when_the_block_fails_never_begins() -> None:
    begun: list[int] = []
    with pytest.raises(KeyError):
        fail_with_one_at_work(begun)
    assert len(begun) <= 2


def fail_with_one_at_work(begun: list[int]) -> None:
    gate = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        assert gate.wait(10)

    with threads(1) as pool:
        for number in range(10):
            pool.submit(work, number)
        threading.Timer(0.05, gate.set).start()
        raise KeyError


def test_nothing_to_do_is_done() -> None:
    with threads(1) as pool:
        assert list(in_order(pool, half, [], 2)) == []


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
