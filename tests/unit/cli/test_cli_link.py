"""`link`: the doctor's answers on the command line."""

from __future__ import annotations

from fakes.command import Here

CHAT = "https://wa.me/15551234567"


def test_a_link_stands_alone_on_its_line_with_what_was_put_right_below(here: Here) -> None:
    said = here("link", "http://wa.me/+1-555-123-4567")
    assert (said.code, said.err) == (0, "")
    first, *rest = said.out.splitlines()
    assert first == CHAT
    assert rest == [
        "  put right: it begins with http://, which phones warn of or refuse (W_HTTP)",
        "  put right: WhatsApp wants the number without +, spaces, brackets and dashes (W_NUMBER_PUNCT)",
    ]


def test_a_link_that_works_is_told_so(here: Here) -> None:
    assert here("link", CHAT).out == f"{CHAT}\n  works as it is\n"
    assert here("link", "https://shop.example").out == "https://shop.example\n  a web page: works as it is\n"


def test_a_link_that_cannot_work_is_told_with_what_to_use_instead(here: Here) -> None:
    said = here("link", CHAT, "https://wa.me/JohnShop")
    assert said.code == 3
    assert said.out.splitlines()[2:] == [
        "no link: https://wa.me/JohnShop",
        "  E_NUMBER_LETTERS: 'JohnShop' stands where WhatsApp expects a phone number, so a tap finds nobody",
        "    use instead: https://wa.me/<number>, the number in digits with its country code",
    ]


def test_what_stays_doubtful_is_told_with_what_would_be_better(here: Here) -> None:
    said = here("link", "wa.link/abc")
    assert said.code == 0
    assert "  put right: it didn't begin with https://" in said.out
    assert "  W_THIRD_PARTY_SHORTENER: a shortener hides" in said.out
    assert "    better: the address that it leads to" in said.out


def test_a_web_page_does_not_do_where_whatsapp_is_wanted(here: Here) -> None:
    assert here("link", "--whatsapp", "https://shop.example").code == 3


def test_links_as_json_are_one_document_with_the_codes(here: Here) -> None:
    said = here("link", "--json", f"{CHAT}?text=Hi%2520there", "intent://send/1#Intent;end")
    assert said.code == 3
    good, bad = said.json()["links"]
    assert good["link"] == f"{CHAT}?text=Hi%20there"
    assert (good["number"], good["text"], good["whatsapp"]) == ("15551234567", "Hi there", True)
    assert [warning["code"] for warning in good["warnings"]] == ["W_DOUBLE_ENCODED"]
    assert bad["link"] is None
    assert [error["code"] for error in bad["errors"]] == ["E_INTENT_SCHEME"]
    assert set(bad["errors"][0]) == {"code", "why", "instead"}


def test_link_goes_by_the_region_of_the_config(here: Here) -> None:
    said = here("link", "--json", "07700 900123", "--set", "default_region=XX")
    (error,) = said.json()["links"][0]["errors"]
    assert "default_region" in error["why"] or "phonenumbers" in error["why"]
