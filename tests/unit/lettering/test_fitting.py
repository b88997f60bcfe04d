"""How large a text gets and where its lines break."""

from __future__ import annotations

import dataclasses

import pytest
from fakes.letters import SCRIPTS

from pipeline.lettering import Measure, Setting, typesetter
from pipeline.model import Size, Typeface

ROOM = Measure(Typeface(), Size(480, 300), largest_px=60, smallest_px=12)
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e\u200f"
NEVER_FIRST = set("。、，！？」”)!,.:；")


def fitted(text: str, measure: Measure = ROOM) -> Setting:
    setting = typesetter().fit(text, measure)
    assert setting is not None, text
    return setting


def narrow(width: int, size_px: int) -> Measure:
    return dataclasses.replace(ROOM, box=Size(width, 2000), largest_px=size_px, smallest_px=size_px)


def test_a_short_text_is_as_large_as_allowed() -> None:
    setting = fitted("Olá")
    assert (setting.lines, setting.size_px) == (("Olá",), 60)


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_larger_size_would_do(script: str) -> None:
    text = " ".join([SCRIPTS[script]] * 6)
    setting = fitted(text)
    assert ROOM.smallest_px <= setting.size_px < ROOM.largest_px
    larger = dataclasses.replace(ROOM, largest_px=setting.size_px + 1, smallest_px=setting.size_px + 1)
    assert typesetter().fit(text, larger) is None


def test_a_setting_is_no_larger_than_its_room() -> None:
    setting = fitted("palavras e mais palavras " * 12)
    assert setting.width_px <= ROOM.box.width
    assert setting.height_px <= ROOM.box.height


def test_what_does_not_fit_at_the_smallest_size_is_not_set() -> None:
    assert typesetter().fit("palavra " * 2000, ROOM) is None


def test_a_word_is_never_broken() -> None:
    text = "Otorrinolaringologista inconstitucionalissimamente"
    setting = fitted(text)
    assert " ".join(setting.lines) == text
    assert typesetter().fit("a" * 200, ROOM) is None


def test_an_address_breaks_after_its_slashes_only() -> None:
    lines = fitted("https://example.com/catalogue/summer/dresses", narrow(410, 36)).lines
    assert lines == ("https://example.com/", "catalogue/summer/", "dresses")


def test_an_emoji_is_not_left_alone_on_the_last_line() -> None:
    assert fitted("Feito à mão com ❤️", narrow(320, 40)).lines == ("Feito à mão", "com ❤️")
    assert fitted("🎉 🎉 🎉 🎉 🎉", narrow(170, 40)).lines == ("🎉 🎉", "🎉 🎉", "🎉")
    assert fitted("Inconstitucional ❤️", narrow(330, 40)).lines == ("Inconstitucional", "❤️")


def test_line_ends_and_empty_lines_are_kept() -> None:
    assert fitted("um\r\n\ndois\u2028três").lines == ("um", "", "dois", "três")


def test_a_text_of_nothing_is_one_empty_line() -> None:
    assert fitted("").lines == ("",)
    assert fitted(" \t ").lines == ("",)


def test_thai_breaks_between_words_though_it_writes_no_spaces() -> None:
    lines = fitted("สวัสดีครับยินดีต้อนรับสู่ร้านของเรา", narrow(240, 36)).lines
    assert lines == ("สวัสดีครับยินดี", "ต้อนรับสู่ร้าน", "ของเรา")


@pytest.mark.parametrize("width", range(150, 330, 18))
def test_no_line_begins_with_a_closing_sign(width: int) -> None:
    for script in ("Japanese", "Chinese", "Korean"):
        lines = fitted(SCRIPTS[script], narrow(width, 36)).lines
        assert not {line[0] for line in lines} & NEVER_FIRST


def test_a_soft_hyphen_is_seen_where_it_breaks_a_word() -> None:
    lines = fitted("Donau\u00addampf\u00adschiff", narrow(250, 36)).lines
    assert lines == ("Donau\u00addampf\u00ad-", "schiff")


def test_every_line_keeps_the_direction_of_its_paragraph() -> None:
    lines = fitted("שלום לכולם WhatsApp Business 2024\nHello world", narrow(250, 36)).lines
    assert lines == ("שלום לכולם", f"{RIGHT_TO_LEFT}WhatsApp", f"{RIGHT_TO_LEFT}Business 2024", "Hello world")


def test_an_address_in_a_hebrew_text_keeps_its_slashes_on_their_sides() -> None:
    lines = fitted("ראו https://example.com/catalogue", narrow(410, 36)).lines
    assert lines == (
        "ראו",
        f"{RIGHT_TO_LEFT}https://example.com/{LEFT_TO_RIGHT}",
        f"{RIGHT_TO_LEFT}catalogue",
    )
    hebrew = fitted("see שלום, שלום", narrow(180, 36)).lines
    assert hebrew == (f"see שלום,{RIGHT_TO_LEFT}", f"{LEFT_TO_RIGHT}שלום")


def test_balanced_lines_are_about_equally_long() -> None:
    text = "Liquidação de verão começa amanhã"
    greedy = fitted(text, narrow(460, 40))
    balanced = fitted(text, dataclasses.replace(narrow(460, 40), balanced=True))
    assert greedy.lines == ("Liquidação de verão", "começa amanhã")
    assert len(balanced.lines) == len(greedy.lines)
    assert balanced.width_px <= greedy.width_px
    assert fitted("um dois três quatro cinco", dataclasses.replace(narrow(330, 40), balanced=True)).lines == (
        "um dois três",
        "quatro cinco",
    )


def test_outline_and_shadow_need_room() -> None:
    plain = fitted("Olá")
    outlined = fitted("Olá", dataclasses.replace(ROOM, outline_px=5))
    shaded = fitted("Olá", dataclasses.replace(ROOM, shadow=True))
    assert outlined.width_px == plain.width_px + 10
    assert outlined.height_px == plain.height_px + 10
    assert shaded.width_px > plain.width_px
    assert shaded.height_px > plain.height_px


def test_marks_above_and_below_push_lines_apart() -> None:
    tight = dataclasses.replace(ROOM, leading=1.0)
    plain, stacked = fitted("oi\noi", tight), fitted("ปี่ฏุ\nปี่ฏุ", tight)
    assert plain.size_px == stacked.size_px
    assert plain.line_px == plain.size_px
    assert stacked.line_px > plain.line_px
    assert stacked.ascent_px > plain.ascent_px
