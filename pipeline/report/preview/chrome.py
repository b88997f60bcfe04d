"""What the apps lay over a story, drawn by ourselves in HTML: bars in the margins, and what can be tapped."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from pipeline.model import Sticker
from pipeline.report.preview.glyphs import glyph
from pipeline.report.preview.sight import Screen, Sight
from pipeline.report.words import printable, width_of

MOST_LINES = 3
COLUMNS = 38
"""Of a caption, in letters as wide as most."""


@dataclass(frozen=True, slots=True)
class App:
    """How the bars of an app differ from those of others; glyphs by name."""

    who: str
    when: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    field: str
    answers: tuple[str, ...]
    captions: bool = False


APPS = {
    "whatsapp": App("My status", "Today, 18:00", ("back",), ("more",), "", ("eye",), captions=True),
    "instagram": App("your_account", "1 min", (), ("dots", "cross"), "Send message", ("heart", "plane")),
    "facebook": App("Your page", "Just now", (), ("dots", "cross"), "Reply", ("heart",)),
}
ANOTHER = App("You", "Just now", (), ("cross",), "Reply", ())


def chrome_of(sight: Sight, screen: Screen) -> Iterator[str]:
    """Everything that an app lays over a rendition; its bars stay in the margins, whatever these are."""
    name = screen.platform.partition("_")[0]
    app, area = APPS.get(name, ANOTHER), screen.safe_area
    yield f'<div class="app {escape(name)}" aria-hidden="true">\n'
    yield from map(_sticker, screen.texts.stickers)
    yield f'<div class="top" style="height: {area.top:.2%}">{_top(app, sight)}</div>\n'
    yield f'<div class="bottom" style="height: {area.bottom:.2%}">{_bottom(app, screen)}</div>\n</div>\n'


def _top(app: App, sight: Sight) -> str:
    part, parts = sight.rendition.part, sight.rendition.parts
    states = ("seen" if number < part else "now" if number == part else "" for number in range(1, parts + 1))
    segments = "".join(f'<i class="{state}"></i>' for state in states)
    left, right = "".join(map(glyph, app.before)), "".join(map(glyph, app.after))
    who = f"<span><b>{app.who}</b> <small>{app.when}</small></span>"
    avatar = f"<b class=avatar>{glyph('person')}</b>"
    return f"<div class=segments>{segments}</div><div class=who>{left}{avatar}{who}{right}</div>"


def _bottom(app: App, screen: Screen) -> str:
    caption = _caption(screen.texts.caption) if app.captions and screen.texts.caption else ""
    field = f"<span>{app.field}</span>" if app.field else ""
    return f"{caption}<div class=reply>{field}{''.join(map(glyph, app.answers))}</div>"


def _caption(caption: str) -> str:
    """Its beginning: what is longer than the style leaves room for stands behind a button."""
    words = "<br>".join(map(_safe, caption.splitlines()))
    if lines_of(caption) <= MOST_LINES:
        return f"<p class=said><span>{words}</span></p>"
    return f"<p class=said><span class=long>{words}</span><b>Read more</b></p>"


def lines_of(caption: str) -> int:
    """About how many lines a caption takes on a phone."""
    return sum(max(1, math.ceil(width_of(line) / COLUMNS)) for line in caption.splitlines())


def _sticker(sticker: Sticker) -> str:
    """Where a tap counts, by its middle. Instagram draws nothing there, so what is below shines through."""
    left, top = sticker.x - sticker.width / 2, sticker.y - sticker.height / 2
    place = f"left: {left:.2%}; top: {top:.2%}; width: {sticker.width:.2%}; height: {sticker.height:.2%}"
    sign = {"link": glyph("link"), "location": glyph("place")}.get(sticker.kind, "")
    words = f"<span>{sign}{_safe(words_on(sticker))}</span>"
    return f'<div class="sticker {sticker.kind}" style="{place}">{words}</div>\n'


def words_on(sticker: Sticker) -> str:
    """What a sticker says: its label, the site of its link, or a name with its sign."""
    if sticker.label:
        return sticker.label
    match sticker.kind:
        case "link":
            return sticker.value.partition("://")[2].partition("/")[0].upper()
        case "mention":
            return f"@{sticker.value}"
        case "hashtag":
            return f"#{sticker.value}"
        case "location":
            return sticker.value


def _safe(text: str) -> str:
    return escape(printable(text))
