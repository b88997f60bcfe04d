"""Whatever is pasted: the link doctor doesn't crash, repeats itself, and keeps every text."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, quote, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.config.contact import Contact
from pipeline.plan.links import chat_link, examine

PIECES = st.sampled_from(
    [
        "https://",
        "http://",
        "wa.me/",
        "api.whatsapp.com/send",
        "web.whatsapp.com/",
        "chat.whatsapp.com/",
        "whatsapp://send",
        "l.instagram.com/?u=",
        "intent://",
        "?phone=",
        "&phone=",
        "?text=",
        "&text=",
        "&source=x",
        "message/",
        "channel/",
        "15551234567",
        "+55 (0)11 98765-4321",
        "00",
        "%",
        "%20",
        "%2520",
        "%C3",
        "https%3A%2F%2Fwa.me%2F",
        "shop.example/",
        "\u200b",
        '"',
        "(",
        "\\",
        "#",
        "@",
        ":",
        " ",
        "\n",
    ]
)
PASTED = st.lists(PIECES | st.text(max_size=6), max_size=10).map("".join)
ANY_CHARACTER = st.text(st.characters(), max_size=40)
DIGITS = st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True)
TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: not re.search(r"%[0-9a-fA-F]{2}", text))


@given(PASTED | ANY_CHARACTER)
@example("https://l.instagram.com/?u=l.instagram.com%2F%3Fu%3Dwa.me%252F15551234567")
@example("wa.me/15551234567?text=%252520")
def test_doctoring_a_doctored_link_changes_nothing(pasted: str) -> None:
    link = examine(pasted).link
    if link is not None:
        again = examine(link)
        assert again.link == link
        assert again.errors == ()


@given(PASTED | ANY_CHARACTER)
def test_there_is_a_link_or_an_error_but_never_both(pasted: str) -> None:
    diagnosis = examine(pasted)
    assert (diagnosis.link is None) == bool(diagnosis.errors)


@given(PASTED | ANY_CHARACTER)
def test_what_comes_out_is_one_plain_address(pasted: str) -> None:
    diagnosis = examine(pasted)
    if diagnosis.link is None:
        return
    assert re.fullmatch(r"\S+", diagnosis.link)
    parsed = urlsplit(diagnosis.link)
    assert parsed.hostname
    if diagnosis.number:
        assert parsed[:3] == ("https", "wa.me", f"/{diagnosis.number}")
        assert re.fullmatch("[1-9][0-9]{6,14}", diagnosis.number)
        assert not parsed.fragment
    if diagnosis.whatsapp and parsed.query:
        assert parse_qs(parsed.query, keep_blank_values=True).keys() == {"text"}


@given(DIGITS, TEXTS)
def test_any_text_comes_through_encoded(number: str, text: str) -> None:
    diagnosis = examine(f"https://wa.me/{number}?text={quote(text, safe='')}")
    assert diagnosis.text == text
    assert diagnosis.link == chat_link(number, text)
    assert parse_qs(urlsplit(chat_link(number, text)).query)["text"] == [text]


@given(DIGITS, TEXTS)
def test_any_text_comes_through_the_old_host(number: str, text: str) -> None:
    old = f"https://api.whatsapp.com/send/?phone={number}&text={quote(text)}&type=phone_number&app_absent=0"
    assert examine(old).text == text


@given(DIGITS, st.text("xyz #&?%=\n", min_size=1, max_size=30).map(str.strip).filter(bool))
def test_a_raw_text_loses_nothing_to_its_signs(number: str, text: str) -> None:
    assert examine(f"https://wa.me/{number}?text={text}").text == text


@given(st.text(st.characters(categories=["L", "N", "P", "Z", "S", "Cf"]), max_size=30))
def test_a_number_in_any_dress_is_its_digits_or_an_error(written: str) -> None:
    number = examine(f"+{written}").number
    ours = "".join(str(unicodedata.digit(sign)) for sign in written if sign.isdecimal())
    assert number is None or (ours.endswith(number[-1]) and len(number) <= len(ours))


@given(st.from_regex(r"\+[1-9](?:[ ().\-/]{0,2}(\(0\))?[0-9]){6,14}", fullmatch=True))
def test_a_number_that_the_config_takes_always_makes_a_link(written: str) -> None:
    try:
        accepted = Contact(whatsapp=written).whatsapp
    except ValidationError:
        return
    assert examine(accepted or "").number
