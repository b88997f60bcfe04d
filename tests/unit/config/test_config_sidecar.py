"""Sidecars: what a person may write beside an asset."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.sidecar import parse_sidecar
from pipeline.errors import SidecarError
from pipeline.model import Place, Sidecar, Spot

BERLIN = ZoneInfo("Europe/Berlin")
FILE = Path("beach.mp4.yaml")


def parse(text: str) -> Sidecar:
    return parse_sidecar(text, "beach.mp4.yaml", FILE, BERLIN)


def problems(text: str) -> list[str]:
    with pytest.raises(SidecarError) as caught:
        parse(text)
    return str(caught.value).splitlines()


def test_every_key_of_a_sidecar_is_taken() -> None:
    assert parse(
        "caption: |\n  Two lines\n  of text\n"
        "texts: {whatsapp: Hello, instagram: ''}\n"
        'fit: cover\nbackground: "#FFF"\nfocal: [0.5, 1]\n'
        "link: https://wa.me/15551234567?text=Hi#x\n"
        "whatsapp: 15551234567\nmessage: Hello\n"
        "location: {name: Casa Lume, id: 213385402, latitude: 52, longitude: 13.4}\n"
        "stickers:\n  link: {at: bottom, label: Order here}\n  mentions: top-left\n"
        "  hashtags: false\n  location: [0.25, 1]\nclose_friends: true\n"
        'mentions: ["@shop", friend]\nhashtags: ["#beach", sea]\n'
        "not_before: 2026-12-24 18:00\nnot_after: 2026-12-25\n"
        "destinations: [whatsapp]\nskip: true\n"
    ) == Sidecar(
        path=FILE,
        caption="Two lines\nof text",
        texts={"whatsapp": "Hello", "instagram": ""},
        fit="cover",
        background="#ffffff",
        focal=(0.5, 1.0),
        link="https://wa.me/15551234567?text=Hi#x",
        whatsapp="15551234567",
        message="Hello",
        location=Place("Casa Lume", "213385402", 52, 13.4),
        stickers={
            "link": Spot((0.5, 1.0), "Order here"),
            "mentions": Spot((0.0, 0.0)),
            "hashtags": Spot(show=False),
            "location": Spot((0.25, 1.0)),
        },
        close_friends=True,
        mentions=("shop", "friend"),
        hashtags=("beach", "sea"),
        not_before=datetime(2026, 12, 24, 17, tzinfo=UTC),
        not_after=datetime(2026, 12, 25, 22, 59, 59, tzinfo=UTC),
        destinations=("whatsapp",),
        skip=True,
    )


@pytest.mark.parametrize("text", ["", "# later\n", "caption:\nlink:\n", "~", "{}", "\ufeff"])
def test_a_sidecar_that_says_nothing_is_fine(text: str) -> None:
    assert parse(text) == Sidecar(path=FILE)


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("A day at the sea\n", "A day at the sea"),
        ("2026\n", "2026"),
        ("no", "no"),
        ('"#sea: blue"', "#sea: blue"),
    ],
)
def test_a_bare_text_is_a_caption(text: str, caption: str) -> None:
    assert parse(text).caption == caption


@pytest.mark.parametrize(
    "text", ['"@shop, @friend @shop"', "[shop, friend]", "shop friend", '["@shop", "@friend"]']
)
def test_mentions_may_be_a_list_or_one_text_with_or_without_the_sign(text: str) -> None:
    assert parse(f"mentions: {text}").mentions == ("shop", "friend")


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("center", (0.5, 0.5)),
        ("top", (0.5, 0.0)),
        ("Bottom", (0.5, 1.0)),
        ("left", (0.0, 0.5)),
        ("right", (1.0, 0.5)),
    ],
)
def test_a_focal_point_may_have_a_name(name: str, point: tuple[float, float]) -> None:
    assert parse(f"focal: {name}").focal == point


@pytest.mark.parametrize(
    "text", ["[0.5]", "[0.5, 1.1]", "[-0.1, 0]", "[a, b]", "[true, false]", "middle", "0.5", "{}"]
)
def test_any_other_focal_point_is_refused(text: str) -> None:
    (problem,) = problems(f"focal: {text}")
    assert "needs two fractions from 0 to 1, such as [0.5, 0.3], or one of auto, center, top" in problem


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-07-01 9:30", 7),
        ("2026-07-01T09:30", 7),
        ("2026-07-01 09:30:00", 7),
        ("2026-07-01 09:30Z", 9),
        ("2026-07-01 09:30 +05:00", 4),
        ('"2026-07-01 09:30"', 7),
    ],
)
def test_times_are_in_the_configs_zone_unless_they_say_otherwise(text: str, hour: int) -> None:
    assert parse(f"not_before: {text}").not_before == datetime(2026, 7, 1, hour, 30, tzinfo=UTC)


def test_a_bare_day_begins_at_midnight_and_ends_with_its_last_second() -> None:
    sidecar = parse("not_before: 2026-07-01\nnot_after: 2026-07-01\n")
    assert sidecar.not_before == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert sidecar.not_after == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["soon", "20260701", "18:00", "2026-13-01", "2026-W27", "0001-01-01", "[a]", "true"]
)
def test_what_is_no_day_or_time_is_refused(text: str) -> None:
    (problem,) = problems(f"not_before: {text}")
    assert problem.startswith("beach.mp4.yaml:1: not_before: ")
    assert "is not a day or time such as 2026-12-24 or 2026-12-24 18:00" in problem


def test_a_story_must_have_time_to_go_out() -> None:
    assert problems("not_before: 2026-07-02\nnot_after: 2026-07-01\n") == [
        "beach.mp4.yaml:2: not_after: lies before not_before: the story could never go out"
    ]


def test_all_problems_are_told_at_once() -> None:
    text = "captoin: hi\nskip: no\nfit: squeeze\nlink: [a]\ndestinations: []\n"
    text += "texts: {whatsapp: }\nmentions: [a b, 3]\n"
    assert problems(text) == [
        "beach.mp4.yaml:1: captoin: unknown key; did you mean caption?",
        "beach.mp4.yaml:2: skip: 'no' is not true or false: write false",
        "beach.mp4.yaml:3: fit: 'squeeze' is not one of blur, contain, cover",
        "beach.mp4.yaml:4: link: a list stands where a text belongs",
        "beach.mp4.yaml:5: destinations: is empty: name a destination, "
        "or write skip: true to send it nowhere",
        'beach.mp4.yaml:6: texts.whatsapp: is empty: write "" for no text',
        "beach.mp4.yaml:7: mentions[0]: 'a b' is not a single word",
        "beach.mp4.yaml:7: mentions[1]: '3' is not a text: put it in quotes: \"3\"",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("caption: 15551234567", 'put it in quotes: "15551234567"'),
        ("caption: Love #beach", 'put the whole text in quotes: "Love #beach"'),
        ("hashtags: #beach", 'put the whole text in quotes: "#beach"'),
        ("mentions: @shop", "needs quotes around the whole of it"),
        ("caption: Sale: today", "needs quotes around the whole of it"),
        ("Sale: today", "Sale: unknown key; known are caption, look"),
        ("- caption", "beach.mp4.yaml:1: a list; write `caption: …`"),
        ("background: black", "'black' is not a colour"),
        ("mentions: ''", "'' is not a single word"),
        ("destinations:", "destinations: is empty"),
        ("Sunny #beach", 'put the whole text in quotes: "Sunny #beach"'),
    ],
)
def test_what_yaml_would_spoil_is_told_with_the_way_out(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert said in problem


def test_a_sidecar_may_leave_crop_and_background_to_us() -> None:
    sidecar = parse("focal: auto\nbackground: auto\nmotion_photo: clip\n")
    assert (sidecar.focal, sidecar.background, sidecar.motion_photo) == ("auto", "auto", "clip")


@pytest.mark.parametrize("key", ["whatsapp", "link"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5511987654321", "5511987654321"),
        ("+55 11 98765-4321", "+55 11 98765-4321"),
        ("(11) 98765-4321", "(11) 98765-4321"),
        ("07700900123", "07700900123"),
    ],
)
def test_a_number_keeps_its_digits_without_quotes(key: str, written: str, read: str) -> None:
    assert getattr(parse(f"{key}: {written}"), key) == read


def test_an_empty_link_means_none_and_is_not_the_same_as_no_word_about_it() -> None:
    assert (parse("link: ''").link, parse("caption: Hi").link) == ("", None)


def test_a_place_may_be_a_bare_name() -> None:
    assert parse("location: Casa Lume").location == Place("Casa Lume")


def test_mistakes_about_stickers_are_told_with_their_lines() -> None:
    text = "stickers:\n  lnk: top\n  link: {at: nowhere, label: ''}\n  mentions: {label: Hi}\n"
    text += "location: {id: 12a}\nclose_friends: yes\nwhatsapp: 1.5\nmessage: 3\n"
    spots = "top, center, bottom, left, right, top-left, top-right, bottom-left, bottom-right"
    assert problems(text) == [
        "beach.mp4.yaml:2: stickers.lnk: unknown key; did you mean link?",
        "beach.mp4.yaml:3: stickers.link.at: needs two fractions from 0 to 1, such as [0.5, 0.8], "
        f"or one of {spots}",
        "beach.mp4.yaml:3: stickers.link.label: needs 1 to 30 characters, not 0",
        "beach.mp4.yaml:4: stickers.mentions.label: unknown key; known are at, show",
        "beach.mp4.yaml:5: location.id: '12a' is not the number of a place, such as 213385402",
        "beach.mp4.yaml:5: location.name: is missing",
        "beach.mp4.yaml:6: close_friends: 'yes' is not true or false: write true",
        "beach.mp4.yaml:7: whatsapp: '1.5' is not a text: put it in quotes: \"1.5\"",
        "beach.mp4.yaml:8: message: '3' is not a text: put it in quotes: \"3\"",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("location: {name: Casa, latitude: 52}", "needs both latitude and longitude, or neither"),
        ("location: {name: Casa, latitude: 91, longitude: 0}", "'91' is too large: at most 90"),
        ("stickers: top", "stands where keys belong"),
        ("stickers: {link: 3}", "stands where keys belong"),
        ("whatsapp: ''", "whatsapp: is empty"),
    ],
)
def test_half_a_place_and_half_a_sticker_are_refused(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert said in problem
