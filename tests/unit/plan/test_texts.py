from __future__ import annotations

import dataclasses
from typing import Any

from fakes.planning import INSTAGRAM, WHATSAPP, FakeCaptions

from pipeline.model import Profile, Sidecar
from pipeline.plan.cutting import units
from pipeline.plan.texts import Wording, texts_for

LINK = "https://wa.me/15551234567"


def worded(profile: Profile = WHATSAPP, captions: FakeCaptions | None = None, **sidecar: Any) -> Wording:
    destination = profile.name.split("_")[0]
    return texts_for(Sidecar(**sidecar), destination, profile, captions or FakeCaptions())


def within(limit: int) -> Profile:
    return dataclasses.replace(WHATSAPP, caption_max_chars=limit)


def test_without_a_sidecar_the_default_caption_is_taken() -> None:
    assert worded(captions=FakeCaptions(default="Casa Lume")).texts.caption == "Casa Lume"


def test_the_sidecar_replaces_the_default_and_a_destination_replaces_the_sidecar() -> None:
    captions = FakeCaptions(default="Casa Lume")
    said = {"caption": "Fresh", "texts": {"whatsapp": "Fresh for you"}}
    assert worded(WHATSAPP, captions, **said).texts.caption == "Fresh for you"
    assert worded(INSTAGRAM, captions, **said).texts.caption == "Fresh"


def test_an_empty_text_for_a_destination_means_none_there() -> None:
    assert worded(caption="Fresh", texts={"whatsapp": ""}).texts.caption == ""


def test_the_ending_follows_on_its_own_line() -> None:
    assert (
        worded(captions=FakeCaptions(ending="See you!"), caption="Fresh").texts.caption == "Fresh\nSee you!"
    )


def test_whatsapp_gets_everything_inside_the_caption() -> None:
    wording = worded(caption="Fresh", link=LINK, mentions=("ana", "leo"), hashtags=("bread", "casa"))
    assert wording.texts.caption == f"Fresh\n{LINK}\n@ana @leo\n#bread #casa"
    assert (wording.texts.link, wording.texts.mentions) == (LINK, ("ana", "leo"))
    assert wording.notes == ()


def test_elsewhere_a_person_is_told_that_the_link_is_a_link() -> None:
    wording = worded(INSTAGRAM, caption="Fresh", link=LINK, mentions=("ana",), hashtags=("bread",))
    assert wording.texts.caption == f"Fresh\nLink: {LINK}\n@ana\n#bread"


def test_a_link_that_the_caption_holds_already_is_not_repeated() -> None:
    assert worded(caption=f"Order: {LINK} now", link=LINK).texts.caption == f"Order: {LINK} now"


def test_a_link_that_the_cut_would_lose_is_kept() -> None:
    wording = worded(within(60), caption=f"{'bread ' * 10}{LINK}", link=LINK)
    assert wording.texts.caption.endswith(f"…\n{LINK}")


def test_the_caption_is_shortened_and_people_are_told() -> None:
    wording = worded(within(50), caption="bread and butter every day", link=LINK)
    assert wording.texts.caption == f"bread and butter every…\n{LINK}"
    assert wording.notes == ("caption cut: everything together may have 50 characters",)


def test_hashtags_give_way_before_more_than_half_of_the_caption_does() -> None:
    wording = worded(within(40), caption="bread and butter every day", hashtags=("a" * 30,))
    assert wording.texts.caption == "bread and butter every day"
    assert wording.notes == ("left out of the caption of 40 characters: hashtags",)


def test_a_link_takes_the_whole_caption_rather_than_being_cut() -> None:
    wording = worded(within(units(LINK)), caption="bread", link=LINK, hashtags=("casa",))
    assert wording.texts.caption == LINK


def test_a_link_longer_than_the_limit_is_left_out_whole() -> None:
    wording = worded(within(20), caption="bread", link=LINK)
    assert wording.texts.caption == "bread"
    assert wording.texts.link == LINK
    assert wording.notes == ("left out of the caption of 20 characters: link",)
