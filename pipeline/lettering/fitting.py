"""The largest size at which a text fits its room."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.lettering.breaking import Paragraph, paragraphs, wrapped
from pipeline.lettering.choice import Fonts
from pipeline.lettering.layout import Block, Face, advance, block, lay, model, rim
from pipeline.lettering.measures import Measure, Setting

REFERENCE_PX = 128
"""Words are measured once, at this size: advances grow in proportion, to within 0.1 %."""


def largest_setting(text: str, measure: Measure, fonts: Fonts) -> Setting | None:
    """Sizes are tried by halves; only what was laid out at its own size counts as fitting."""
    reference = Face(fonts, measure.typeface.weight, REFERENCE_PX)
    measured = paragraphs(text, lambda part: advance(part, reference) / REFERENCE_PX)
    low, high, best = max(1, measure.smallest_px), measure.largest_px, None
    while low <= high:
        size_px = (low + high) // 2
        setting = _setting(measured, measure, Face(fonts, measure.typeface.weight, size_px))
        if setting:
            best, low = setting, size_px + 1
        else:
            high = size_px - 1
    return best


def _setting(text: Sequence[Paragraph], measure: Measure, face: Face) -> Setting | None:
    """The text at one size; words kerned to each other may need another line than they did alone."""
    around = rim(face.size_px, measure.outline_px, shadow=measure.shadow)
    room = measure.box.width - 2 * around.side_px
    for _ in range(2):
        lines = wrapped(text, room / face.size_px, balanced=measure.balanced)
        if lines is None or _least_height_px(len(lines), measure, face) > measure.box.height:
            return None
        laid = block([lay(line, face) for line in lines], face, around, measure.leading)
        if laid.height_px > measure.box.height:
            return None
        if laid.width_px <= measure.box.width:
            return _answer(lines, face, laid)
        room -= laid.width_px - measure.box.width
    return None


def _least_height_px(count: int, measure: Measure, face: Face) -> int:
    """What so many lines need even without marks above and below; spares laying out what is far too large."""
    return (count - 1) * round(face.size_px * measure.leading) + model(face).up


def _answer(lines: tuple[str, ...], face: Face, laid: Block) -> Setting:
    return Setting(lines, face.size_px, laid.ascent_px, laid.line_px, laid.width_px, laid.height_px)
