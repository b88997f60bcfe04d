"""The link of a story: from its sidecar, a number, or the config, checked before anything goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes.planning import NOW, FakeContact, FakeSettings, asset, photo

from pipeline.errors import SidecarError
from pipeline.plan import plan_story
from pipeline.plan.reach import Reach, reach_of

CHAT = "https://wa.me/5511987654321"
OURS = FakeSettings(contact=FakeContact("+55 11 98765-4321", "Hello!"))


def reach(settings: FakeSettings | None = None, **sidecar: Any) -> Reach:
    return reach_of(asset(photo(), **sidecar), settings or FakeSettings())


def refusal(**sidecar: Any) -> str:
    with pytest.raises(SidecarError) as caught:
        reach(path=Path("beach.jpg.yaml"), **sidecar)
    return str(caught.value)


def test_a_story_without_link_or_number_has_none() -> None:
    assert reach() == Reach(None)


def test_a_link_goes_out_in_the_form_that_works_and_says_why() -> None:
    reached = reach(link="http://api.whatsapp.com/send?phone=5511987654321&text=Oi")
    assert reached.link == f"{CHAT}?text=Oi"
    (note,) = reached.notes
    assert note.startswith(f"link goes out as {CHAT}?text=Oi: it begins with http://")
    assert "; api.whatsapp.com fails" in note


def test_a_good_link_needs_no_note() -> None:
    assert reach(link=CHAT) == Reach(CHAT)
    assert reach(link="https://shop.example/menu") == Reach("https://shop.example/menu")


def test_what_cannot_be_put_right_is_a_note_with_what_would_be_better() -> None:
    (note,) = reach(link="https://bit.ly/x").notes
    assert note.startswith("link: a shortener hides where it leads")
    assert note.endswith("; better: the address that it leads to")


def test_a_broken_link_is_refused_in_one_line_with_file_reason_and_way_out() -> None:
    assert refusal(link="https://wa.me/JohnShop") == (
        "beach.jpg.yaml: link: 'JohnShop' stands where WhatsApp expects a phone number, so a tap finds nobody"
        ". Use instead: https://wa.me/<number>, the number in digits with its country code"
    )


def test_a_story_with_a_broken_link_goes_nowhere_unless_it_is_skipped_anyway() -> None:
    with pytest.raises(SidecarError):
        plan_story(asset(photo(), link="call me"), FakeSettings(), NOW)
    assert plan_story(asset(photo(), link="call me", skip=True), FakeSettings(), NOW).skip


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ({"whatsapp": "+55 (11) 98765-4321"}, CHAT),
        ({"whatsapp": "5511987654321", "message": "50% off #1"}, f"{CHAT}?text=50%25%20off%20%231"),
        ({"whatsapp": "wa.me/5511987654321?text=Oi"}, f"{CHAT}?text=Oi"),
        ({"whatsapp": "wa.me/5511987654321?text=Oi", "message": "Bom dia"}, f"{CHAT}?text=Bom%20dia"),
    ],
)
def test_a_number_becomes_a_link_to_its_chat(said: dict[str, Any], link: str) -> None:
    assert reach(**said) == Reach(link)


def test_a_message_is_taken_word_for_word() -> None:
    assert reach(whatsapp="5511987654321", message="%20 %41").link == f"{CHAT}?text=%2520%20%2541"


def test_the_number_of_the_config_serves_stories_that_name_nothing() -> None:
    assert reach(OURS).link == f"{CHAT}?text=Hello%21"
    assert reach(OURS, message="One cake, please").link == f"{CHAT}?text=One%20cake%2C%20please"
    assert reach(OURS, whatsapp="+1 555 123 4567").link == "https://wa.me/15551234567?text=Hello%21"
    assert reach(OURS, link="https://shop.example").link == "https://shop.example"


def test_an_empty_link_means_none_at_all() -> None:
    assert reach(OURS, link="") == Reach(None)


def test_what_counts_for_nothing_is_told() -> None:
    assert reach(link=CHAT, whatsapp="+15551234567", message="Hi").notes == (
        "whatsapp: not used, because there is a link: of its own",
        "message: not used, because there is no number for it under whatsapp:",
    )
    assert len(reach(message="Hi").notes) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://shop.example", "is no link that WhatsApp opens"),
        ("call us", "is no link that WhatsApp opens"),
        ("07700 900123", "is a number as it is dialled inside one country"),
        ("123", "too few or too many digits"),
        ("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", "holds no number"),
    ],
)
def test_what_is_no_number_is_refused_as_one(written: str, said: str) -> None:
    problem = refusal(whatsapp=written)
    assert problem.startswith("beach.jpg.yaml: whatsapp: ")
    assert said in problem


def test_every_destination_gets_the_link_that_works() -> None:
    story = plan_story(asset(photo(), caption="Hi", link="http://wa.me/+5511987654321"), FakeSettings(), NOW)
    whatsapp, instagram = story.treatments
    assert whatsapp.texts.caption == f"Hi\n{CHAT}"
    assert instagram.texts.caption == f"Hi\nLink: {CHAT}"
    assert whatsapp.texts.link == instagram.texts.link == CHAT
    assert any(note.startswith("link goes out as") for note in whatsapp.recipe.notes)
