"""Work that begins in one order and is handed on in another."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from functools import partial

from pipeline.execute import lined_up, threads


def done_at_once(begun: list[int], number: int) -> Future[int]:
    begun.append(number)
    future: Future[int] = Future()
    future.set_result(number * 2)
    return future


def test_results_come_in_the_order_given_whatever_begins_first() -> None:
    begun: list[int] = []
    results = list(lined_up(partial(done_at_once, begun), [10, 11, 12, 13], [2, 0, 3, 1], ahead=1))
    assert begun == [12, 10, 13, 11]
    assert [(subject, future.result()) for subject, future in results] == [
        (10, 20),
        (11, 22),
        (12, 24),
        (13, 26),
    ]


def test_what_is_short_goes_on_beside_one_that_is_long_and_waits_for_it() -> None:
    gate, short = threading.Event(), threading.Semaphore(0)

    def work(number: int) -> int:
        if number == 0:
            assert gate.wait(10)
        else:
            short.release()
        return number

    def open_when_all_are_through() -> None:
        for _ in range(7):
            short.acquire()
        gate.set()

    with threads(2) as pool:
        ready = lined_up(lambda number: pool.submit(work, number), range(8), range(8), ahead=3)
        threading.Thread(target=open_when_all_are_through).start()
        assert [future.result() for _, future in ready] == list(range(8))


def test_no_more_than_so_many_are_under_way() -> None:
    under_way: list[Future[int]] = []
    most: list[int] = []

    def begin(number: int) -> Future[int]:
        future: Future[int] = Future()
        under_way.append(future)
        most.append(sum(not one.done() for one in under_way))
        threading.Timer(0.005, future.set_result, [number]).start()
        return future

    assert len(list(lined_up(begin, range(12), range(12), ahead=3))) == 12
    assert max(most) == 3


def test_it_ends_with_the_line() -> None:
    begun: list[int] = []
    results = list(lined_up(partial(done_at_once, begun), range(9), iter([0, 1, 5]), ahead=4))
    assert [subject for subject, _ in results] == [0, 1]


def test_of_nothing_comes_nothing() -> None:
    assert list(lined_up(partial(done_at_once, []), [], [], ahead=2)) == []
