"""Whatever people write, in whatever script: it is set as a whole within its room, or not at all."""

from __future__ import annotations

import pytest
from fakes.letters import SCRIPTS, spilled, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lettering import Measure, Setting, typesetter
from pipeline.lettering.texts import cleaned, graphemes
from pipeline.model import Size, Typeface

ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzáãâçéêíóõôúABCÇ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρστυφχψωάέήί",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤئة",
    "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह",
    "กขคงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "あいうえおかきくけこさしすせそアイウエオ今日本語、。「」ー",
    "的一是不了人我在有他这为之大来以个中上们，。！？",
    "가나다라마바사아자차카타파하한국어",
]
MARKS = ["", "", "\u0301", "\u0303", "\u064e\u0651", "\u05b8", "\u093f", "\u094d", "\u0e31\u0e49", "\u0e38"]
EMOJI = ["👋🏽", "👨\u200d👩\u200d👧", "🏳️\u200d🌈", "🇧🇷", "1️⃣", "❤️", "☎️", "🎉", "👩🏾\u200d🚀", "©", "™", "⚡"]
ODD = list("\u200d\u200f\u202e\u2067\u2069\u00ad\ufeff\x07\ud800\ufdd0\U0003fffd")
LINKS = [
    "https://loja.example.com.br/promo/verao?utm=x1y2z3x1y2z3",
    "@loja_do_ze",
    "#promoção",
    "wa.me/55119876",
]


def words(alphabet: str) -> st.SearchStrategy[str]:
    letter = st.builds(str.__add__, st.sampled_from(alphabet), st.sampled_from(MARKS))
    return st.lists(letter, min_size=1, max_size=10).map("".join)


PARTS = st.one_of(
    *(words(alphabet) for alphabet in ALPHABETS),
    st.sampled_from([*EMOJI, *LINKS, *ODD, *SCRIPTS.values()]),
    st.text(max_size=4),
    st.sampled_from(["2024,", "(a)", "50%", "R$ 1.234,50", "!", "\n", "\n\n", "\t", "«", "）"]),
)
PAIRS = st.tuples(PARTS, st.sampled_from([" ", " ", " ", "", "\n"]))
TEXTS = (
    st.integers(0, 60)
    .flatmap(lambda count: st.lists(PAIRS, min_size=count, max_size=count))
    .map(lambda parts: "".join(part + end for part, end in parts)[:700])
)
SIDES = st.one_of(st.integers(250, 500), st.integers(1, 420))
MEASURES = st.builds(
    Measure,
    typeface=st.builds(
        Typeface, st.sampled_from(["sans", "serif", "display", "hand"]), st.integers(100, 900)
    ),
    box=st.builds(Size, SIDES, SIDES),
    largest_px=st.integers(8, 64),
    smallest_px=st.integers(1, 16),
    leading=st.floats(0.8, 1.6),
    outline_px=st.integers(0, 6),
    balanced=st.booleans(),
    shadow=st.booleans(),
)


def set_whole_or_not_at_all(text: str, measure: Measure) -> None:
    setting = typesetter().fit(text, measure)
    typesetter().missing(text, measure.typeface)
    if setting is None:
        return
    assert measure.smallest_px <= setting.size_px <= measure.largest_px
    assert setting.width_px <= measure.box.width
    assert setting.height_px <= measure.box.height
    keeps_every_character(text, setting)
    assert not spilled(words_of(setting, measure))


def keeps_every_character(text: str, setting: Setting) -> None:
    """All of the text is there, in order; spaces may be where lines break."""
    kept = iter(graphemes("\n".join(setting.lines)))
    wanted = (part for part in graphemes(cleaned(text)) if part.strip())
    lost = [part for part in wanted if not any(other.strip() == part.strip() for other in kept)]
    assert lost == []
    assert setting.lines != ()


@settings(max_examples=80)
@given(TEXTS, MEASURES)
def test_any_caption_is_set_as_a_whole_or_not_at_all(text: str, measure: Measure) -> None:
    set_whole_or_not_at_all(text, measure)


@pytest.mark.slow
@settings(max_examples=3000)
@given(TEXTS, MEASURES)
def test_thousands_of_captions_are_set_as_a_whole_or_not_at_all(text: str, measure: Measure) -> None:
    set_whole_or_not_at_all(text, measure)
