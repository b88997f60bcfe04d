"""Work on the side: what it gives, and when it is given up."""

from __future__ import annotations

import threading

import pytest

from pipeline.tools.attending import Given, Patience, Pulse, Stopped, attended

PATIENT = Patience(60, 60)


def never() -> bool:
    return False


def test_what_work_gives_or_raises_comes_back() -> None:
    assert attended(lambda _: 7, PATIENT, never) == 7
    with pytest.raises(KeyError):
        attended(lambda _: dict[str, int]()["nothing"], PATIENT, never)


def test_silent_work_is_given_up_and_ends_at_its_next_sign_of_life() -> None:
    go_on, ended = threading.Event(), threading.Event()

    def work(pulse: Pulse) -> None:
        go_on.wait(30)
        try:
            pulse.beat()
        except Given:
            ended.set()
            raise

    with pytest.raises(TimeoutError, match="no sign of life"):
        attended(work, Patience(0.1, 60), never)
    go_on.set()
    assert ended.wait(30)


def test_work_that_shows_signs_of_life_has_no_end_but_its_own() -> None:
    def work(pulse: Pulse) -> None:
        while True:
            pulse.beat()
            threading.Event().wait(0.01)

    with pytest.raises(TimeoutError, match="longer than"):
        attended(work, Patience(30, 0.2), never)


def test_a_stop_is_obeyed_at_once() -> None:
    begun, left = threading.Event(), threading.Event()

    def work(_: Pulse) -> None:
        begun.set()
        left.wait(30)

    with pytest.raises(Stopped):
        attended(work, PATIENT, begun.is_set)
    left.set()
