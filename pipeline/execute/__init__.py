"""Running stage functions on several cores, handed on in order, a bounded number ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

S = TypeVar("S")
R = TypeVar("R")


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Threads for stage functions; what hasn't begun when the block fails never begins.

    Threads, not processes: the heavy work is in child processes and in C, and one killed child
    then costs one asset, never the pool.
    """
    pool = ThreadPoolExecutor(count, thread_name_prefix="storyrelay")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_order(
    pool: Executor, stage: Callable[[S], R], subjects: Iterable[S], ahead: int
) -> Generator[tuple[S, Future[R]]]:
    """Each subject with its finished future, in the order given, at most `ahead` begun at once."""
    begun: deque[tuple[S, Future[R]]] = deque()
    for subject in subjects:
        begun.append((subject, pool.submit(stage, subject)))
        if len(begun) >= ahead:
            yield _settled(begun.popleft())
    while begun:
        yield _settled(begun.popleft())


def lined_up(
    begin: Callable[[S], Future[R]], subjects: Sequence[S], line: Iterable[int], ahead: int
) -> Generator[tuple[S, Future[R]]]:
    """Each subject with its finished future, in the order given; `line` is the order in which they begin.

    At most `ahead` are begun and unfinished. `begin` is called in the caller's thread. When `line` ends early
    so does this, at the first that hasn't begun.
    """
    waiting = iter(line)
    begun: dict[int, Future[R]] = {}
    under_way: set[Future[R]] = set()
    for place, subject in enumerate(subjects):
        while True:
            under_way = {future for future in under_way if not future.done()}
            for number in islice(waiting, ahead - len(under_way)):
                begun[number] = begin(subjects[number])
                under_way.add(begun[number])
            if place in begun and begun[place].done():
                break
            if not under_way:
                return
            wait(under_way, return_when=FIRST_COMPLETED)
        yield subject, begun.pop(place)


def _settled(pair: tuple[S, Future[R]]) -> tuple[S, Future[R]]:
    pair[1].exception()
    return pair
