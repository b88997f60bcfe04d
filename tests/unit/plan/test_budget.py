from __future__ import annotations

import pytest

from pipeline.model import Size
from pipeline.plan.budget import affordable_kbps, is_hopeless, is_poor, most_bytes


def test_a_minute_in_sixteen_megabytes_leaves_almost_two_megabits() -> None:
    assert affordable_kbps(16_000_000, 60, 128) == 1926


def test_sound_takes_its_share() -> None:
    assert affordable_kbps(16_000_000, 60, None) - affordable_kbps(16_000_000, 60, 128) == 124


def test_nothing_is_left_of_a_tiny_budget() -> None:
    assert affordable_kbps(100_000, 60, 128) < 0


def test_a_smaller_canvas_needs_less() -> None:
    assert is_poor(900, Size(1080, 1920))
    assert not is_poor(900, Size(720, 1280))
    assert is_hopeless(200, Size(1080, 1920))
    assert not is_hopeless(200, Size(720, 1280))


def test_the_most_bytes_of_a_bitrate_are_what_that_bitrate_was_afforded_for() -> None:
    kbps = affordable_kbps(16_000_000, 60.0, 128)

    assert most_bytes(kbps, 60.0, 128) == pytest.approx(16_000_000, rel=0.001)
    assert most_bytes(kbps, 60.0, 128) <= 16_000_000
