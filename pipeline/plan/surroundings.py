"""Which colour surrounds a picture when it is to be that of the picture's own sides."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Scene, Side, Size

PLAIN = "#101010"
ALIKE = 48.0
"""Sides that differ by less than this, of 255, are one ground under different light."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The colour, and in words where it's from."""

    colour: str
    why: str


def surroundings_of(scene: Scene | None, source: Size, canvas: Size) -> Surroundings:
    """Of the two sides that the colour will touch: their mean when they are alike, else the calmer one's."""
    if scene is None or not scene.sides:
        return Surroundings(PLAIN, f"on {PLAIN}: its sides couldn't be looked at")
    top, right, bottom, left = scene.sides
    lies = source.width * canvas.height > canvas.width * source.height
    sides = (top, bottom) if lies else (left, right)
    names = ("top", "bottom") if lies else ("left", "right")
    apart = max(abs(a - b) for a, b in zip(*(_levels(side.colour) for side in sides), strict=True))
    if apart <= ALIKE:
        return Surroundings(_mean(*sides), f"on {_mean(*sides)}, the colour of its sides")
    name, calmer = min(zip(names, sides, strict=True), key=lambda named: named[1].spread)
    return Surroundings(calmer.colour, f"on {calmer.colour}, the colour of its {name}: its sides differ")


def _levels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _mean(one: Side, other: Side) -> str:
    both = zip(_levels(one.colour), _levels(other.colour), strict=True)
    return "#" + bytes(round((a + b) / 2) for a, b in both).hex()
