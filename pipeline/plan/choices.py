"""What was left to us ("auto") decided, by what a look at the picture told."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.model import Asset, Size
from pipeline.plan.fit import has_shape_of
from pipeline.plan.subject import focus_of
from pipeline.plan.surroundings import PLAIN, surroundings_of
from pipeline.plan.terms import AUTO, CENTRE, Look, Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """A look in which nothing is left open, and what people should know about how it came about."""

    look: Look
    notes: tuple[str, ...] = ()


def choose(wish: Wish, asset: Asset, canvas: Size) -> Choice:
    """Only what will be seen is chosen with care, and told."""
    source = Size(asset.facts.width, asset.facts.height)
    look = Look(
        fit=wish.fit,
        background=PLAIN if wish.background == AUTO else wish.background,
        matte=wish.matte,
        focal=CENTRE if wish.focal == "auto" else wish.focal,
    )
    if has_shape_of(source, canvas):
        return Choice(look)
    if wish.fit == "cover" and wish.focal == AUTO:
        focus = focus_of(asset.scene, source, canvas)
        return Choice(dataclasses.replace(look, focal=focus.point), (focus.why,))
    if wish.fit == "contain" and wish.background == AUTO:
        chosen = surroundings_of(asset.scene, source, canvas)
        return Choice(dataclasses.replace(look, background=chosen.colour), (chosen.why,))
    return Choice(look)
