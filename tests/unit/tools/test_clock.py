"""The clock, and names nobody else uses."""

from __future__ import annotations

from datetime import UTC, timedelta

from pipeline.tools.clock import fresh_name, monotonic_s, now, pause


def test_now_is_aware_and_in_utc() -> None:
    assert now().tzinfo is UTC
    assert timedelta(0) <= now() - now() + timedelta(seconds=1)


def test_a_pause_takes_its_time() -> None:
    before = monotonic_s()
    pause(0.01)
    assert monotonic_s() - before >= 0.01


def test_a_fresh_name_is_never_given_twice() -> None:
    names = {fresh_name() for _ in range(1000)}
    assert len(names) == 1000
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in names)
