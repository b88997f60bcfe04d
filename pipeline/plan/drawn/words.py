"""Title and caption set in the room that is left: as large as the look allows, all of them or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from pipeline.errors import LayoutError
from pipeline.model import Outline, Rect, Row, Size, TextStyle, Words
from pipeline.plan.drawn.content import Content
from pipeline.plan.drawn.type import LEAN, Type

if TYPE_CHECKING:
    from pipeline.lettering import Setting

GAP = 0.02
OUTLINE = 0.005
"""Between two texts, and round letters, as fractions of the canvas's width."""

LEADING = 1.25
QUOTING = frozenset({"Pi", "Pf", "Ps"})
"""Unicode's categories of marks that quotations begin with."""

Kind = Literal["title", "caption"]


@dataclass(frozen=True, slots=True)
class Block:
    """A text that fits, with its place: `box` holds its padding too."""

    kind: Kind
    style: TextStyle
    setting: Setting
    box: Rect


def blocks_of(content: Content, band: Rect, type_: Type) -> list[Block]:
    """Title and caption, each with its place in the band.

    Raises LayoutError when they don't fit at their smallest, or when no font has their letters.
    """
    settings = _set(content, band, type_)
    order: list[Kind] = ["title", "caption"]
    if content.styling.title_below:
        order.reverse()
    rows: dict[Row, list[tuple[Kind, Setting]]] = {"top": [], "middle": [], "bottom": []}
    for kind in order:
        if kind in settings:
            rows[_style(content, kind).at].append((kind, settings[kind]))
    return list(_stacked(rows, content, band, type_))


def words_of(block: Block, type_: Type, style: TextStyle) -> Words:
    """What is drawn of a block, in a style that can be read there."""
    across, down = type_.padding
    outlined = style.backing == "outline"
    return Words(
        lines=block.setting.lines,
        box=Rect(block.box.x + across, block.box.y + down, block.setting.width_px, block.setting.height_px),
        typeface=type_.face(style),
        size_px=block.setting.size_px,
        ascent_px=block.setting.ascent_px,
        line_px=block.setting.line_px,
        colour=style.colour,
        align=style.align,
        outline=Outline(style.backing_colour, type_.share(OUTLINE)) if outlined else None,
        shadow=_is_shadowed(style),
    )


def text_of(content: Content, kind: Kind) -> str:
    """The text as it is set."""
    text = content.title if kind == "title" else _quoted(content)
    return text.upper() if _style(content, kind).upper else text


def _quoted(content: Content) -> str:
    """The caption between the look's quotation marks, unless it brings its own."""
    text, quotes = content.caption, content.styling.quotes
    if not text or not quotes or text[0] in "\"'" or category(text[0]) in QUOTING:
        return text
    return quotes[0] + text + quotes[-1]


def _style(content: Content, kind: Kind) -> TextStyle:
    return content.styling.title if kind == "title" else content.styling.caption


def _set(content: Content, band: Rect, type_: Type) -> dict[Kind, Setting]:
    """The title at its best first; where that leaves too little for the caption, at its smallest."""
    kinds: list[Kind] = [kind for kind in ("title", "caption") if text_of(content, kind)]
    _check_letters(content, kinds, type_)
    for modest in (False, True):
        settings: dict[Kind, Setting] = {}
        left = band.height
        for kind in kinds:
            fitted = _fitted(content, kind, Size(band.width, left), type_, modest=modest)
            if fitted is None:
                break
            settings[kind] = fitted
            left -= fitted.height_px + 2 * type_.padding[1] + type_.share(GAP)
        if len(settings) == len(kinds):
            return settings
    raise LayoutError(_too_long(content, kinds, type_))


def _fitted(content: Content, kind: Kind, room: Size, type_: Type, *, modest: bool) -> Setting | None:
    from pipeline.lettering import Measure

    style, (across, down) = _style(content, kind), type_.padding
    smallest = type_.px(style.smallest_px)
    share = round(style.most * type_.canvas.height)
    for height in (min(share, room.height), room.height):
        measure = Measure(
            typeface=type_.face(style),
            box=Size(room.width - 2 * across, height - 2 * down),
            largest_px=smallest if modest and kind == "title" else max(smallest, type_.px(style.largest_px)),
            smallest_px=smallest,
            leading=LEADING,
            outline_px=type_.share(OUTLINE) if style.backing == "outline" else 0,
            balanced=kind == "title" or style.align == "center",
            shadow=_is_shadowed(style),
        )
        if min(measure.box.width, measure.box.height) > 0:
            found = type_.setter.fit(text_of(content, kind), measure)
            if found:
                return found
    return None


def _is_shadowed(style: TextStyle) -> bool:
    return style.backing in {"shadow", "shade"}


def _stacked(
    rows: dict[Row, list[tuple[Kind, Setting]]], content: Content, band: Rect, type_: Type
) -> Sequence[Block]:
    gap = type_.share(GAP)
    heights = {row: _height(entries, type_, gap) for row, entries in rows.items()}
    bottom = band.y + band.height - heights["bottom"]
    above = band.y + (heights["top"] + gap if heights["top"] else 0)
    below = bottom - (gap if heights["bottom"] else 0)
    wish = _wish(rows["middle"], content, type_.canvas)
    highest, lowest = above, below - heights["middle"]
    middle = (above + lowest) // 2 if wish is None else wish - heights["middle"] // 2
    starts = {"top": band.y, "middle": min(max(middle, highest), lowest), "bottom": bottom}
    found: list[Block] = []
    for row, entries in rows.items():
        y = starts[row]
        for kind, setting in entries:
            style = _leaning(_style(content, kind), text_of(content, kind))
            box = _placed(setting, style, y, band, type_)
            found.append(Block(kind, style, setting, box))
            y += box.height + gap
    return found


def _wish(entries: Sequence[tuple[Kind, Setting]], content: Content, canvas: Size) -> int | None:
    """Where the middle of the middle row is wished for, if anywhere."""
    points = (_style(content, kind).point for kind, _ in entries)
    point = next((point for point in points if point), None)
    return round(point[1] * canvas.height) if point else None


def _leaning(style: TextStyle, text: str) -> TextStyle:
    """What begins on the left begins on the right where it is read from there."""
    from pipeline.lettering import is_rtl

    if style.align == "left" and is_rtl(text):
        return dataclasses.replace(style, align="right")
    return style


def _height(entries: Sequence[tuple[Kind, Setting]], type_: Type, gap: int) -> int:
    each = [setting.height_px + 2 * type_.padding[1] for _, setting in entries]
    return sum(each) + gap * max(0, len(each) - 1)


def _placed(setting: Setting, style: TextStyle, y: int, band: Rect, type_: Type) -> Rect:
    across, down = type_.padding
    width = setting.width_px + 2 * across
    if style.point:
        wished = round(style.point[0] * type_.canvas.width - width / 2)
        x = min(max(wished, band.x), band.x + band.width - width)
    else:
        x = band.x + round((band.width - width) * LEAN[style.align])
    return Rect(x, y, width, setting.height_px + 2 * down)


def _check_letters(content: Content, kinds: Sequence[Kind], type_: Type) -> None:
    for kind in kinds:
        lacking = type_.setter.missing(text_of(content, kind), type_.face(_style(content, kind)))
        if lacking:
            shown = " ".join(f"{sign} (U+{ord(sign[0]):04X})" for sign in lacking[:5])
            raise LayoutError(
                f"no font has {shown} of the {kind}: name a font file that has it under fonts: in the config"
            )


def _too_long(content: Content, kinds: Sequence[Kind], type_: Type) -> str:
    what = " and ".join(kinds)
    smallest = min(_style(content, kind).smallest_px for kind in kinds)
    count = sum(len(text_of(content, kind)) for kind in kinds)
    return (
        f"the {what} of {count} characters can't be drawn whole at {type_.px(smallest)} px beside what "
        "else is drawn: shorten it, or write caption_as: text"
    )
