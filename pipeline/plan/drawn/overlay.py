"""All that is drawn over one story put together: first what has its own place, then words in what is left."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LayoutError
from pipeline.model import Material, Overlay, Panel, Rect, Row, TextStyle
from pipeline.plan.drawn.beneath import Beneath
from pipeline.plan.drawn.content import Content
from pipeline.plan.drawn.contrast import Range, dimmed, readable
from pipeline.plan.drawn.pieces import card_of, decals_of, faces_of, marks_of
from pipeline.plan.drawn.type import Type
from pipeline.plan.drawn.words import Block, blocks_of, text_of, words_of
from pipeline.plan.room import Room

PLATE_ROUND = 0.024
SHADE_RISE = 0.2
"""Of a plate's corners and of a shade's soft edge, as fractions of the canvas's width."""

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """What lies over the whole story, what comes in over a film, and all of it in words."""

    fixed: Overlay
    coming_in: Overlay | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_anything(self) -> bool:
        """Whether there is something to draw that doesn't move."""
        fixed = self.fixed
        return bool(fixed.panels or fixed.decals or fixed.codes or fixed.words)


@dataclass(frozen=True, slots=True)
class Desk:
    """With what is drawn: the room on the canvas, the type, and the files by their paths."""

    room: Room
    type_: Type
    materials: Mapping[Path, Material]


def draw(content: Content, parts: int, beneath: Beneath, desk: Desk) -> Drawn:
    """Everything of `content`, in pixels of the profile's canvas.

    The room already holds the places of stickers. Raises LayoutError for what doesn't fit.
    """
    room, type_ = desk.room, desk.type_
    decals = decals_of(content.emblems, desk.materials, room)
    pieces = [marks_of(parts, room, type_)] if content.marks else []
    pieces.append(faces_of(content.stickers, content, type_))
    card, lacking = _card(content, room, type_)
    pieces.append(card)
    spoken, notes = _spoken(content, room, type_, beneath)
    plain = Overlay(type_.canvas, decals=tuple(decals), panels=tuple(_veil(content, type_)))
    comes_in = content.animate != "none" and content.has_words
    fixed = _together([plain, *pieces] if comes_in else [plain, spoken, *pieces], type_)
    coming_in = _together([_animated(spoken, content)], type_) if comes_in else None
    shown = dataclasses.replace(content, card=None) if lacking else content
    return Drawn(fixed, coming_in, (*notes, *lacking, *_pieces_in_words(shown)))


def _card(content: Content, room: Room, type_: Type) -> tuple[Overlay, tuple[str, ...]]:
    """The card of a link; without room for it, why it's left to the text where it may be."""
    if content.card is None:
        return Overlay(type_.canvas), ()
    try:
        return card_of(content.card, content, room, type_), ()
    except LayoutError as too_much:
        if content.strict:
            raise
        return Overlay(type_.canvas), (f"the link is not drawn, it goes along as text: {too_much}",)


def _spoken(content: Content, room: Room, type_: Type, beneath: Beneath) -> tuple[Overlay, list[str]]:
    """Title and caption. Where they needn't be in the picture and don't fit, they are left to the text."""
    empty = Overlay(type_.canvas)
    if not content.has_words:
        return empty, []
    try:
        blocks = blocks_of(content, room.band(), type_)
    except LayoutError as too_much:
        if content.strict:
            raise
        return empty, [f"words are not drawn, they go along as text: {too_much}"]
    styled = [(block, readable(block.style, _under(block, beneath, content))) for block in blocks]
    panels: list[Panel] = []
    rows: dict[Row, list[tuple[Block, TextStyle]]] = {}
    for block, found in styled:
        rows.setdefault(block.style.at, []).append((block, found.style))
        if found.style.backing == "plate":
            panels.append(_plate(block.box, found.style, type_))
    shades = [panel for row, entries in rows.items() for panel in _shades(row, entries, type_)]
    words = tuple(words_of(block, type_, found.style) for block, found in styled)
    notes = [_in_words(block, content, found.why) for block, found in styled]
    return Overlay(type_.canvas, panels=(*shades, *panels), words=words), notes


def _under(block: Block, beneath: Beneath, content: Content) -> Range:
    seen = beneath.luminance(block.box)
    return dimmed(seen, content.styling.dim) if content.styling.dim else seen


def _veil(content: Content, type_: Type) -> Iterable[Panel]:
    if content.styling.dim and content.has_words:
        yield Panel(Rect(0, 0, type_.canvas.width, type_.canvas.height), "#000000", content.styling.dim)


def _plate(box: Rect, style: TextStyle, type_: Type) -> Panel:
    return Panel(box, style.backing_colour, style.backing_opacity, type_.share(PLATE_ROUND))


def _shades(row: Row, entries: Sequence[tuple[Block, TextStyle]], type_: Type) -> Iterable[Panel]:
    """From the words to the edge of the picture in one tone, with a soft edge on the other side."""
    shaded = [(block.box, style) for block, style in entries if style.backing == "shade"]
    if not shaded:
        return
    style = max((style for _, style in shaded), key=lambda style: style.backing_opacity)
    top = min(box.y for box, _ in shaded)
    bottom = max(box.y + box.height for box, _ in shaded)
    canvas, rise = type_.canvas, type_.share(SHADE_RISE)
    start, end = (0 if row == "top" else top), (canvas.height if row == "bottom" else bottom)

    def panel(y: int, height: int, **fade: str) -> Panel:
        return Panel(Rect(0, y, canvas.width, height), style.backing_colour, style.backing_opacity, **fade)  # type: ignore[arg-type]

    if row != "top":
        yield panel(start - rise, rise, fade="down")
    yield panel(start, end - start)
    if row != "bottom":
        yield panel(end, rise, fade="up")


def _animated(overlay: Overlay, content: Content) -> Overlay:
    return dataclasses.replace(
        overlay,
        panels=tuple(dataclasses.replace(panel, animation=content.animate) for panel in overlay.panels),
        words=tuple(dataclasses.replace(words, animation=content.animate) for words in overlay.words),
    )


def _together(pieces: Sequence[Overlay], type_: Type) -> Overlay:
    """One overlay of all; the fonts that it was measured with are named."""
    words = tuple(words for piece in pieces for words in piece.words)
    families = {one.typeface.family for one in words}
    return Overlay(
        canvas=type_.canvas,
        fonts=type_.setter.fingerprint(families) if families else "",
        fallback=type_.fallback if families else (),
        panels=tuple(panel for piece in pieces for panel in piece.panels),
        decals=tuple(decal for piece in pieces for decal in piece.decals),
        codes=tuple(code for piece in pieces for code in piece.codes),
        words=words,
    )


def _in_words(block: Block, content: Content, why: str) -> str:
    text = " ".join(text_of(content, block.kind).split())
    shown = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    row = {"top": "at the top", "middle": "in the middle", "bottom": "at the bottom"}[block.style.at]
    lines = len(block.setting.lines)
    told = (
        f"{block.kind} drawn {row}: “{shown}”, {lines} line{'s' * (lines > 1)} of {block.setting.size_px} px"
    )
    return f"{told}, {why}" if why else told


def _pieces_in_words(content: Content) -> Iterable[str]:
    if content.card:
        code = " with a QR code" if content.styling.card.code else ""
        yield f"link card{code} drawn: {content.card.link}"
    if content.stickers:
        yield "stickers drawn where they can be tapped"
    yield from (f"{emblem.file.name} laid over it" for emblem in content.emblems)
    if content.marks:
        yield "each part marked with its number"
