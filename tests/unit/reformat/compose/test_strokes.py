from __future__ import annotations

from pipeline.lettering import Measure, typesetter
from pipeline.model import Overlay, Rect, Size, Typeface, Words
from pipeline.reformat.compose.strokes import Strokes, strokes_of

BOX = Rect(10, 20, 240, 120)
CANVAS = Size(270, 480)


def typed(text: str) -> Strokes:
    setting = typesetter().fit(text, Measure(Typeface(), Size(BOX.width, BOX.height), 24, 8))
    assert setting is not None
    words = Words(
        setting.lines, BOX, Typeface(), setting.size_px, setting.ascent_px, setting.line_px, "#ffffff"
    )
    return strokes_of(words, Overlay(CANVAS, words=(words,)), 1.0)


def seen(strokes: Strokes, age_s: float) -> tuple[int, int, int, int] | None:
    return strokes.mask((270, 480), (0, 0), age_s).getbbox()


def test_each_character_shows_more_of_the_line_from_the_left() -> None:
    strokes = typed("morning")
    (band,) = strokes.bands
    assert strokes.count == 7
    assert list(band.edges) == sorted(band.edges)
    first, later = seen(strokes, 0.0), seen(strokes, strokes.seconds / 2)
    assert first
    assert later
    assert first[0] == later[0] == 0
    assert first[2] < later[2] < 270


def test_what_is_read_from_the_right_appears_from_the_right() -> None:
    strokes = typed("صباح الخير")
    first, later = seen(strokes, 0.0), seen(strokes, strokes.seconds / 2)
    assert first
    assert later
    assert first[2] == later[2] == 270
    assert first[0] > later[0] > 0


def test_a_line_waits_until_the_one_above_is_whole() -> None:
    strokes = typed("one of the lines\nand another")
    upper, lower = strokes.bands
    share = len(upper.edges) / strokes.count
    before, after = seen(strokes, strokes.seconds * (share - 0.02)), seen(strokes, strokes.seconds * 0.99)
    assert before
    assert after
    assert before[3] <= round(upper.bottom) + 1
    assert after[3] == 480
    assert lower.top == upper.bottom


def test_an_emoji_of_several_parts_is_one_character_and_long_texts_are_typed_faster() -> None:
    assert typed("a👩‍👩‍👧b").count == 3
    assert typed("abcde").seconds < 0.5
    assert typed("word " * 30).seconds == 2.0
