"""The typesetter: what a text needs, and its drawing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.lettering import texts
from pipeline.lettering.measures import Measure, Setting
from pipeline.model import Rect, Typeface, Words

if TYPE_CHECKING:
    from PIL import Image

_one_at_a_time = threading.RLock()
"""A font belongs to one thread at a time, and all typesetters share them."""


@lru_cache(maxsize=8)
def typesetter(fallback: tuple[Path, ...] = ()) -> Typesetter:
    """The typesetter that tries these fonts of a person before the shipped ones."""
    return Typesetter(fallback)


class Typesetter:
    """Sets and draws words; may be shared by threads."""

    def __init__(self, fallback: tuple[Path, ...] = ()) -> None:
        self._own = fallback

    def fingerprint(self, families: Collection[str]) -> str:
        """Names the very font files that words of these families are drawn with."""
        from pipeline.lettering import files

        paths = [files.family_file(family).path for family in sorted(families)]
        names = [files.named(path) for path in (*paths, *self._own)]
        told = "\n".join((*names, *files.shipped_versions()))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def missing(self, text: str, typeface: Typeface) -> tuple[str, ...]:
        """The characters that nothing here can draw, each once."""
        from pipeline.lettering.choice import drawable, fonts_for, source_of

        plain = texts.with_plain_ends(text)
        bad = texts.UNDRAWABLE.findall(plain)
        with _one_at_a_time:
            fonts = fonts_for(text, typeface.family, self._own)
            good = texts.graphemes(texts.cleaned(plain))
            seen = (part for part in good if texts.visible(part).strip())
            lost = [part for part in seen if not source_of(drawable(part, fonts), fonts)]
        return tuple(dict.fromkeys(part for part in (*bad, *lost) if part != "\n"))

    def fit(self, text: str, measure: Measure) -> Setting | None:
        """The text as large as it fits as a whole; None when it doesn't even at the smallest size."""
        from pipeline.lettering.choice import fonts_for
        from pipeline.lettering.fitting import largest_setting

        plain = texts.cleaned(text)
        with _one_at_a_time:
            return largest_setting(plain, measure, fonts_for(plain, measure.typeface.family, self._own))

    def draw(self, layer: Image.Image, words: Words) -> None:
        """Lay the words over an RGBA layer."""
        from pipeline.lettering.drawing import pasted

        pasted(layer, self._picture(words), (words.box.x, words.box.y))

    def ink(self, words: Words) -> Rect | None:
        """Where something of the words is seen; None when nothing is."""
        box = self._picture(words).getbbox()
        if box is None:
            return None
        left, top, right, bottom = box
        return Rect(words.box.x + left, words.box.y + top, right - left, bottom - top)

    def _picture(self, words: Words) -> Image.Image:
        from pipeline.lettering.choice import fonts_for
        from pipeline.lettering.drawing import picture

        with _one_at_a_time:
            return picture(words, fonts_for("\n".join(words.lines), words.typeface.family, self._own))
