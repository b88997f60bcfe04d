from __future__ import annotations

import pytest

from pipeline.plan.cutting import graphemes, shorten, units

FAMILY = "👩\u200d👩\u200d👧"
THUMB = "👍🏽"
FLAG = "🇩🇪"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
KEYCAP = "1\ufe0f\u20e3"


def test_what_fits_is_left_alone() -> None:
    assert shorten("fresh bread", 11) == "fresh bread"


def test_a_cut_falls_between_words() -> None:
    assert shorten("fresh bread and butter", 14) == "fresh bread…"
    assert shorten("fresh bread and butter", 12) == "fresh bread…"


def test_a_comma_before_the_cut_goes_too() -> None:
    assert shorten("bread, butter and jam", 9) == "bread…"


def test_one_long_word_is_cut_inside() -> None:
    assert shorten("a" * 30, 10) == "a" * 9 + "…"


def test_an_address_is_never_cut_inside() -> None:
    assert shorten("https://example.org/a-rather-long-address", 20) == ""
    assert shorten("see https://example.org/a-rather-long-address", 20) == "see…"


@pytest.mark.parametrize(
    "character", [FAMILY, THUMB, FLAG, WALES, KEYCAP, "e\u0301", "각", "\u1100\u1161\u11a8", "กำ", "\r\n"]
)
def test_what_people_see_as_one_character_is_one(character: str) -> None:
    assert list(graphemes(f"a{character}b")) == ["a", character, "b"]


def test_two_flags_are_two() -> None:
    assert list(graphemes(FLAG + FLAG)) == [FLAG, FLAG]


def test_an_emoji_is_dropped_whole() -> None:
    assert shorten(FAMILY * 3, units(FAMILY) * 2) == FAMILY + "…"


def test_length_is_counted_as_phones_do() -> None:
    assert units("é👍") == 3


def test_no_room_gives_no_text() -> None:
    assert shorten("bread", 0) == ""
    assert shorten("bread", 1) == ""
