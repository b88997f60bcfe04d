"""Every decision about a story, made from facts alone: no files, no clock, no network.

Start at `story`, then `treatment`: what one destination gets. `photos` and `videos` make recipes from `fit`,
`parts`, `copies`, `rates`, `budget`, `canvas` and `passthrough`, `composing` films of several files;
`drawn` is what lies over the picture, `texts` the words beside it, `links` and `reach` the link, `stickers`
in their `room` what can be tapped, `due` the time; `describe` tells people and programs about it. `queue`
says which of the `openings` a story that waits gets, at `slots` that are right whatever the clocks do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.plan.describe import plan_as_json, recipe_in_words
    from pipeline.plan.recipe import recipe_hash
    from pipeline.plan.story import plan_story
    from pipeline.plan.terms import PlanSettings
    from pipeline.plan.treatment import recipe_for, treatment_for

__all__ = [
    "PlanSettings",
    "plan_as_json",
    "plan_story",
    "recipe_for",
    "recipe_hash",
    "recipe_in_words",
    "treatment_for",
]

__getattr__ = imported_later(
    __name__,
    {
        "PlanSettings": "terms",
        "plan_as_json": "describe",
        "plan_story": "story",
        "recipe_for": "treatment",
        "recipe_hash": "recipe",
        "recipe_in_words": "describe",
        "treatment_for": "treatment",
    },
)
