"""The files of the page itself: HTML in the person's language, style, script and icons."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from importlib.resources import files

from pipeline.page.guard import Refused
from pipeline.page.media import NOT_FOUND
from pipeline.page.speech import ENGLISH, words_in

KINDS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "view.js": "text/javascript",
    "talk.js": "text/javascript",
    "fetching.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
    "icon-maskable.png": "image/png",
    "manifest.webmanifest": "application/manifest+json",
}
PRELOAD = '<link rel="preload" href="/api/stories" as="fetch" crossorigin>\n'
PLACE = re.compile(r"\{\{([a-z_]+)\}\}")


@cache
def page_in(language: str, *, paired: bool) -> bytes:
    """The HTML; the script finds its words in a <meta>, as no script or data may stand inline.

    A phone that isn't paired needn't ask for what it won't get; one that is has its answer on the way
    before the script is there, which saves a round trip.
    """
    words = words_in(language)
    every = {
        **{name: escape(word, quote=True) for name, word in words.items()},
        "lang": language,
        "words": escape(json.dumps(words, ensure_ascii=False), quote=True),
        "paired": "yes" if paired else "no",
        "preload": PRELOAD if paired else "",
    }
    return PLACE.sub(lambda found: every[found[1]], _text("page.html")).encode()


@cache
def asset_of(name: str, language: str = ENGLISH) -> tuple[bytes, str]:
    """One of the page's own files and what it is. Raises Refused."""
    if name not in KINDS:
        raise Refused(NOT_FOUND, "unknown")
    if name == "manifest.webmanifest":
        words = {**words_in(language), "lang": language}
        text = PLACE.sub(lambda found: json.dumps(words[found[1]], ensure_ascii=False)[1:-1], _text(name))
        return text.encode(), KINDS[name]
    return files("pipeline.page").joinpath("static", name).read_bytes(), KINDS[name]


def _text(name: str) -> str:
    return files("pipeline.page").joinpath("static", name).read_text(encoding="utf-8")
