"""Short texts in a box of their own: on cards, stickers and marks."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Align, Rect, Size, Typeface, Words
from pipeline.plan.drawn.type import LEAN, Type

SMALLEST_PX = 22
LARGEST_PX = 44


@dataclass(frozen=True, slots=True)
class Label:
    """A short text and how it is set; sizes as in a look."""

    text: str
    colour: str
    largest_px: int = LARGEST_PX
    align: Align = "center"
    weight: int = 700
    part: int | None = None


def label(wanted: Label, box: Rect, type_: Type) -> Words | None:
    """The text in the middle of the box, as large as it fits; None where it doesn't, or has no font."""
    from pipeline.lettering import Measure

    face = Typeface("sans", wanted.weight)
    smallest, largest = type_.px(SMALLEST_PX), type_.px(wanted.largest_px)
    if min(box.width, box.height) <= 0 or type_.setter.missing(wanted.text, face):
        return None
    found = type_.setter.fit(
        wanted.text, Measure(face, Size(box.width, box.height), largest, smallest, leading=1.15)
    )
    if found is None:
        return None
    place = Rect(
        box.x + round((box.width - found.width_px) * LEAN[wanted.align]),
        box.y + (box.height - found.height_px) // 2,
        found.width_px,
        found.height_px,
    )
    return Words(
        lines=found.lines,
        box=place,
        typeface=face,
        size_px=found.size_px,
        ascent_px=found.ascent_px,
        line_px=found.line_px,
        colour=wanted.colour,
        align=wanted.align,
        part=wanted.part,
    )
