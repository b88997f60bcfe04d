"""Whether a picture must be looked at, before anything is decided that depends on what is in it."""

from __future__ import annotations

from typing import Literal

from pipeline.model import Asset, Fit, Size
from pipeline.plan.drawn.content import draws_words, styling_for
from pipeline.plan.fit import has_shape_of
from pipeline.plan.terms import AUTO, PlanSettings, wish_for

Sought = Literal["subject", "sides", "tones"]


def sought(asset: Asset, settings: PlanSettings, fit: Fit | None = None) -> frozenset[Sought]:
    """What is to be looked for: the subject of a crop, the colours of the sides, tones that words stand on.

    `fit` beats every other. Raises SidecarError for a look that nobody knows.
    """
    size = Size(asset.facts.width, asset.facts.height)
    found: set[Sought] = set()
    for name, destination in settings.destinations.items():
        sidecar = asset.sidecar.at(name)
        if draws_words(sidecar, name, destination, settings.captions):
            found.add("tones")
        if has_shape_of(size, settings.profiles[destination.platform].canvas):
            continue
        wish = wish_for(sidecar, destination, settings, styling_for(sidecar, destination, settings))
        match fit or wish.fit:
            case "cover" if wish.focal == AUTO:
                found.add("subject")
            case "contain" if wish.background == AUTO:
                found.add("sides")
            case _:
                pass
    return frozenset(found)
