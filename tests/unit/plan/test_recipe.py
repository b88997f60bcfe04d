from __future__ import annotations

import dataclasses

from fakes.planning import FITTING_VIDEO, NOW, FakeSettings, asset, photo, video

from pipeline.model import Facts, Recipe
from pipeline.plan import plan_story, recipe_hash


def recipes(facts: Facts) -> list[Recipe]:
    story = plan_story(asset(facts), FakeSettings(), NOW)
    return [treatment.recipe for treatment in story.treatments]


def test_the_platforms_share_the_picture_of_a_photo() -> None:
    whatsapp, instagram = recipes(photo(width=4000, height=3000))
    assert whatsapp.profile != instagram.profile
    assert recipe_hash(whatsapp) == recipe_hash(instagram)


def test_the_platforms_share_the_copy_of_a_fitting_video() -> None:
    whatsapp, instagram = recipes(FITTING_VIDEO)
    assert recipe_hash(whatsapp) == recipe_hash(instagram)


def test_a_short_clip_is_encoded_once_for_both_platforms() -> None:
    whatsapp, instagram = recipes(video(width=1920, height=1080))
    assert recipe_hash(whatsapp) == recipe_hash(instagram)


def test_a_different_limit_makes_a_different_video() -> None:
    whatsapp, instagram = recipes(video(width=1920, height=1080, duration_s=60.0))
    assert recipe_hash(whatsapp) != recipe_hash(instagram)


def test_words_for_people_do_not_change_the_hash() -> None:
    recipe = recipes(video(width=1920, height=1080))[0]
    reworded = dataclasses.replace(recipe, notes=("other",), why="other")
    assert recipe_hash(reworded) == recipe_hash(recipe)


def test_every_decision_about_an_encode_changes_the_hash() -> None:
    recipe = recipes(video(width=1920, height=1080))[0]
    changed = [
        dataclasses.replace(recipe, matte="#000000"),
        dataclasses.replace(recipe, plays=2),
        dataclasses.replace(recipe, quality=20),
        dataclasses.replace(recipe, audio_kbps=None),
        dataclasses.replace(recipe, parts=recipe.parts * 2),
    ]
    assert len({recipe_hash(each) for each in [recipe, *changed]}) == 6


def test_a_copy_and_a_remux_are_different_entries() -> None:
    assert recipe_hash(recipes(photo())[0]) != recipe_hash(recipes(photo(metadata=True))[0])
