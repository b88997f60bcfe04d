"""The apps' bars over a preview: what is on them, and that no word on them can do harm."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fakes.sights import screen_of, sight_of

from pipeline.model import SafeArea, Sticker
from pipeline.report.preview.chrome import chrome_of, lines_of, words_on
from pipeline.report.preview.glyphs import glyphs
from pipeline.report.preview.sight import Screen

LINK = Sticker("link", "https://wa.me/15551234567?text=Hi", 0.5, 0.75, 0.25, 0.05)
LONG = "A caption that goes on. " * 9


def chrome(screen: Screen, part: int = 1, parts: int = 1) -> str:
    return "".join(chrome_of(sight_of(screens=(screen,), part=part, parts=parts), screen))


@pytest.mark.parametrize(
    ("part", "parts", "states"),
    [(1, 1, ["now"]), (2, 4, ["seen", "now", "", ""]), (3, 3, ["seen", "seen", "now"])],
)
def test_there_is_a_segment_for_each_part_and_the_present_one_is_told(
    part: int, parts: int, states: list[str]
) -> None:
    drawn = chrome(screen_of(), part=part, parts=parts)
    assert re.findall(r'<i class="(\w*)">', drawn) == states


def test_whatsapp_shows_the_caption_and_the_others_keep_it_to_themselves() -> None:
    shown = {
        name: "Fresh at seven" in chrome(screen_of(name, caption="Fresh at seven"))
        for name in ("whatsapp_status", "instagram_story", "facebook_story")
    }
    assert shown == {"whatsapp_status": True, "instagram_story": False, "facebook_story": False}


def test_a_caption_of_more_than_three_lines_has_a_button() -> None:
    assert [lines_of(caption) for caption in ("One", "One\n\nThree", LONG, "語" * 60)] == [1, 3, 6, 4]
    assert "Read more" not in chrome(screen_of(caption="One\n\nThree"))
    assert "Read more" in chrome(screen_of(caption=LONG))


def test_each_app_has_its_own_bars() -> None:
    assert "My status" in chrome(screen_of())
    assert "Send message" in chrome(screen_of("instagram_story"))
    assert "Your page" in chrome(screen_of("facebook_story"))
    assert 'class="app telegram"' in chrome(screen_of("telegram_story"))


def test_the_bars_are_as_high_as_the_margins_of_the_platform() -> None:
    narrow = replace(screen_of(), safe_area=SafeArea(0.0, 0.0, 0.08, 0.125))
    drawn = chrome(narrow)
    assert 'class="top" style="height: 8.00%"' in drawn
    assert 'class="bottom" style="height: 12.50%"' in drawn


def test_what_can_be_tapped_lies_where_it_is_placed_by_its_middle() -> None:
    drawn = chrome(screen_of("instagram_story", stickers=(LINK,)))
    assert 'class="sticker link" style="left: 37.50%; top: 72.50%; width: 25.00%; height: 5.00%"' in drawn
    assert "WA.ME</span>" in drawn


@pytest.mark.parametrize(
    ("sticker", "words"),
    [
        (LINK, "WA.ME"),
        (replace(LINK, label="Order here"), "Order here"),
        (replace(LINK, kind="mention", value="casalume"), "@casalume"),
        (replace(LINK, kind="hashtag", value="pão"), "#pão"),
        (replace(LINK, kind="location", value="Praça da Sé"), "Praça da Sé"),
    ],
)
def test_a_sticker_says_what_instagram_would_write_on_it(sticker: Sticker, words: str) -> None:
    assert words_on(sticker) == words


def test_every_sign_that_is_used_is_drawn_once() -> None:
    screens = [screen_of(name) for name in ("whatsapp_status", "instagram_story", "facebook_story", "x")]
    place = replace(LINK, kind="location")
    used = set(re.findall(r'href="#([\w-]+)"', "".join(map(chrome, screens))))
    used |= set(re.findall(r'href="#([\w-]+)"', chrome(screen_of(stickers=(LINK, place)))))
    drawn = re.findall(r'id="([\w-]+)"', glyphs())
    assert set(drawn) == used
    assert len(drawn) == len(used)


def test_no_word_becomes_part_of_the_page() -> None:
    evil = "<script>&\x1b[2J"
    drawn = chrome(screen_of(caption=evil, stickers=(replace(LINK, label=evil),)))
    assert drawn.count("&lt;script&gt;&amp;\\x1b[2J") == 2
    assert "<script>" not in drawn
