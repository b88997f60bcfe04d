"""Words that can be read: their contrast with what is beneath, and what is laid between if it's too low."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.model import TextStyle
from pipeline.plan.drawn.beneath import encoded, linear, luminance_of

ENOUGH = 4.5
"""WCAG 2's ratio for text (AA)."""

BLACK, WHITE = "#000000", "#ffffff"
DARK_INK = "#16181d"
WEAKEST_SHADE, STRONGEST_SHADE = 0.2, 0.86
SHADE_STEP = 0.06
PLATE = 0.78
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Readable:
    """A style whose words can be read where they stand, and why it was changed."""

    style: TextStyle
    why: str = ""


def readable(style: TextStyle, beneath: Range) -> Readable:
    """The style as it is where its contrast is enough, else on a box; shades as strong as is needed.

    `beneath` is the darkest and the lightest luminance of the picture there.
    """
    style = _coloured(style, beneath)
    if style.backing == "shade":
        return _shaded(style, beneath)
    found = contrast(style, beneath)
    if found >= ENOUGH or style.backing == "outline":
        return Readable(style)
    return Readable(_on_plate(style), f"on a box: its contrast with the picture was only {found:.1f}")


def _shaded(style: TextStyle, beneath: Range) -> Readable:
    """No darker than needed: a shade takes something from the picture."""
    opacity = WEAKEST_SHADE
    while opacity <= STRONGEST_SHADE:
        shaded = dataclasses.replace(style, backing_opacity=round(opacity, 2))
        if contrast(shaded, beneath) >= ENOUGH:
            return Readable(shaded)
        opacity += SHADE_STEP
    return Readable(_on_plate(style), "on a box: no shade would make it readable")


def contrast(style: TextStyle, beneath: Range) -> float:
    """WCAG's ratio, from 1 to 21, of the words with the worst of what is behind them."""
    ink = luminance_of(style.colour)
    if style.backing in {"plate", "shade"}:
        beneath = _covered(beneath, style.backing_colour, style.backing_opacity)
    return min(ratio(ink, behind) for behind in beneath)


def ratio(one: float, other: float) -> float:
    """WCAG's contrast of two luminances."""
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def dimmed(beneath: Range, share: float) -> Range:
    """The luminances under a black veil of this opacity."""
    return _covered(beneath, BLACK, share)


def _coloured(style: TextStyle, beneath: Range) -> TextStyle:
    """Where it was left to us, black or white, whichever stands out more; what is behind takes the other."""
    if style.colour != "auto" and style.backing_colour != "auto":
        return style
    colour = style.colour
    if colour == "auto":
        candidates = (dataclasses.replace(style, colour=ink, backing="none") for ink in (WHITE, DARK_INK))
        colour = max(candidates, key=lambda candidate: contrast(candidate, beneath)).colour
    backing = style.backing_colour if style.backing_colour != "auto" else _opposite(colour)
    return dataclasses.replace(style, colour=colour, backing_colour=backing)


def _on_plate(style: TextStyle) -> TextStyle:
    """On a box that is dark under light words and light under dark ones, as opaque as is needed."""
    behind = _opposite(style.colour)
    for share in (PLATE, 1.0):
        plate = dataclasses.replace(style, backing="plate", backing_colour=behind, backing_opacity=share)
        if contrast(plate, (0.0, 1.0)) >= ENOUGH:
            return plate
    return dataclasses.replace(plate, colour=_opposite(behind))


def _opposite(colour: str) -> str:
    level = luminance_of(colour)
    return BLACK if ratio(level, 0.0) >= ratio(level, 1.0) else WHITE


def _covered(beneath: Range, colour: str, opacity: float) -> Range:
    level = encoded(luminance_of(colour))
    dark, light = (linear(encoded(one) * (1 - opacity) + level * opacity) for one in beneath)
    return dark, light
