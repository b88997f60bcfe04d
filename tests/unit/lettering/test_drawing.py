"""What words look like on a layer."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes.letters import SCRIPTS, lies_in, spilled, words_of
from PIL import Image, ImageChops

from pipeline.lettering import Measure, typesetter
from pipeline.model import Align, Outline, Rect, Size, Typeface, Words

ROOM = Measure(Typeface(), Size(400, 260), largest_px=40, smallest_px=10)
DECORATED = dataclasses.replace(ROOM, outline_px=4, shadow=True)
CLEAR = (0, 0, 0, 0)


def words_for(text: str, measure: Measure = ROOM, align: Align = "center") -> Words:
    setting = typesetter().fit(text, measure)
    assert setting is not None
    return words_of(setting, measure, align)


def drawn(words: Words) -> Image.Image:
    layer = Image.new("RGBA", (480, 320), CLEAR)
    typesetter().draw(layer, words)
    return layer


def same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox(alpha_only=False) is None


@pytest.mark.parametrize("measure", [ROOM, DECORATED])
@pytest.mark.parametrize("script", SCRIPTS)
def test_all_ink_lies_in_the_box(script: str, measure: Measure) -> None:
    words = words_for(SCRIPTS[script], measure)
    assert not spilled(words)
    assert lies_in(typesetter().ink(words), words.box)


@pytest.mark.parametrize("script", SCRIPTS)
def test_lines_do_not_touch(script: str) -> None:
    measure = dataclasses.replace(ROOM, leading=0.5)
    words = words_for(f"{SCRIPTS[script]}\n{SCRIPTS[script]}", measure)
    top = typesetter().ink(dataclasses.replace(words, lines=words.lines[:1]))
    rest = typesetter().ink(dataclasses.replace(words, lines=("", *words.lines[1:])))
    assert top is not None
    assert rest is not None
    assert top.y + top.height <= rest.y


def test_a_shadow_falls_below_and_fades_before_the_edge() -> None:
    words = words_for("Olá", dataclasses.replace(ROOM, shadow=True))
    layer = drawn(words)
    box = words.box
    edge = [layer.getpixel((x, box.y + box.height - 1)) for x in range(box.x, box.x + box.width)]
    plain = typesetter().ink(dataclasses.replace(words, shadow=False))
    shaded = typesetter().ink(words)
    assert plain is not None
    assert shaded is not None
    assert shaded.y + shaded.height > plain.y + plain.height
    assert max(pixel[3] for pixel in edge if isinstance(pixel, tuple)) <= 8


def test_an_outline_is_round_the_letters_and_beneath_them() -> None:
    words = words_for("Olá", dataclasses.replace(ROOM, outline_px=4))
    plain = dataclasses.replace(words, outline=None)
    inside = drawn(plain).getchannel("A").point(lambda value: 255 if value == 255 else 0)
    outlined = drawn(words)
    blank = Image.new("RGBA", outlined.size)
    assert same(Image.composite(outlined, blank, inside), Image.composite(drawn(plain), blank, inside))
    ink, bare = typesetter().ink(words), typesetter().ink(plain)
    assert ink is not None
    assert bare is not None
    assert (ink.x, ink.width) == (bare.x - 4, bare.width + 8)


@pytest.mark.parametrize(("align", "where"), [("left", 0.0), ("center", 0.5), ("right", 1.0)])
def test_words_are_aligned_in_their_box(align: Align, where: float) -> None:
    words = words_for("Olá", align=align)
    wide = dataclasses.replace(words, box=Rect(10, 10, 300, words.box.height))
    ink = typesetter().ink(wide)
    assert ink is not None
    assert abs(ink.x - 10 - (300 - ink.width) * where) <= 4


def test_the_same_words_are_the_same_pixels() -> None:
    words = words_for(SCRIPTS["mixed"], DECORATED)
    assert same(drawn(words), drawn(words))


def test_threads_share_a_typesetter() -> None:
    texts = [SCRIPTS["mixed"], SCRIPTS["Japanese"], SCRIPTS["Hindi"]] * 2
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda text: drawn(words_for(text)), texts))
    assert all(same(one, drawn(words_for(text))) for one, text in zip(pictures, texts, strict=True))


def test_brackets_are_mirrored_from_right_to_left() -> None:
    opening, closing = (drawn(words_for(f"\u200f{sign}")) for sign in "()")
    assert same(opening, drawn(words_for(")")))
    assert same(closing, drawn(words_for("(")))


def test_arabic_letters_are_joined() -> None:
    joined, apart = (typesetter().fit(text, ROOM) for text in ("بببب", "ب\u200cب\u200cب\u200cب"))
    assert joined is not None
    assert apart is not None
    assert joined.width_px < 0.8 * apart.width_px


def test_the_middle_of_an_emoji_is_that_of_the_capitals() -> None:
    measure = dataclasses.replace(ROOM, largest_px=40, smallest_px=40)
    capital = dataclasses.replace(words_for("H", measure), ascent_px=60, box=Rect(0, 0, 100, 100))
    emoji = dataclasses.replace(capital, lines=("🟥",))
    high, square = (typesetter().ink(words) for words in (capital, emoji))
    assert high
    assert square
    assert abs((2 * high.y + high.height) - (2 * square.y + square.height)) <= 4


def test_colours_may_be_see_through_and_edges_have_no_fringe() -> None:
    words = dataclasses.replace(words_for("Olá"), colour="#ff000080")
    layer = drawn(words)
    assert layer.getchannel("A").getextrema() == (0, 128)
    inked = layer.getchannel("A").point(lambda value: 255 if value else 0)
    red = Image.new("RGB", layer.size, "#ff0000")
    assert same(Image.composite(layer.convert("RGB"), red, inked), red)


def test_words_beyond_the_edge_of_a_layer_are_cut() -> None:
    words = words_for("Olá mundo")
    for x, y in ((-20, -10), (470, 310), (-900, 0), (0, 900)):
        drawn(dataclasses.replace(words, box=dataclasses.replace(words.box, x=x, y=y)))
    shifted = dataclasses.replace(words, box=dataclasses.replace(words.box, x=-20))
    whole = drawn(dataclasses.replace(words, box=dataclasses.replace(words.box, x=0)))
    assert same(drawn(shifted).crop((0, 0, 300, 300)), whole.crop((20, 0, 320, 300)))


def test_nothing_to_draw_has_no_ink() -> None:
    assert typesetter().ink(words_for("")) is None
    outlined = dataclasses.replace(words_for("", DECORATED), outline=Outline("#000000", 3))
    assert typesetter().ink(outlined) is None
