"""The stickers of a story: which there are, where they go, and what a person is told about the rest."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from fakes.planning import BOTH, INSTAGRAM, MIRRORED, NOW, FakeSettings, asset, photo

from pipeline.model import Place, SafeArea, Sidecar, Spot, Sticker, Texts
from pipeline.plan import plan_story
from pipeline.plan.stickers import stickers_for

LINK = "https://wa.me/15551234567"
CAFE = Place("Casa Lume", "213385402")


def placed(**sidecar: Any) -> dict[str, Sticker]:
    """By what is on them; a story with all of them has a note that they aren't drawn, and no other."""
    found = stickers_for(Sidecar(**sidecar), INSTAGRAM)
    assert found.notes == ()
    return {sticker.value: sticker for sticker in found.stickers}


def notes(**sidecar: Any) -> tuple[str, ...]:
    return stickers_for(Sidecar(**sidecar), INSTAGRAM).notes


def mirrored(**sidecar: Any) -> tuple[Texts, Texts]:
    """What WhatsApp gets, by hand, and what Instagram gets, by a program."""
    settings = FakeSettings(destinations={**BOTH, "instagram": MIRRORED})
    whatsapp, instagram = plan_story(asset(photo(), **sidecar), settings, NOW).treatments
    return whatsapp.texts, instagram.texts


def bottom(sticker: Sticker) -> float:
    return sticker.y + sticker.height / 2


def test_the_link_lies_lowest_people_and_topics_above_it_the_place_on_top() -> None:
    found = placed(link=LINK, mentions=("ana",), hashtags=("bread",), location=CAFE)
    heights = [found[value].y for value in (LINK, "ana", "bread", "Casa Lume")]
    assert heights == sorted(heights, reverse=True)
    assert bottom(found[LINK]) == pytest.approx(0.8)
    assert found["Casa Lume"].y - found["Casa Lume"].height / 2 == pytest.approx(0.15)
    assert all(sticker.x == pytest.approx(0.5, abs=0.001) for sticker in found.values())


def test_a_sticker_goes_where_it_is_wished_and_the_others_make_way() -> None:
    spots = {"mentions": Spot(at=(0.5, 1.0)), "link": Spot(label="Order here")}
    found = placed(link=LINK, mentions=("ana",), stickers=spots)
    assert bottom(found["ana"]) == pytest.approx(0.8)
    assert bottom(found[LINK]) < found["ana"].y
    assert found[LINK].label == "Order here"


def test_a_wish_outside_the_safe_area_ends_at_its_edge() -> None:
    (corner,) = placed(mentions=("ana",), stickers={"mentions": Spot(at=(0.0, 0.0))}).values()
    assert (corner.x - corner.width / 2, corner.y - corner.height / 2) == pytest.approx(
        (0.06, 0.15), abs=0.001
    )


def test_many_people_stand_in_rows() -> None:
    found = list(placed(mentions=tuple(f"friend_{number}" for number in range(6))).values())
    assert [sticker.value for sticker in found] == [f"friend_{number}" for number in range(6)]
    assert len({sticker.y for sticker in found}) < 6
    assert [sticker.y for sticker in found] == sorted(sticker.y for sticker in found)


def test_what_is_not_to_be_shown_gets_no_sticker() -> None:
    assert placed(link=LINK, hashtags=("bread",), stickers={"hashtags": Spot(show=False)}).keys() == {LINK}


def test_more_people_than_instagram_takes_are_told_by_name() -> None:
    told = notes(mentions=tuple(f"f{number}" for number in range(22)))
    assert told == (
        "no sticker @f20: Instagram takes 20 mentions in a story",
        "no sticker @f21: Instagram takes 20 mentions in a story",
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"mentions": ("josé",)}, "no sticker @josé: no name on Instagram"),
        ({"hashtags": ("fresh-bread",)}, "no sticker #fresh-bread: no hashtag on Instagram"),
        ({"hashtags": ("2026",)}, "no sticker #2026: no hashtag on Instagram"),
        (
            {"location": Place("Casa Lume")},
            "no sticker Casa Lume: Instagram finds a place by its id, or by latitude and longitude",
        ),
    ],
)
def test_what_instagram_would_not_take_is_told(said: dict[str, Any], told: str) -> None:
    assert notes(**said) == (told,)


def test_what_finds_no_room_is_told() -> None:
    low = dataclasses.replace(INSTAGRAM, safe_area=SafeArea(0.3, 0.3, 0.45, 0.49))
    found = stickers_for(Sidecar(link=LINK, mentions=("ana",)), low)
    assert [sticker.kind for sticker in found.stickers] == ["link"]
    assert found.notes == ("no room for the sticker @ana",)


def test_the_same_sidecar_gives_whatsapp_a_caption_and_a_program_stickers() -> None:
    whatsapp, instagram = mirrored(
        caption="Fresh", link=LINK, mentions=("ana",), hashtags=("bread",), location=CAFE, close_friends=True
    )
    assert whatsapp.caption == f"Fresh\n{LINK}\n📍 Casa Lume\n@ana\n#bread"
    assert (whatsapp.stickers, whatsapp.place, whatsapp.close_friends) == ((), None, False)
    assert instagram.caption == "Fresh"
    assert {sticker.kind for sticker in instagram.stickers} == {"link", "mention", "hashtag", "location"}
    assert (instagram.place, instagram.close_friends) == (CAFE, True)
    assert instagram.link == LINK


def test_instagram_by_hand_gets_everything_in_words() -> None:
    sidecar = {"caption": "Fresh", "link": LINK, "location": CAFE, "close_friends": True}
    (_, instagram) = plan_story(asset(photo(), **sidecar), FakeSettings(), NOW).treatments
    assert instagram.texts.caption == f"Fresh\nLink: {LINK}\nFor close friends only\nPlace: Casa Lume"
    assert instagram.texts.stickers == ()


def test_whatsapp_knows_no_close_friends_and_says_so() -> None:
    whatsapp, instagram = plan_story(asset(photo(), close_friends=True), FakeSettings(), NOW).treatments
    assert whatsapp.recipe.notes == (
        "close_friends is Instagram's: here your own privacy settings decide who sees it",
    )
    assert instagram.recipe.notes == ()
