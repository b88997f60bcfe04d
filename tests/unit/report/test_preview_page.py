"""The page: everything is in it, nothing is asked for, and no file name can do harm."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fakes.sights import screen_of, shot_of, sight_of

from pipeline.model import Refusal
from pipeline.report.preview import Sight
from pipeline.report.preview.page import page_of, waiting_page

VOID = {"meta", "img", "input", "br"}


class Page(HTMLParser):
    """The tags of a page, in order, and its text; complains when they aren't closed as they were opened."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(content)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(sights: Sequence[Sight], refusals: Sequence[Refusal] = ()) -> Page:
    return Page("".join(page_of(sights, refusals)))


@pytest.fixture
def sight(tmp_path: Path) -> Sight:
    shots = tuple(shot_of(tmp_path / f"{n}.jpg", at_s=n * 2.0) for n in range(5))
    return sight_of(shots=shots, before=shot_of(tmp_path / "before.jpg", "#4060c0").picture)


def test_the_page_asks_nobody_for_anything(sight: Sight) -> None:
    content = "".join(page_of([sight], ()))
    written = re.sub(r"base64,[^\"]+", "", content)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<iframe", written, re.IGNORECASE)
    assert all(
        (image["src"] or "").startswith("data:image/jpeg;base64,") for image in Page(content).all("img")
    )
    assert "default-src 'none'" in content


def test_before_and_after_are_the_pictures_that_were_taken(sight: Sight) -> None:
    sources = [(image["src"] or "").partition(",")[2] for image in page([sight]).all("img")]
    taken = [sight.before, *(shot.picture for shot in sight.shots)]
    assert [b64decode(source) for source in sources] == [path.read_bytes() for path in taken if path]


def test_the_middle_frame_is_seen_first_and_each_has_its_switch(sight: Sight) -> None:
    found = page([sight])
    switches = [field for field in found.all("input") if field["type"] == "radio"]
    assert ["checked" in switch for switch in switches] == [False, False, True, False, False]
    labels = {label["for"] for label in found.all("label")}
    assert {switch["id"] for switch in switches} <= labels


def test_two_stories_never_share_a_switch(sight: Sight) -> None:
    fields = page([sight, sight]).all("input")
    assert len({field["id"] for field in fields}) == len(fields)
    assert len({field.get("name") for field in fields if field["type"] == "radio"}) == 2


def test_the_safe_area_is_drawn_by_its_margins_and_can_be_switched_on(sight: Sight) -> None:
    found = page([sight])
    (safe,) = [box for box in found.all("div") if box.get("class") == "safe"]
    assert safe["style"] == "inset: 15.00% 6.00% 20.00% 6.00%"
    assert {"chrome", "safe"} <= {label["for"] for label in found.all("label")}
    assert "#safe:not(:checked) ~ main .safe { display: none; }" in found.text


def test_a_source_is_shown_once_where_two_renditions_have_it_in_common(sight: Sight) -> None:
    assert page([sight, sight]).text.count("Before") == 1


def test_a_name_is_only_ever_text(tmp_path: Path) -> None:
    name = '"><script>alert(1)&.jpg'
    shots = (shot_of(tmp_path / "0.jpg"),)
    found = page([sight_of(name, shots)], [Refusal(Path("<b>.png"), "<i>bad</i>")])
    assert found.all("script") == []
    assert all("class" in segment for segment in found.all("i"))
    assert name in found.text
    assert "<i>bad</i>" in found.text


def test_what_cannot_be_shown_is_named(sight: Sight) -> None:
    assert "Not shown" not in page([sight]).text
    assert "bad.jpg: it is damaged" in page([sight], [Refusal(Path("bad.jpg"), "it is damaged")]).text


def test_the_bars_are_seen_first_and_can_be_switched_off(sight: Sight) -> None:
    found = page([sight])
    switches = {
        field["id"]: "checked" in field for field in found.all("input") if field["type"] == "checkbox"
    }
    assert switches == {"chrome": True, "safe": False}
    assert "#chrome:not(:checked) ~ main .app" in found.text


def test_apps_that_show_the_same_rendition_each_have_a_phone(sight: Sight) -> None:
    both = replace(sight, screens=(screen_of(caption="Fresh"), screen_of("instagram_story")))
    found = page([both])
    phones = [box["class"] for box in found.all("div") if (box.get("class") or "").startswith("app ")]
    assert phones == ["app whatsapp", "app instagram"]
    assert found.text.count("Before") == 1
    assert len({field["id"] for field in found.all("input")}) == len(found.all("input"))


def test_the_whole_caption_can_be_read(sight: Sight) -> None:
    caption = "One & all\n" * 30
    found = page([replace(sight, screens=(screen_of("instagram_story", caption=caption),))])
    assert caption in found.text
    assert len(found.all("details")) == 1


def test_where_nothing_is_to_be_seen_the_page_says_what_to_do() -> None:
    found = Page("".join(page_of([], [], "Load it again.")))
    assert "Nothing to show. Load it again." in found.text
    assert found.all("input") == []


def test_a_page_that_is_being_made_asks_again_by_itself() -> None:
    found = Page("".join(waiting_page(["1 of 2 ready", "<b>.mp4, 40%"])))
    assert {"http-equiv": "refresh", "content": "1"} in found.all("meta")
    assert found.all("script") == []
    assert "<b>.mp4, 40%" in found.text
