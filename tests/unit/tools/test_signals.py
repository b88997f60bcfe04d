"""A polite stop."""

from __future__ import annotations

import os
import signal

import pytest

from pipeline.errors import Interrupted
from pipeline.tools.signals import StopSignal, watched


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_is_remembered_and_obeyed_where_it_is_asked_for(signum: int, code: int) -> None:
    with watched() as stop:
        assert not stop.requested()
        os.kill(os.getpid(), signum)
        assert stop.requested()
        with pytest.raises(Interrupted) as interrupted:
            stop.check()
    assert interrupted.value.exit_code == code


def test_the_second_signal_acts_at_once() -> None:
    with watched():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_afterwards_signals_act_as_before() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with watched():
        assert signal.getsignal(signal.SIGTERM) is not before[1]
        os.kill(os.getpid(), signal.SIGTERM)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with watched() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert not stop.requested()
    finally:
        signal.signal(signal.SIGINT, before)


def test_who_watches_around_it_is_told_too() -> None:
    with watched() as service:
        with watched() as run:
            os.kill(os.getpid(), signal.SIGTERM)
            assert run.requested()
        assert service.requested()


def test_the_second_signal_acts_at_once_also_where_two_watch() -> None:
    with watched(), watched():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_without_a_signal_nothing_stops() -> None:
    StopSignal().check()
