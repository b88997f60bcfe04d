from __future__ import annotations

import pytest

from pipeline.plan.rates import output_fps, rate_note

NTSC = 30000 / 1001


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (30, 30),
        (29.97, NTSC),
        (29.9701, NTSC),
        (25, 25),
        (24000 / 1001, 24000 / 1001),
        (60, 30),
        (59.94, NTSC),
        (50, 25),
        (48, 24),
        (120, 30),
        (240, 30),
        (15, 30),
        (12.5, 25),
        (12, 24),
        (10, 30),
        (7, 28),
        (0.5, 23),
        (20, 30),
        (45, 30),
    ],
)
def test_a_constant_rate_stays_even_within_the_limit(source: float, result: float) -> None:
    assert output_fps(source, vfr=False, max_fps=30) == pytest.approx(result, abs=1e-9)


def test_a_variable_or_unknown_rate_becomes_thirty() -> None:
    assert output_fps(47.3, vfr=True, max_fps=60) == 30
    assert output_fps(None, vfr=False, max_fps=30) == 30
    assert output_fps(0.0, vfr=False, max_fps=30) == 30


def test_a_rate_that_a_phone_measures_a_little_high_is_not_divided_once_too_often() -> None:
    assert output_fps(60.06, vfr=False, max_fps=60) == 60
    assert output_fps(60.06, vfr=False, max_fps=30) == 30


def test_a_platform_below_the_usual_rates_is_obeyed() -> None:
    assert output_fps(60, vfr=False, max_fps=20) == 20
    assert output_fps(10, vfr=False, max_fps=20) == 20


def test_people_are_told_what_happens_to_the_rate() -> None:
    assert rate_note(60, vfr=False, fps=30) == "frame rate lowered from 60 to 30 fps"
    assert rate_note(12.5, vfr=False, fps=25) == "frame rate raised from 12.5 to 25 fps"
    assert rate_note(47, vfr=True, fps=30) == "variable frame rate made constant: 30 fps"
    assert rate_note(29.97, vfr=False, fps=NTSC) is None
