"""Which font or picture draws which character."""

from __future__ import annotations

import pytest
from fakes.letters import SCRIPTS

from pipeline.lettering import typesetter
from pipeline.lettering.choice import Run, fonts_for, runs
from pipeline.lettering.files import CHINESE, FAMILIES, JAPANESE, KOREAN, FontFile
from pipeline.model import Typeface


def told(text: str, family: str = "sans") -> list[tuple[str, str]]:
    """Runs as they are seen from left to right, each with the name of its font."""
    return [(run.text, _name(run)) for run in runs(text, fonts_for(text, family, ()))]


def _name(run: Run) -> str:
    if isinstance(run.source, FontFile):
        return run.source.path.name.split("[")[0].removeprefix("Noto")
    return "+".join(picture.file.stem for picture in run.source if not isinstance(picture.file, FontFile))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_family_draws_every_script(script: str, family: str) -> None:
    assert typesetter().missing(SCRIPTS[script], Typeface(family)) == ()


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("Olá, mundo!", "Sans"),
        ("مرحبا، بكم", "SansArabic"),
        ("٥٠٪", "SansArabic"),
        ("नमस्ते", "SansDevanagari"),
        ("สวัสดี", "SansThai"),
        ("今日は", "SansCJK-VF.otf.ttc"),
        ("አማርኛ", "SansEthiopic"),
    ],
)
def test_a_text_in_one_script_is_one_run(text: str, font: str) -> None:
    assert told(text) == [(text, font)]


def test_an_arabic_word_is_not_torn_by_punctuation() -> None:
    text = "(مرحبا)، «بكم»: كتاب."
    assert "".join(run for run, _ in reversed(told(text))) == text
    assert sum(font == "SansArabic" for _, font in told(text)) <= 5
    assert not any(run[:1].isalpha() and font != "SansArabic" for run, font in told(text))


def test_scripts_of_a_line_are_runs_in_the_order_they_are_seen() -> None:
    found = told("Olá مرحبا 2024 fim")
    assert "".join(run for run, _ in found).split() == ["Olá", "2024مرحبا", "fim"]
    assert [font for _, font in found] == ["Sans", "SansArabic", "SansArabic", "SansArabic", "Sans"]


def test_marks_stay_with_their_letters() -> None:
    assert told("e\u0301a\u0302") == [("e\u0301a\u0302", "Sans")]
    assert told("श\u094dर\u0940\u200d") == [("श\u094dर\u0940\u200d", "SansDevanagari")]


@pytest.mark.parametrize(("text", "index"), [("骨", CHINESE), ("骨の", JAPANESE), ("骨은", KOREAN)])
def test_ideographs_are_drawn_as_their_language_does(text: str, index: int) -> None:
    sources = {run.source for run in runs(text, fonts_for(text, "serif", ()))}
    assert [source.index for source in sources if isinstance(source, FontFile)] == [index]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("👋🏽", ["1f44b-1f3fd"]),
        ("🇧🇷🇵🇹", ["1f1e7-1f1f7", "1f1f5-1f1f9"]),
        ("1️⃣", ["31-20e3"]),
        ("❤️", ["2764"]),
        ("❤", ["2764"]),
        ("🏳️\u200d🌈", ["1f3f3-fe0f-200d-1f308"]),
        ("🏳\u200d🌈", ["1f3f3-fe0f-200d-1f308"]),
        ("☎️", ["260e"]),
        ("⚡", ["26a1"]),
        ("👩\u200d🐘", ["1f469+1f418"]),
        ("🏴\U000e0062\U000e0072\U000e0073\U000e0070\U000e007f", ["1f3f4"]),
    ],
)
def test_emoji_are_pictures_and_an_unknown_sequence_is_its_parts(text: str, names: list[str]) -> None:
    assert [name for _, name in told(text)] == names


@pytest.mark.parametrize("text", ["©", "™", "☎", "✔", "☀\ufe0e", "★", "→", "5", "#", "❤\ufe0e"])
def test_what_is_text_by_itself_stays_text(text: str) -> None:
    (run,) = runs(text, fonts_for(text, "display", ()))
    assert isinstance(run.source, FontFile)


def test_a_word_is_drawn_by_one_font() -> None:
    text = "Obrigado, Nguyễn! Voltamos sempre para comer mais daquela sopa de vocês"
    found = told(text, "hand")
    assert found[1][0].startswith("Nguyễn")
    assert found[1][1] == "Sans"
    assert {font for run, font in found if "sopa" in run} == {"Caveat"}


def test_a_family_that_lacks_too_many_letters_of_a_text_draws_none_of_it() -> None:
    assert {font for _, font in told("Phở bò tuyệt vời", "hand")} == {"Sans"}
    assert {font for _, font in told("Pão", "hand")} == {"Caveat"}


def test_letters_of_mathematics_become_plain_ones() -> None:
    assert told("𝗕𝗼𝗹𝗱 𝓗𝓮𝔂") == [("Bold Hey", "Sans")]
    assert typesetter().missing("𝗕𝗼𝗹𝗱 𝓗𝓮𝔂", Typeface("hand")) == ()


def test_what_nothing_can_draw_is_told_and_left_out() -> None:
    typeface = Typeface()
    text = "a\x07b\ud800c\ufdd0\U0003fffd\ufdd0d\u200b\u00ad\ufeff\n\t"
    assert set(typesetter().missing(text, typeface)) == {"\x07", "\ud800", "\ufdd0", "\U0003fffd"}
    assert len(typesetter().missing(text, typeface)) == 4
    assert [run for run, _ in told("a\ufdd0b")] == ["a", "b"]
