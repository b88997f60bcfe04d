"""The link doctor: every form of a WhatsApp link that people paste, and what becomes of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pipeline.plan import links
from pipeline.plan.links import EXPLAINED, Diagnosis, examine

N = "15551234567"
CHAT = f"https://wa.me/{N}"
GROUP = "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"


def codes(diagnosis: Diagnosis) -> set[str]:
    return {finding.code for finding in diagnosis.findings}


VECTORS: list[tuple[str, str | None, set[str]]] = [
    (CHAT, CHAT, set()),
    (f"wa.me/{N}", CHAT, {"W_SCHEME_ADDED"}),
    ("http://wa.me/+1-555-123-4567", CHAT, {"W_HTTP", "W_NUMBER_PUNCT"}),
    ("https://wa.me/+001-(555)1234567", CHAT, {"W_NUMBER_PUNCT", "W_PREFIX_00"}),
    (
        "+44 (0)7700 900123",
        "https://wa.me/447700900123",
        {"W_BARE_NUMBER", "W_TRUNK_PAREN0", "W_NUMBER_PUNCT"},
    ),
    ("07700 900123", None, {"W_BARE_NUMBER", "W_NUMBER_PUNCT", "E_LEADING_ZERO_NO_CC"}),
    ("https://wa.me/0039061234567", "https://wa.me/39061234567", {"W_PREFIX_00"}),
    (
        "https://api.whatsapp.com/send?phone=+55 11 98765-4321&text=Oi, tudo bem?",
        "https://wa.me/5511987654321?text=Oi%2C%20tudo%20bem%3F",
        {"W_TEXT_NOT_ENCODED", "W_LEGACY_API_HOST", "W_NUMBER_PUNCT"},
    ),
    (
        "https://api.whatsapp.com/send/?phone=14155552671&text=hello+world&type=phone_number&app_absent=0",
        "https://wa.me/14155552671?text=hello%20world",
        {"W_LEGACY_API_HOST"},
    ),
    (
        "whatsapp://send?phone=919876543210&text=Hi%20there",
        "https://wa.me/919876543210?text=Hi%20there",
        {"W_APP_SCHEME"},
    ),
    (
        "https://wa.me/919876543210?text=50% off #deal & more",
        "https://wa.me/919876543210?text=50%25%20off%20%23deal%20%26%20more",
        {"W_TEXT_NOT_ENCODED"},
    ),
    (f"{CHAT}?text=Hi%2520there", f"{CHAT}?text=Hi%20there", {"W_DOUBLE_ENCODED"}),
    (f"{CHAT}&text=Hi", f"{CHAT}?text=Hi", {"W_AMP_INSTEAD_OF_Q"}),
    (f"{CHAT}?text=caf%E9", f"{CHAT}?text=caf%C3%A9", {"W_TEXT_NOT_UTF8"}),
    (f"https://wa.me/\u200b{N}\u00a0", CHAT, {"W_INVISIBLE_OR_QUOTES"}),
    (
        f"https://l.instagram.com/?u=https%3A%2F%2Fwa.me%2F{N}&e=x",
        CHAT,
        {"W_UNWRAPPED_LINKSHIM"},
    ),
    ("https://wa.me/JohnShop", None, {"E_NUMBER_LETTERS"}),
    ("intent://send/1555#Intent;scheme=whatsapp;end", None, {"E_INTENT_SCHEME"}),
]
MORE: list[tuple[str, str | None, set[str]]] = [
    (f'"{CHAT}"', CHAT, {"W_INVISIBLE_OR_QUOTES"}),
    (f"“{CHAT}”", CHAT, {"W_INVISIBLE_OR_QUOTES"}),
    (f"  {CHAT}\n", CHAT, set()),
    (f"HTTPS://WA.ME/{N}", CHAT, set()),
    (f"https:/wa.me/{N}", CHAT, set()),
    (f"//wa.me/{N}/", CHAT, {"W_SCHEME_ADDED"}),
    (f"https://wa.me/{N}#top", CHAT, set()),
    ("https://wa.me/१५५५१२३४५६७", CHAT, {"W_NUMBER_PUNCT"}),
    ("https://wa.me/٩١٩٨٧٦٥٤٣٢١٠", "https://wa.me/919876543210", {"W_NUMBER_PUNCT"}),
    ("https://wa.me/5215512345678", "https://wa.me/5215512345678", set()),
    ("https://wa.me/390612345678", "https://wa.me/390612345678", set()),
    ("https://wa.me/123456", None, {"E_NUMBER_LENGTH"}),
    ("https://wa.me/1234567890123456", None, {"E_NUMBER_LENGTH"}),
    ("https://wa.me/07700900123", None, {"E_LEADING_ZERO_NO_CC"}),
    ("https://wa.me/", None, {"E_NO_NUMBER_NO_TEXT"}),
    ("https://wa.me/?text=", None, {"E_NO_NUMBER_NO_TEXT"}),
    ("https://wa.me/?text=Hi", "https://wa.me/?text=Hi", {"W_NO_RECIPIENT"}),
    (f"{CHAT}?text=", CHAT, set()),
    (f"{CHAT}?TEXT=Hi", f"{CHAT}?text=Hi", {"W_PARAM_CASE"}),
    (f"{CHAT}??text=Hi", f"{CHAT}?text=Hi", {"W_DOUBLE_QUESTION"}),
    (f"{CHAT}?utm_source=x?text=Hi", f"{CHAT}?text=Hi", {"W_DOUBLE_QUESTION"}),
    (f"{CHAT}?text=Hi&utm_source=ig&fbclid=1", f"{CHAT}?text=Hi", set()),
    (f"{CHAT}?text=R&D lab", f"{CHAT}?text=R%26D%20lab", {"W_TEXT_NOT_ENCODED"}),
    (f"{CHAT}?text=1+1 = 2", f"{CHAT}?text=1%2B1%20%3D%202", {"W_TEXT_NOT_ENCODED"}),
    (f"{CHAT}?text=one\ntwo", f"{CHAT}?text=one%0Atwo", {"W_TEXT_NOT_ENCODED"}),
    (f"{CHAT}?text=%F0%9F%A5%90", f"{CHAT}?text=%F0%9F%A5%90", set()),
    (f"https://api.whatsapp.com/send?text=Hi&phone={N}", f"{CHAT}?text=Hi", {"W_LEGACY_API_HOST"}),
    (f"https://wa.me/send?Phone=%2B{N}", CHAT, {"W_PARAM_CASE", "W_NUMBER_PUNCT"}),
    (f"https://web.whatsapp.com/send?phone={N}", CHAT, {"W_WEB_HOST_DESKTOP_ONLY"}),
    ("https://web.whatsapp.com/", None, {"W_WEB_HOST_DESKTOP_ONLY", "E_NO_NUMBER_NO_TEXT"}),
    (f"whatsapp://send/?phone={N}", CHAT, {"W_APP_SCHEME"}),
    ("whatsapp://status", None, {"E_APP_SCHEME_NOT_CONVERTIBLE"}),
    ("tel:+15551234567", None, {"E_APP_SCHEME_NOT_CONVERTIBLE"}),
    ("https://wa.me/message/ABC123XYZ", "https://wa.me/message/ABC123XYZ", {"W_CANNOT_VERIFY"}),
    ("https://wa.me/qr/ABC123XYZ?s=1", "https://wa.me/qr/ABC123XYZ", {"W_CANNOT_VERIFY"}),
    (f"https://wa.me/c/{N}", f"https://wa.me/c/{N}", {"W_CANNOT_VERIFY"}),
    ("https://wa.me/message/", None, {"E_NOT_WHATSAPP"}),
    (
        "https://api.whatsapp.com/message/ABC123XYZ",
        "https://wa.me/message/ABC123XYZ",
        {"W_LEGACY_API_HOST", "W_CANNOT_VERIFY"},
    ),
    (
        "https://www.whatsapp.com/channel/0029VaAbc",
        "https://whatsapp.com/channel/0029VaAbc",
        {"W_CANNOT_VERIFY"},
    ),
    (f"{GROUP}?mode=ac_t", GROUP, {"W_GROUP_INVITE"}),
    ("https://chat.whatsapp.com/", None, {"E_GROUP_CODE"}),
    ("https://chat.whatsapp.com/<code>", None, {"E_GROUP_CODE"}),
    ("https://wa.link/ab12", "https://wa.link/ab12", {"W_THIRD_PARTY_SHORTENER"}),
    (f"https://wa.mee/{N}", None, {"E_NOT_WHATSAPP"}),
    (f"https://api.whatsap.com/send?phone={N}", None, {"E_NOT_WHATSAPP"}),
    (f"https://wa.me.evil.example/{N}", None, {"E_NOT_WHATSAPP"}),
    ("order here", None, {"E_NOT_WHATSAPP"}),
    ("", None, {"E_NOT_WHATSAPP"}),
]


@pytest.mark.parametrize(("given", "link", "expected"), VECTORS + MORE)
def test_a_link_comes_out_as_it_works_with_the_reasons(
    given: str, link: str | None, expected: set[str]
) -> None:
    diagnosis = examine(given)
    assert (diagnosis.link, codes(diagnosis)) == (link, expected)


@pytest.mark.parametrize(
    ("given", "link", "expected"),
    [
        ("https://shop.example/menu?day=1&x=a#top", "https://shop.example/menu?day=1&x=a#top", set()),
        ("shop.example", "https://shop.example", {"W_SCHEME_ADDED"}),
        ("http://shop.example", "http://shop.example", {"W_HTTP"}),
        ("https://shop.example/pão doce", "https://shop.example/p%C3%A3o%20doce", {"W_TEXT_NOT_ENCODED"}),
        ("https://bücher.example:8443/", "https://bücher.example:8443/", set()),
        ("https://www.whatsapp.com/features", "https://www.whatsapp.com/features", set()),
        ("https://whatsapp-tips.example/15-ideas", "https://whatsapp-tips.example/15-ideas", set()),
        ("192.168.178.20", "https://192.168.178.20", {"W_SCHEME_ADDED"}),
        (f"https://wa.me@evil.example/{N}", f"https://wa.me@evil.example/{N}", set()),
    ],
)
def test_other_web_pages_pass_as_they_are(given: str, link: str, expected: set[str]) -> None:
    diagnosis = examine(given)
    assert (diagnosis.link, codes(diagnosis), diagnosis.whatsapp) == (link, expected, False)
    assert "E_NOT_WHATSAPP" in codes(examine(given, must_be_whatsapp=True))
    assert examine(given, must_be_whatsapp=True).link is None


def test_a_diagnosis_tells_the_number_and_the_text() -> None:
    diagnosis = examine(f"{CHAT}?text=Oi%20%F0%9F%A5%90")
    assert (diagnosis.number, diagnosis.text) == (N, "Oi 🥐")


def test_the_reasons_name_what_was_wrong_and_what_to_use_instead() -> None:
    (error,) = examine("https://wa.me/JohnShop").errors
    assert "'JohnShop' stands where WhatsApp expects a phone number" in error.why
    assert error.instead.startswith("https://wa.me/<number>")


def test_every_code_has_words_and_a_vector() -> None:
    assert all(words.why and words.instead for words in EXPLAINED.values())
    seen = {code for _, _, expected in VECTORS + MORE for code in expected}
    assert EXPLAINED.keys() - seen == {"W_REGION_ASSUMED", "W_NUMBER_UNLIKELY", "W_HTTP"} - seen


def test_the_link_doctor_knows_no_network() -> None:
    sources = "".join(file.read_text() for file in Path(links.__file__).parent.glob("*.py"))
    assert not re.search(r"import (socket|http|ssl|requests)|urllib\.request|urlopen", sources)


NATIONAL = [
    ("07700 900123", "GB", "447700900123"),
    ("https://wa.me/07700900123", "GB", "447700900123"),
    ("(11) 98765-4321", "BR", "5511987654321"),
    ("06 12345678", "IT", "390612345678"),
    ("0171 5550123", "DE", "491715550123"),
]


@pytest.mark.parametrize(("given", "region", "digits"), NATIONAL)
def test_a_national_number_gets_the_country_code_of_the_region(given: str, region: str, digits: str) -> None:
    pytest.importorskip("phonenumbers")
    diagnosis = examine(given, region)
    assert diagnosis.link == f"https://wa.me/{digits}"
    assert "W_REGION_ASSUMED" in codes(diagnosis)


@pytest.mark.parametrize("given", ["+1 555 123 4567", "5511987654321", "https://wa.me/5511987654321"])
def test_a_full_number_is_left_alone_whatever_the_region(given: str) -> None:
    pytest.importorskip("phonenumbers")
    diagnosis = examine(given, "BR")
    assert diagnosis.number == re.sub(r"\D", "", given)
    assert not codes(diagnosis) & {"W_REGION_ASSUMED", "W_NUMBER_UNLIKELY"}


def test_a_number_that_is_unusual_is_only_doubted() -> None:
    pytest.importorskip("phonenumbers")
    diagnosis = examine("https://wa.me/5215512345678", "MX")
    assert diagnosis.link == "https://wa.me/5215512345678"
    assert codes(diagnosis) == {"W_NUMBER_UNLIKELY"}


def test_a_national_number_of_no_region_stays_refused() -> None:
    pytest.importorskip("phonenumbers")
    diagnosis = examine("0123", "GB")
    assert diagnosis.link is None
    assert "isn't a number of your default_region" in diagnosis.errors[0].why


def test_without_phonenumbers_a_national_number_is_refused_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    diagnosis = examine("07700 900123", "GB")
    assert diagnosis.link is None
    assert 'pip install "storyrelay[phonenumbers]"' in diagnosis.errors[0].instead
    assert examine(CHAT, "GB").link == CHAT
