"""What "auto" comes to, and when a picture must be looked at for it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from fakes.planning import BOTH, NOW, FakeDestination, FakeSettings, asset, photo

from pipeline.model import Asset, Box, Facts, Recipe, Scene, Side
from pipeline.plan import plan_story
from pipeline.plan.looking import sought

LANDSCAPE = photo(width=4000, height=3000)
SKY = Side("#4060c0", 2.0)
SEA = Side("#506cd0", 9.0)
SAND = Side("#e0d0a0", 1.0)
FACE = Scene(1, ((Box(0.7, 0.2, 0.8, 0.4),),), (0.0,) * 32, (0.0,) * 32)


def recipe_of(source: Asset, scene: Scene | None = None, **settings: Any) -> Recipe:
    looked_at = dataclasses.replace(source, scene=scene)
    return plan_story(looked_at, FakeSettings(**settings), NOW).treatments[0].recipe


def sides(top: Side, right: Side, bottom: Side, left: Side) -> Scene:
    return Scene(1, sides=(top, right, bottom, left))


def test_a_crop_that_is_left_to_us_keeps_the_face_and_says_so() -> None:
    recipe = recipe_of(asset(LANDSCAPE, fit="cover"), FACE)
    assert recipe.crop.x == pytest.approx(0.75 * 4000 - recipe.crop.width / 2, abs=2)
    assert recipe.notes[0] == "cropped round the face"


def test_a_focal_point_of_the_sidecar_beats_a_face() -> None:
    recipe = recipe_of(asset(LANDSCAPE, fit="cover", focal=(0.0, 0.5)), FACE)
    assert recipe.crop.x == 0
    assert not any(note.startswith("cropped round") for note in recipe.notes)


def test_a_focal_point_of_the_settings_counts_where_the_sidecar_gives_none() -> None:
    assert recipe_of(asset(LANDSCAPE, fit="cover"), FACE, focal=(0.0, 0.5)).crop.x == 0
    assert recipe_of(asset(LANDSCAPE, fit="cover", focal="auto"), FACE, focal=(0.0, 0.5)).crop.x > 2000


def test_the_colour_of_alike_sides_is_their_mean() -> None:
    recipe = recipe_of(asset(LANDSCAPE, background="auto"), sides(SKY, SAND, SEA, SAND))
    assert (recipe.fit, recipe.background) == ("contain", "#4866c8")
    assert recipe.notes[0] == "on #4866c8, the colour of its sides"


def test_of_sides_that_differ_the_calmer_one_gives_the_colour() -> None:
    recipe = recipe_of(asset(LANDSCAPE, background="auto"), sides(SEA, SKY, SAND, SKY))
    assert recipe.background == "#e0d0a0"
    assert recipe.notes[0] == "on #e0d0a0, the colour of its bottom: its sides differ"


def test_a_tall_picture_takes_the_colour_of_left_and_right() -> None:
    tall = photo(width=1000, height=3000)
    recipe = recipe_of(asset(tall, background="auto"), sides(SAND, SKY, SAND, SKY))
    assert recipe.background == SKY.colour


def test_sides_that_cannot_be_seen_leave_the_plain_background() -> None:
    recipe = recipe_of(asset(LANDSCAPE, fit="contain"), Scene(0), background="auto")
    assert recipe.background == "#101010"
    assert "couldn't be looked at" in recipe.notes[0]


def test_a_sampled_background_is_no_matte() -> None:
    cutout = asset(photo(width=800, height=800, alpha=True), background="auto")
    assert recipe_of(cutout, sides(SKY, SKY, SKY, SKY)).matte == "#ffffff"


def test_nothing_is_told_of_a_crop_of_a_sliver() -> None:
    recipe = recipe_of(asset(photo(width=1080, height=1914), fit="cover"))
    assert recipe.notes == ()


def test_a_photo_that_is_passed_through_is_not_called_cropped() -> None:
    assert recipe_of(asset(photo(), fit="cover")).notes == ()


@pytest.mark.parametrize(
    ("facts", "sidecar", "settings", "wanted"),
    [
        (LANDSCAPE, {}, {}, set()),
        (LANDSCAPE, {}, {"fit": "cover"}, {"subject"}),
        (LANDSCAPE, {"fit": "cover"}, {}, {"subject"}),
        (LANDSCAPE, {"fit": "cover", "focal": (0.1, 0.1)}, {}, set()),
        (LANDSCAPE, {"fit": "cover"}, {"focal": (0.5, 0.5)}, set()),
        (LANDSCAPE, {"background": "auto"}, {}, {"sides"}),
        (LANDSCAPE, {"background": "auto"}, {"fit": "cover"}, {"subject"}),
        (LANDSCAPE, {"fit": "contain"}, {}, set()),
        (photo(), {"fit": "cover"}, {}, set()),
        (photo(width=1085), {"fit": "cover"}, {}, set()),
    ],
)
def test_a_picture_is_only_looked_at_where_something_depends_on_it(
    facts: Facts, sidecar: dict[str, Any], settings: dict[str, Any], wanted: set[str]
) -> None:
    assert sought(asset(facts, **sidecar), FakeSettings(**settings)) == wanted


def test_every_destination_is_asked_what_it_depends_on() -> None:
    other = {**BOTH, "whatsapp": FakeDestination("whatsapp_status", fit="cover")}
    settings = FakeSettings(fit="contain", background="auto", destinations=other)
    assert sought(asset(LANDSCAPE), settings) == {"subject", "sides"}


def test_a_fit_from_the_command_line_decides_what_is_looked_for() -> None:
    assert sought(asset(LANDSCAPE, fit="contain"), FakeSettings(), "cover") == {"subject"}
