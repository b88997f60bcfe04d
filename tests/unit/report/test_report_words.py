"""Quantities, times and names in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.planning import NOW

from pipeline.report.words import about, columns, count, left, moment, part_of, printable, seconds, size


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 B"), (812, "812 B"), (14_400, "14 kB"), (4_120_000, "4.1 MB"), (2_500_000_000, "2.5 GB")],
)
def test_bytes_are_told_with_two_or_three_digits(number: int, words: str) -> None:
    assert size(number) == words


@pytest.mark.parametrize(
    ("duration_s", "words"),
    [(2.44, "2.4 s"), (34.4, "34 s"), (59.6, "1:00"), (130, "2:10"), (3730, "1:02:10")],
)
def test_a_length_is_told_as_a_player_shows_it(duration_s: float, words: str) -> None:
    assert seconds(duration_s) == words


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (timedelta(seconds=-1), "over"),
        (timedelta(seconds=10), "1 min left"),
        (timedelta(minutes=45), "45 min left"),
        (timedelta(hours=18), "18 h left"),
        (timedelta(days=3), "3 days left"),
    ],
)
def test_time_left_is_told_in_the_unit_that_matters(rest: timedelta, words: str) -> None:
    assert left(NOW + rest, NOW) == words


def test_a_moment_is_told_on_the_persons_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(datetime(2026, 11, 23, 20, 0, tzinfo=UTC), NOW, berlin) == "21:00"
    assert moment(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), NOW, berlin) == "Tue 24 Nov 00:30"
    assert moment(datetime(2027, 11, 23, 12, 0, tzinfo=UTC), NOW, berlin) == "23 Nov 2027 13:00"


def test_one_is_singular() -> None:
    assert (count(1, "story", "stories"), count(2, "story", "stories")) == ("1 story", "2 stories")
    assert count(0, "file") == "0 files"


def test_a_part_is_named_only_where_there_are_several() -> None:
    assert part_of(Path("inbox/beach.mp4"), 1, 1) == "beach.mp4"
    assert part_of(Path("inbox/beach.mp4"), 2, 3) == "beach.mp4 2/3"


def test_a_name_cannot_give_orders_to_the_terminal() -> None:
    assert printable("a\x1b[31m\nb\udce9\u202ec") == r"a\x1b[31m\nb\udce9\u202ec"


def test_letters_of_every_language_and_emoji_stay_as_they_are() -> None:
    text = "Zoë 猫 👩\u200d🍳 ☕"
    assert printable(text) == text


def test_a_reason_that_names_its_file_is_not_repeated() -> None:
    assert about(Path("a.jpg"), "a.jpg is empty") == "a.jpg is empty"
    assert about(Path("a.jpg"), "it is empty\nreally") == "a.jpg: it is empty; really"


def test_columns_stand_below_each_other_even_with_wide_letters() -> None:
    assert columns([("猫", "x"), ("abc", "y")]) == ["猫   x", "abc  y"]


def test_one_very_long_name_pushes_no_other_line_apart() -> None:
    assert columns([("n" * 255, "x"), ("abc", "y"), ("a", "z")]) == ["n" * 255 + "  x", "abc  y", "a    z"]
