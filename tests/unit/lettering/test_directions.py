"""Which way letters go and in which order runs stand on screen."""

from __future__ import annotations

import unicodedata

import pytest
from fakes.letters import SCRIPTS

from pipeline.lettering import is_rtl
from pipeline.lettering.choice import Run
from pipeline.lettering.directions import levels, on_screen
from pipeline.lettering.files import family_file


def told(line: str) -> str:
    """The level of each character, ABC standing for Hebrew letters and abc for Latin ones."""
    hebrew = {chr(ord("A") + at): chr(0x5D0 + at) for at in range(26)}
    return "".join(str(level) for level in levels("".join(hebrew.get(sign, sign) for sign in line)))


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("Olá", False), ("مرحبا", True), ("123 שלום", True), ("👋 123", False), ("", False), ("a שלום", False)],
)
def test_the_first_letter_tells_the_direction(text: str, *, rtl: bool) -> None:
    assert is_rtl(text) == rtl


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("abc 123", "0000000"),
        ("ABC abc", "1111222"),
        ("abc ABC 12", "0000111122"),
        ("abc (ABC) x", "00000111000"),
        ("ABC a (b) C", "11112222211"),
        ("a (b C) d", "000001000"),
        ("A (B c) d", "111112112"),
        ("(A", "11"),
        ("a \u202bA b\u202c c", "000112200"),
        ("a \u2067A b\u2069 c", "000112200"),
    ],
)
def test_levels_follow_the_rules_of_unicode(line: str, level: str) -> None:
    assert told(line) == level


@pytest.mark.parametrize(
    "text", [*SCRIPTS.values(), "\u2067\u2068\u2066a\u2069\u202e)", "\U0001fae8\U0003fffdא"]
)
def test_every_character_has_a_level(text: str) -> None:
    assert len(levels(text)) == len(text)


def test_runs_are_put_in_the_order_they_are_seen_in() -> None:
    font = family_file("sans")
    runs = [Run(text, font, level) for text, level in [("a", 0), ("B", 1), ("12", 2), ("C", 1), ("d", 0)]]
    assert "".join(run.text for run in on_screen(runs)) == "aC12Bd"
    assert on_screen([]) == []


def test_a_pair_of_brackets_is_not_torn() -> None:
    line = "test (abc) שלום"
    assert set(levels(f"\u200f{line}")[6:11]) == {2}
    assert all(unicodedata.bidirectional(sign) for sign in line)
