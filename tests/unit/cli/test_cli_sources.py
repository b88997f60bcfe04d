"""The picture of a source that a preview puts beside the story: nothing of the story is on it."""

from __future__ import annotations

from fakes.orders import recipe_for
from fakes.planning import asset, photo, video

from pipeline.cli.previewing import source_order
from pipeline.model import Composition, Facts, Overlay, Part, Size
from pipeline.reformat import Order

SHOWN = Size(90, 160)
DRAWN = Overlay(SHOWN)
COMPOSED = Composition(SHOWN, 30.0, ())


def source_of(facts: Facts, *parts: Part, part: int = 1, composition: Composition | None = None) -> Order:
    recipe = recipe_for(facts, parts=parts, overlay=DRAWN, composition=composition)
    return source_order(Order(asset(facts), recipe, part))


def test_what_is_drawn_and_composed_is_not_on_the_source() -> None:
    recipe = source_of(video(), Part(0.0, 20.0), composition=COMPOSED).recipe
    assert (recipe.overlay, recipe.composition) == (None, None)


def test_a_part_is_shown_by_its_middle() -> None:
    parts = (Part(0.0, 8.0), Part(8.0, 20.0))
    assert source_of(video(), *parts, part=2).stretch.start_s == 14.0


def test_a_clip_of_a_composition_is_shown_by_its_own_middle() -> None:
    """The film that it became part of lasts longer than the clip."""
    film = Part(0.0, 55.0)
    assert source_of(video(duration_s=6.0), film, composition=COMPOSED).stretch.start_s == 3.0


def test_a_photo_that_became_a_film_is_shown_as_the_photo() -> None:
    filmed = source_of(photo(), Part(0.0, 5.0), composition=COMPOSED)
    assert (filmed.recipe.action, filmed.stretch, filmed.suffix) == ("image", Part(0.0, 0.0), ".jpg")
    assert filmed.recipe.quality == 88
