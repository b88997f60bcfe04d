"""Fonts that a person brings along, and the names that renditions know fonts by."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.letters import words_of
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import Image

from pipeline.errors import ConfigError
from pipeline.lettering import Measure, typesetter
from pipeline.lettering.files import FAMILIES, family_file
from pipeline.model import Size, Typeface

HEAVY = "import sys, pipeline.lettering; print([name for name in {!r} if name in sys.modules])"
FRUIT, PRIVATE = "🍎", "\ue000"


def square() -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 800), (800, 800), (800, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def font(path: Path, characters: str, colour: str = "") -> Path:
    """A font that draws every character as a square, in a colour if one is given."""
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", *(f"g{ord(character):x}" for character in characters)]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(character): f"g{ord(character):x}" for character in characters})
    builder.setupGlyf(dict.fromkeys(names, square()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupPost()
    if colour:
        layers = {name: [(name, 0)] for name in names}
        builder.font["COLR"] = buildCOLR(layers, version=0)
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        builder.font["CPAL"] = buildCPAL([[(red, green, blue, 1.0)]])
    builder.save(path)
    return path


def colours(text: str, own: tuple[Path, ...], family: str = "sans") -> set[tuple[int, ...]]:
    """The colours of all that is not see-through."""
    measure = Measure(Typeface(family), Size(200, 100), 40, 40)
    setting = typesetter(own).fit(text, measure)
    assert setting is not None
    layer = Image.new("RGBA", (260, 140))
    typesetter(own).draw(layer, words_of(setting, measure))
    return {pixel[:3] for pixel in layer.get_flattened_data() if isinstance(pixel, tuple) and pixel[3] == 255}


def test_a_font_of_ones_own_draws_what_the_shipped_ones_lack(tmp_path: Path) -> None:
    own = font(tmp_path / "own.ttf", PRIVATE)
    assert typesetter().missing(PRIVATE, Typeface()) == (PRIVATE,)
    assert typesetter((own,)).missing(PRIVATE, Typeface()) == ()
    assert colours(PRIVATE, (own,)) == {(255, 255, 255)}
    assert colours(PRIVATE, (), str(own)) == {(255, 255, 255)}


def test_a_colour_font_of_ones_own_draws_emoji(tmp_path: Path) -> None:
    own = font(tmp_path / "colour.ttf", FRUIT, "#00ff00")
    assert (0, 255, 0) in colours(FRUIT, (own,))
    assert (0, 255, 0) not in colours(FRUIT, ())
    assert colours("a", (own,)) == {(255, 255, 255)}


def test_a_font_without_weights_is_drawn_as_it_is(tmp_path: Path) -> None:
    own = font(tmp_path / "own.ttf", "ab")
    assert colours("ab", (), str(own)) == {(255, 255, 255)}


@pytest.mark.parametrize("family", ["fancy", "/nowhere/font.ttf", "relative.ttf"])
def test_an_unknown_family_is_a_mistake_in_the_config(family: str) -> None:
    with pytest.raises(ConfigError, match="neither a font file nor one of sans, serif"):
        typesetter().fit("a", Measure(Typeface(family), Size(99, 99), 20, 10))


def test_a_file_that_is_no_font_is_a_mistake_in_the_config(tmp_path: Path) -> None:
    path = tmp_path / "none.ttf"
    path.write_text("not a font")
    with pytest.raises(ConfigError, match="this font can't be read"):
        typesetter().fit("a", Measure(Typeface(str(path)), Size(99, 99), 20, 10))


def test_a_fingerprint_tells_fonts_apart_by_what_is_in_them(tmp_path: Path) -> None:
    one, copy = font(tmp_path / "one.ttf", "a"), tmp_path / "copy.ttf"
    shutil.copyfile(one, copy)
    other = font(tmp_path / "other.ttf", "ab")
    prints = [typesetter((path,)).fingerprint(["sans"]) for path in (one, copy, other)]
    assert prints[0] == prints[1] != prints[2]
    assert typesetter().fingerprint([str(one)]) == typesetter().fingerprint([str(copy)])


def test_a_fingerprint_names_the_families() -> None:
    prints = {typesetter().fingerprint([family]) for family in FAMILIES}
    assert len(prints) == len(FAMILIES)
    assert all(len(found) == 16 for found in prints)
    assert typesetter().fingerprint({"sans", "hand"}) == typesetter().fingerprint(["hand", "sans"])
    assert typesetter() is typesetter()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("weight", [100, 400, 700, 900])
def test_every_family_has_weights(family: str, weight: int) -> None:
    setting = typesetter().fit("Olá", Measure(Typeface(family, weight), Size(300, 100), 40, 40))
    assert setting is not None
    assert family_file(family).path.is_file()


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = HEAVY.format(["PIL", "fontTools", "icu4py", "bidi", "numpy"])
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
