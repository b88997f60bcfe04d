"""Whatever somebody writes: it is drawn whole inside the safe area, or the story is refused at plan time."""

from __future__ import annotations

import dataclasses

import pytest
from fakes.decorated import DECORATED, HAND, LOGO, SAFE, apart, decorated, drawn_on, inside, treated
from fakes.planning import photo
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.look_files import look_names
from pipeline.config.looks import styling
from pipeline.errors import LayoutError
from pipeline.lettering import typesetter
from pipeline.model import Asset, Emblem, Panel, Rect, Spot, Words

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABC ãõçéêíóú ß ñ ,.!?-–— 0123456789 €R$%&@#",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя ",
    "αβγδεζηθικλμνξοπρστυφχψω ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ، ؟ ٠١٢٣",
    "אבגדהוזחטיכלמנסעפצקרשת () ",
    "अआइईउऊएऐओऔकखगघचछजझटठडढतथदधनपफबभमयरलवशषसह ा ि ी ् ",
    "กขคงจฉชซญดตถทนบปผพฟมยรลวสหอ า ิ ี ึ ุ ่ ้ ",
    "今日は新鮮なパンを焼きました。「」、ー",
    "안녕하세요빵커피 ",
)
EMOJI = ("🥐", "👨‍👩‍👧", "🇧🇷", "👍🏽", "❤️", "1️⃣")
DIRECTIONS = {0x200E: None, 0x200F: None}
"""Marks that keep a line running the way its text does."""

LOOKS = [name for name in look_names(None) if not styling(name, None).labels]


@st.composite
def texts(draw: st.DrawFn, longest: int) -> str:
    """Words of one or two scripts, with line breaks, emoji and now and then an address."""
    letters = "".join(draw(st.lists(st.sampled_from(ALPHABETS), min_size=1, max_size=2)))
    word = st.text(st.sampled_from(sorted(set(letters) - {" "})), min_size=1, max_size=14)
    rare = st.sampled_from((*EMOJI, "\n", "https://example.com/menu/today?x=1&y=2"))
    pieces = draw(st.lists(st.one_of(word, word, word, rare), max_size=120))
    return " ".join(pieces)[:longest].strip()


places = st.sampled_from((0.0, 0.3, 0.5, 0.9, 1.0))


@st.composite
def stories(draw: st.DrawFn) -> Asset:
    named = draw(st.booleans())
    return decorated(
        photo(width=draw(st.integers(200, 3000)), height=draw(st.integers(200, 3000))),
        luminance=draw(st.sampled_from((None, 0.0, 0.2, 0.9))),
        look=draw(st.sampled_from(LOOKS)),
        title=draw(texts(60)),
        caption=draw(texts(700)),
        caption_at=draw(st.none() | st.tuples(places, places)),
        link="https://wa.me/15551234567" if named else None,
        stickers={"link": Spot(label="Order here")} if draw(st.booleans()) else {},
        mentions=("friend",) if draw(st.booleans()) else (),
        hashtags=("bread", "coffee") if draw(st.booleans()) else (),
        emblems=(Emblem(LOGO.path, (draw(st.floats(0, 1)), draw(st.floats(0, 1))), 0.2),)
        * draw(st.integers(0, 2)),
    )


def check(story: Asset, destination: str) -> None:
    strict = dataclasses.replace(HAND, caption="overlay")
    try:
        treatment = treated(story, destination, destinations={**DECORATED.destinations, "whatsapp": strict})
    except LayoutError:
        return
    overlay = drawn_on(treatment)
    setter = typesetter()
    style = styling(story.sidecar.decor.look or "plain", None)
    smallest = min(style.title.smallest_px, style.caption.smallest_px, 22)
    cards = [panel.box for panel in overlay.panels if is_card(panel)]
    loose = [words.box for words in overlay.words if not any(inside(words.box, card) for card in cards)]
    for words in overlay.words:
        ink = setter.ink(words)
        assert ink is None or inside(ink, words.box)
        assert inside(words.box, SAFE)
        assert ink_of(words) == ink_of(with_room(words))
        assert words.size_px >= smallest
    assert all(inside(place, SAFE) for place in cards)
    assert apart([*cards, *loose, *(decal.box for decal in overlay.decals)])
    drawn = "".join("".join(words.lines) for words in overlay.words)
    for text in (story.sidecar.caption, story.sidecar.decor.title):
        assert letters(text) in letters(drawn)


def ink_of(words: Words) -> tuple[int, int]:
    """How far the ink of the words reaches across and down."""
    ink = typesetter().ink(words)
    return (ink.width, ink.height) if ink else (0, 0)


def with_room(words: Words) -> Words:
    """The same in a box that could cut nothing off."""
    box = Rect(words.box.x, words.box.y, words.box.width + 200, words.box.height + 100)
    return dataclasses.replace(words, box=box, ascent_px=words.ascent_px + 50)


def is_card(panel: Panel) -> bool:
    """A shade reaches to the edges, and a veil lies over everything."""
    return panel.box.width < Rect(0, 0, 1080, 1920).width


def letters(text: str) -> str:
    """What must not get lost, whatever the lines and the capitals of a look."""
    return "".join(text.translate(DIRECTIONS).split()).upper().casefold()


@settings(max_examples=60)
@given(story=stories())
def test_every_caption_is_drawn_whole_or_refused(story: Asset) -> None:
    check(story, "whatsapp")
    check(story, "mirrored")


@pytest.mark.slow
@settings(max_examples=3000)
@given(story=stories())
def test_every_one_of_thousands_of_captions_is_drawn_whole_or_refused(story: Asset) -> None:
    check(story, "whatsapp")
    check(story, "mirrored")
