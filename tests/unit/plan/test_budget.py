from __future__ import annotations

from pipeline.model import Size
from pipeline.plan.budget import affordable_kbps, is_hopeless, is_poor


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
