from __future__ import annotations

import pytest

from pipeline.model import Part
from pipeline.plan.parts import Span, plays_for, split


def test_seventy_seconds_become_two_parts_of_thirty_five() -> None:
    assert split(70, 60).parts == (Part(0, 35), Part(35, 70))


def test_a_hundred_and_thirty_seconds_become_three_even_parts() -> None:
    parts = split(130, 60).parts
    assert parts == (Part(0, 43.333), Part(43.333, 86.666), Part(86.666, 130))


def test_what_fits_the_limit_exactly_stays_whole() -> None:
    assert split(60, 60).parts == (Part(0, 60),)
    assert len(split(120, 60).parts) == 2


def test_a_few_frames_too_many_are_trimmed_instead_of_split_off() -> None:
    trimmed = split(60.04, 60)
    assert trimmed.parts == (Part(0, 60),)
    assert trimmed.trimmed_s == 0.04


def test_a_second_too_many_is_worth_a_part() -> None:
    halves = split(61, 60)
    assert halves.parts == (Part(0, 30.5), Part(30.5, 61))
    assert halves.trimmed_s == 0


def test_a_low_limit_trims_less() -> None:
    assert len(split(15.4, 15).parts) == 2
    assert len(split(15.1, 15).parts) == 1


def test_a_remainder_that_cannot_be_long_enough_is_cut_off() -> None:
    whole = split(70, 60, min_seconds=40)
    assert whole.parts == (Part(0, 60),)
    assert whole.trimmed_s == 10


def test_a_single_frame_is_a_part() -> None:
    assert split(0.0001, 60).parts == (Part(0, 0.001),)


@pytest.mark.parametrize(
    ("duration_s", "plays"), [(1.0, 3), (1.2, 3), (1.5, 2), (2.999, 2), (3.0, 1), (9.0, 1), (0.1, 30)]
)
def test_something_short_is_shown_until_it_is_long_enough(duration_s: float, plays: int) -> None:
    assert plays_for(duration_s, Span(3, 60), 30) == plays


def test_repeating_never_passes_the_limit() -> None:
    assert plays_for(2.0, Span(3, 3.5), 30) == 1


def test_repeating_counts_whole_frames() -> None:
    assert plays_for(1.5, Span(3, 60), 30000 / 1001) == 3
