"""What Meta's API carries of a story, and what a person is told of the rest."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from fakes.planning import BOTH, INSTAGRAM, NOW, WHATSAPP, FakeDestination, FakeSettings, asset, photo, video

from pipeline.errors import NotCarriedError
from pipeline.model import Facts, Place, Story, Treatment
from pipeline.plan import plan_story

LINK = "https://wa.me/15551234567"
FACEBOOK = dataclasses.replace(INSTAGRAM, name="facebook_story")
PROFILES = {profile.name: profile for profile in (WHATSAPP, INSTAGRAM, FACEBOOK)}
NETS = {
    "whatsapp": FakeDestination("whatsapp_status"),
    "instagram": FakeDestination("instagram_story", via="graph", caption=None),
    "facebook": FakeDestination("facebook_story", via="graph", caption=None),
}
EVERYTHING: dict[str, Any] = {
    "link": LINK,
    "mentions": ("ana",),
    "hashtags": ("bread",),
    "location": Place("Casa Lume", "213385402"),
}


def planned(facts: Facts | None = None, *, public: bool = True, **sidecar: Any) -> Story:
    settings = FakeSettings(destinations=NETS, profiles=PROFILES, public=public)
    return plan_story(asset(facts or photo(), **sidecar), settings, NOW)


def at(story: Story, name: str) -> Treatment:
    (found,) = [one for one in story.treatments if one.destination == name]
    return found


def notes(story: Story, name: str) -> str:
    return "\n".join(at(story, name).recipe.notes)


def test_of_all_stickers_instagrams_api_takes_mentions_alone() -> None:
    story = planned(**EVERYTHING)
    assert [one.kind for one in at(story, "instagram").texts.stickers] == ["mention"]
    told = notes(story, "instagram")
    for shown in ("WA.ME", "#bread", "Casa Lume"):
        assert f"no sticker {shown}: Meta's API takes none of that kind" in told
    assert "no sticker @ana" not in told


def test_a_page_takes_no_sticker_and_messenger_shows_it_too() -> None:
    story = planned(**EVERYTHING)
    assert at(story, "facebook").texts.stickers == ()
    assert "Messenger shows it too" in notes(story, "facebook")


def test_a_link_that_cannot_be_tapped_is_drawn_with_its_code() -> None:
    story = planned(link=LINK)
    for name in ("instagram", "facebook"):
        overlay = at(story, name).recipe.overlay
        assert overlay
        assert [code.payload for code in overlay.codes] == [LINK]


@pytest.mark.parametrize("name", ["instagram", "facebook"])
def test_what_is_for_close_friends_is_shown_to_nobody_else(name: str) -> None:
    story = planned(close_friends=True)
    assert [one.destination for one in story.treatments] == ["whatsapp"]
    told = {refusal.destination: refusal.reason for refusal in story.refusals}
    assert "close friends only" in told[name]
    with pytest.raises(NotCarriedError):
        planned(close_friends=True, destinations=(name,))


def test_a_photo_that_instagram_cannot_fetch_is_told_and_a_video_or_a_page_needs_nothing() -> None:
    assert "`public` of its account" in notes(planned(public=False), "instagram")
    assert "`public` of its account" not in notes(planned(public=True), "instagram")
    assert "`public` of its account" not in notes(planned(video(), public=False), "instagram")
    assert "`public` of its account" not in notes(planned(public=False), "facebook")


def test_by_hand_nothing_of_it_is_said() -> None:
    story = plan_story(asset(photo(), **EVERYTHING), FakeSettings(destinations=BOTH), NOW)
    assert not any("API" in note for one in story.treatments for note in one.recipe.notes)
