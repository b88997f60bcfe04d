"""What is drawn beside title and caption: link cards, the faces of stickers, logos and part marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.errors import LayoutError
from pipeline.model import (
    Code,
    Decal,
    Emblem,
    Material,
    Overlay,
    Panel,
    Rect,
    Size,
    Sticker,
    Words,
)
from pipeline.plan.drawn.content import Card, Content
from pipeline.plan.drawn.labels import Label, label
from pipeline.plan.drawn.type import Type
from pipeline.plan.room import Room

CARD_HEIGHT, CARD_WITH_CODE = 0.15, 0.24
CARD_WIDTH = 0.8
INSET = 0.026
ROUND = 0.03
"""Of a card, as fractions of the canvas's width."""

MARK = Size(118, 64)
LABEL_PX, ADDRESS_PX = 56, 38
SIGNS = {"mention": "@", "hashtag": "#", "location": "📍 ", "link": "🔗 "}
NO_ROOM = "there is no room left in the safe area for {}: leave something out, or make it smaller"


def decals_of(emblems: Sequence[Emblem], materials: Mapping[Path, Material], room: Room) -> list[Decal]:
    """Logos and stickers where they were wished for, or as near as there is room."""
    return [_decal(emblem, materials[emblem.file], room) for emblem in emblems]


def _decal(emblem: Emblem, material: Material, room: Room) -> Decal:
    facts = material.facts
    if facts is None or facts.kind == "video":
        raise LayoutError(f"{emblem.file.name} is no picture, so it can't be a sticker")
    width = round(room.canvas.width * emblem.width)
    size = Size(width, max(1, round(width * facts.height / facts.width)))
    places = room.take([size], emblem.at)
    if not places:
        raise LayoutError(NO_ROOM.format(f"{emblem.file.name} of {size.width}×{size.height} px"))
    return Decal(emblem.file, material.sha256, places[0], emblem.opacity)


def marks_of(parts: int, room: Room, type_: Type) -> Overlay:
    """1/3, 2/3, 3/3, each on its part."""
    overlay = Overlay(type_.canvas)
    places = room.take([Size(type_.px(MARK.width), type_.px(MARK.height))], (1.0, 0.0)) if parts > 1 else []
    if not places:
        return overlay
    place = places[0]
    panel = Panel(place, "#000000", 0.5, place.height // 2)
    inner = _inset(place, type_.px(16), type_.px(8))
    marks = (Label(f"{part}/{parts}", "#ffffff", part=part) for part in range(1, parts + 1))
    words = tuple(words for mark in marks if (words := label(mark, inner, type_)))
    return Overlay(type_.canvas, panels=(panel,), words=words)


def card_of(card: Card, content: Content, room: Room, type_: Type) -> Overlay:
    """A link as people read it, with a code that another phone can scan. Raises LayoutError without room."""
    style = content.styling.card
    height = type_.share(CARD_WITH_CODE if style.code else CARD_HEIGHT)
    width = min(type_.share(CARD_WIDTH), room.safe.width)
    wish = card.at or (0.5, {"top": 0.0, "middle": 0.5, "bottom": 1.0}[style.at])
    places = room.take([Size(width, height)], wish)
    if not places:
        raise LayoutError(NO_ROOM.format("the link"))
    place, inset = places[0], type_.share(INSET)
    panel = Panel(place, style.colour, 1.0, type_.share(ROUND))
    inner = _inset(place, inset, inset)
    codes: tuple[Code, ...] = ()
    if style.code:
        side = inner.height
        codes = (Code(Rect(inner.x, inner.y, side, side), card.link),)
        inner = Rect(inner.x + side + inset, inner.y, inner.width - side - inset, side)
    words = tuple(_card_words(card, inner, type_, style.ink))
    return Overlay(type_.canvas, panels=(panel,), codes=codes, words=words)


def _card_words(card: Card, inner: Rect, type_: Type, ink: str) -> Iterator[Words]:
    """The label over the address, or the address alone; the site where the whole address is too long."""
    lower = inner
    size = LABEL_PX
    if card.label:
        upper = Rect(inner.x, inner.y, inner.width, round(inner.height * 0.55))
        lower = Rect(inner.x, upper.y + upper.height, inner.width, inner.height - upper.height)
        size = ADDRESS_PX
        yield from _first_that_fits((Label(card.label, ink, LABEL_PX, "left"),), upper, type_)
    addresses = (short_link(card.link), _site(card.link))
    yield from _first_that_fits([Label(text, ink, size, "left", 600) for text in addresses], lower, type_)


def _first_that_fits(labels: Sequence[Label], box: Rect, type_: Type) -> Iterator[Words]:
    found = next((words for one in labels if (words := label(one, box, type_))), None)
    if found:
        yield found


def short_link(link: str) -> str:
    """A link without what nobody reads: its scheme, www., and what follows a question mark."""
    bare = re.sub(r"^https?://(www\.)?", "", link)
    return re.split(r"[?#]", bare)[0].rstrip("/")


def _site(link: str) -> str:
    return short_link(link).partition("/")[0]


def faces_of(stickers: Sequence[Sticker], content: Content, type_: Type) -> Overlay:
    """What can be tapped, made visible in the very place where a tap counts."""
    style, canvas = content.styling.card, type_.canvas
    panels: list[Panel] = []
    words: list[Words] = []
    for sticker in stickers:
        width, height = round(sticker.width * canvas.width), round(sticker.height * canvas.height)
        x, y = round(sticker.x * canvas.width - width / 2), round(sticker.y * canvas.height - height / 2)
        place = Rect(x, y, width, height)
        inner = _inset(place, round(height * 0.3), round(height * 0.16))
        face = label(Label(_shown(sticker), style.ink), inner, type_)
        if face:
            panels.append(Panel(place, style.colour, 0.96, height // 4))
            words.append(face)
    return Overlay(canvas, panels=tuple(panels), words=tuple(words))


def _shown(sticker: Sticker) -> str:
    if sticker.kind == "link":
        return SIGNS["link"] + (sticker.label or _site(sticker.value))
    return SIGNS[sticker.kind] + sticker.value


def _inset(rect: Rect, across: int, down: int) -> Rect:
    return Rect(rect.x + across, rect.y + down, rect.width - 2 * across, rect.height - 2 * down)
