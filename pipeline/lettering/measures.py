"""What is asked of the typesetter, and what it answers: how large, in which lines."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Size, Typeface


@dataclass(frozen=True, slots=True)
class Measure:
    """The room a text has. `balanced` makes lines about equally long, for short titles.

    `leading` is the least distance of baselines, in sizes. Outline and shadow need room too.
    """

    typeface: Typeface
    box: Size
    largest_px: int
    smallest_px: int
    leading: float = 1.25
    outline_px: int = 0
    balanced: bool = False
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A text that fits, in lines as `Words` wants them; width and height hold all ink, outline and shadow.

    A line may begin or end with invisible marks (U+200E, U+200F) that keep the directions of its paragraph.
    """

    lines: tuple[str, ...]
    size_px: int
    ascent_px: int
    line_px: int
    width_px: int
    height_px: int
