"""The whole way: posted with Instagram's app, pulled by a run, on the phone's page, sent by the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.accounts import PATIENCE
from fakes.app_stories import scene
from fakes.browser import Visit, share
from fakes.instagram import StandIn, User
from fakes.instagram.app import link, mention
from fakes.page_on_phone import Served
from playwright.sync_api import expect

from pipeline.mirror.line import line_of
from pipeline.mirror.login import Key, login
from pipeline.model import State

Open = Callable[..., Visit]
SOURCE = """
accounts: {{shop: {{username: shop, proxy: "{proxy}", ca_file: {ca_file}, patience: {patience}}}}}
sources: {{mine: {{instagram: shop, every_minutes: 0}}}}"""


@pytest.fixture
def instagram(served: Served, tmp_path: Path) -> Iterator[StandIn]:
    """The shop has a session there, and no destination: what comes from there goes to WhatsApp."""
    before = served.shop.destinations
    with StandIn({"shop": User("a word")}, folder=tmp_path / "instagram") as server:
        more = SOURCE.format(proxy=server.proxy, ca_file=server.ca_file, patience=PATIENCE)
        served.shop.destinations = before + more
        line = line_of(served.shop.settings(), "shop")
        login(line, Key(session_id=server.session_of("shop")), lambda _way: "")
        yield server
    served.shop.destinations = before
    served.shop.settings()


def test_a_story_of_the_app_goes_over_the_page_to_whatsapp_once_and_never_back(
    served: Served, instagram: StandIn, visit: Open
) -> None:
    told = {"reel_mentions": [mention("casa.lume")], "story_link_stickers": [link("https://example.com/m")]}
    story = instagram.add_foreign_story("shop", scene(11), told=told)
    name = f"shop-{story.taken_at:%Y%m%d-%H%M%S}-{story.pk}.jpg"
    said = served.call("run")
    assert (said.code, "1 file pulled, 1 story offered" in said.out) == (0, True)
    row = served.delivery(name)
    assert (row.destination, row.state) == ("whatsapp", State.OFFERED)
    (file,) = served.call("show", str(row.id), "--json").json()["files"]

    phone = visit()
    expect(phone.page.locator("#name")).to_have_text(name)
    share(phone)
    expect(phone.page.locator("#sheet")).to_be_visible()
    (call,) = phone.shared()
    assert [one["sha256"] for one in call["files"]] == [file["sha256"]]
    phone.page.locator("#sent").tap()
    expect(phone.page.locator("#empty")).to_be_visible()
    served.settles(name, State.CONFIRMED)

    instagram.requests.clear()
    said = served.call("run", "--json")
    summary = said.json_lines()[-1]
    assert (summary["pulled"], summary["offered"], summary["exit_code"]) == (0, 0, 0)
    assert [request.endpoint for request in instagram.requests] == [f"feed/user/{story.user_pk}/story/"]
    assert {one.destination for one in served.shop.deliveries() if one.path.name == name} == {"whatsapp"}
    assert instagram.stories == []
