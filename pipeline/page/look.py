"""The files of the page itself: HTML in the person's language, style, script and icons."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from pipeline.page.guard import Refused
from pipeline.page.media import NOT_FOUND
from pipeline.page.speech import ENGLISH, words_in

KINDS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "view.js": "text/javascript",
    "talk.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
    "icon-maskable.png": "image/png",
    "manifest.webmanifest": "application/manifest+json",
}
PRELOADS = (
    "<{}>; rel=preload; as=image",
    "<{}>; rel=preload; as=fetch; crossorigin",
)
PLACE = re.compile(r"\{\{([a-z_]+)\}\}")


def page_in(language: str, board: Mapping[str, Any] | None) -> bytes:
    """The HTML; the script finds its words in a <meta>, as no script or data may stand inline.

    A phone that is paired gets its stories in another one: that saves a wait on a slow line. None is a phone
    that isn't paired.
    """
    told = {
        "paired": "no" if board is None else "yes",
        "board": _in_quotes(board) if board else "",
    }
    return PLACE.sub(lambda found: told[found[1]], _page_in(language)).encode()


def on_its_way(board: Mapping[str, Any]) -> str:
    """A Link header (RFC 8288) by which the first story comes before the page itself is read."""
    ready = board["ready"]
    first = (ready[0]["poster"], ready[0]["media"]["url"]) if ready and ready[0]["media"] else ()
    return ", ".join(link.format(url) for link, url in zip(PRELOADS, first, strict=False))


@cache
def _page_in(language: str) -> str:
    """What is the same for everybody: all but three places."""
    words = words_in(language)
    every = {
        **{name: escape(word, quote=True) for name, word in words.items()},
        "lang": language,
        "words": _in_quotes(words),
        **{name: f"{{{{{name}}}}}" for name in ("paired", "board")},
    }
    return PLACE.sub(lambda found: every[found[1]], _text("page.html"))


def _in_quotes(told: Mapping[str, Any]) -> str:
    """JSON for an attribute in single quotes: its own double ones stay as they are, a third less."""
    return escape(json.dumps(dict(told), ensure_ascii=False), quote=False).replace("'", "&#39;")


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


@cache
def packed_asset(name: str) -> bytes:
    """The same, a quarter as long: only what is the same for everybody is packed (BREACH)."""
    return gzip.compress(asset_of(name)[0], mtime=0)


def _text(name: str) -> str:
    return files("pipeline.page").joinpath("static", name).read_text(encoding="utf-8")
