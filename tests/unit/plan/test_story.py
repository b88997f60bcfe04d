from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from fakes.planning import (
    BOTH,
    INSTAGRAM,
    NOW,
    WHATSAPP,
    FakeCaptions,
    FakeDestination,
    FakeSchedule,
    FakeSettings,
    QuietFrom,
    asset,
    photo,
    video,
)

from pipeline.errors import BudgetError, SidecarError
from pipeline.model import Rect
from pipeline.plan import plan_story

LANDSCAPE = photo(width=4000, height=3000)


def test_every_enabled_destination_gets_the_story() -> None:
    story = plan_story(asset(LANDSCAPE), FakeSettings(), NOW)
    assert [treatment.destination for treatment in story.treatments] == ["whatsapp", "instagram"]
    assert story.skip is None
    assert story.treatments[0].lifetime_hours == 24
    assert story.treatments[0].due_at is None


def test_a_disabled_destination_gets_nothing() -> None:
    settings = FakeSettings(
        destinations={**BOTH, "instagram": FakeDestination("instagram_story", enabled=False)}
    )
    assert [t.destination for t in plan_story(asset(LANDSCAPE), settings, NOW).treatments] == ["whatsapp"]


def test_the_sidecar_chooses_among_the_destinations() -> None:
    story = plan_story(asset(LANDSCAPE, destinations=("instagram",)), FakeSettings(), NOW)
    assert [treatment.destination for treatment in story.treatments] == ["instagram"]


def test_a_story_for_no_enabled_destination_is_skipped() -> None:
    assert plan_story(asset(photo(), destinations=()), FakeSettings(), NOW).skip == (
        "none of its destinations is enabled"
    )


def test_names_that_nobody_knows_are_all_reported_with_those_that_exist() -> None:
    sidecar = {"destinations": ("whatsap",), "texts": {"insta": "x"}, "path": Path("beach.jpg.yaml")}
    with pytest.raises(SidecarError) as caught:
        plan_story(asset(photo(), **sidecar), FakeSettings(), NOW)
    assert str(caught.value).splitlines() == [
        "beach.jpg.yaml: destinations: 'whatsap' is not one of instagram, whatsapp",
        "beach.jpg.yaml: texts: 'insta' is not one of instagram, whatsapp",
    ]


def test_a_sidecar_can_hold_a_story_back() -> None:
    story = plan_story(asset(photo(), skip=True), FakeSettings(), NOW)
    assert (story.skip, story.treatments) == ("its sidecar says skip", ())


def test_a_story_whose_time_is_over_is_skipped() -> None:
    story = plan_story(asset(photo(), not_after=NOW - timedelta(hours=1)), FakeSettings(), NOW)
    assert story.skip == "its time is over: not_after was 2026-11-23 17:00 UTC"


def test_a_story_waits_for_its_time_and_for_the_morning() -> None:
    settings = FakeSettings(schedule=FakeSchedule(QuietFrom(time(22), time(7))))
    late = asset(photo(), not_before=NOW + timedelta(hours=5), not_after=NOW + timedelta(days=2))
    treatment = plan_story(late, settings, NOW).treatments[0]
    assert treatment.due_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert treatment.not_after == NOW + timedelta(days=2)


def test_the_sidecars_fit_beats_the_destinations_which_beats_the_settings() -> None:
    settings = FakeSettings(
        destinations={**BOTH, "whatsapp": FakeDestination("whatsapp_status", fit="cover")}
    )
    fits = [t.recipe.fit for t in plan_story(asset(LANDSCAPE), settings, NOW).treatments]
    assert fits == ["cover", "blur"]
    own = plan_story(asset(LANDSCAPE, fit="contain"), settings, NOW)
    assert [t.recipe.fit for t in own.treatments] == ["contain", "contain"]


def test_a_background_colour_in_the_sidecar_asks_for_one() -> None:
    recipe = plan_story(asset(LANDSCAPE, background="#ffcc00"), FakeSettings(), NOW).treatments[0].recipe
    assert (recipe.fit, recipe.background) == ("contain", "#ffcc00")


def test_a_picture_that_fills_the_screen_has_no_background() -> None:
    recipe = (
        plan_story(asset(photo(bytes=9_000_000), fit="contain"), FakeSettings(), NOW).treatments[1].recipe
    )
    assert (recipe.action, recipe.background) == ("image", None)


def test_the_focal_point_moves_the_crop() -> None:
    told = asset(LANDSCAPE, fit="cover", focal=(0.0, 0.5))
    assert plan_story(told, FakeSettings(), NOW).treatments[0].recipe.crop == Rect(0, 0, 1688, 3000)


def test_notes_about_texts_come_with_the_story() -> None:
    settings = FakeSettings(captions=FakeCaptions(default="bread " * 200))
    whatsapp, instagram = plan_story(asset(photo()), settings, NOW).treatments
    assert whatsapp.recipe.notes == ("caption cut: everything together may have 700 characters",)
    assert instagram.recipe.notes == ()


def test_a_limit_of_one_platform_leaves_the_other_alone() -> None:
    tight = dataclasses.replace(WHATSAPP, video=dataclasses.replace(WHATSAPP.video, max_seconds=15))
    settings = FakeSettings(profiles={"whatsapp_status": tight, "instagram_story": INSTAGRAM})
    treatments = plan_story(asset(video(duration_s=40.0)), settings, NOW).treatments
    assert [len(treatment.recipe.parts) for treatment in treatments] == [3, 1]


def test_a_background_of_its_own_also_lies_behind_what_is_transparent() -> None:
    cutout = asset(photo(width=800, height=800, alpha=True), background="#ecdcc3")
    recipe = plan_story(cutout, FakeSettings(), NOW).treatments[0].recipe
    assert (recipe.background, recipe.matte) == ("#ecdcc3", "#ecdcc3")


def with_longest(seconds: float) -> FakeSettings:
    """WhatsApp takes videos of this length in one part; Instagram keeps to its own."""
    limits = dataclasses.replace(WHATSAPP.video, max_seconds=seconds)
    whatsapp = dataclasses.replace(WHATSAPP, video=limits)
    return FakeSettings(profiles={"whatsapp_status": whatsapp, "instagram_story": INSTAGRAM})


def test_a_budget_of_one_platform_does_not_take_the_story_from_the_other() -> None:
    long = asset(video(duration_s=600.0, width=1920, height=1080))
    story = plan_story(long, with_longest(600), NOW)
    assert [treatment.destination for treatment in story.treatments] == ["instagram"]
    (refusal,) = story.refusals
    assert (refusal.path, refusal.destination, refusal.later) == (long.path, "whatsapp", False)
    assert refusal.reason.startswith("not to whatsapp: inbox/beach: 600 s in 16.0 MB")
    assert refusal.reason.count("lower platforms.whatsapp_status.video.max_seconds") == 1


def test_a_budget_that_no_destination_has_is_an_error_that_names_each() -> None:
    long = asset(video(duration_s=600.0, width=1920, height=1080), destinations=("whatsapp",))
    with pytest.raises(BudgetError, match=r"^not to whatsapp: .*whatsapp_status\.video\.max_seconds"):
        plan_story(long, with_longest(600), NOW)
