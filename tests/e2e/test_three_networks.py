"""One sidecar, one run, three networks: each gets the story in its own form, and none waits for another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.codes import modules_of, modules_seen
from fakes.command import CONFIG, Said, called
from fakes.graph import PAGE, GraphStandIn
from fakes.graph import Fault as GraphFault
from fakes.graph_relay import served
from fakes.instagram import Fault, StandIn, User
from PIL import Image

from pipeline.config import Place, load_settings
from pipeline.ledger import snapshot
from pipeline.model import Overlay, State

LINK = "https://wa.me/15551234567?text=A%20table%20please"
SIDECAR = f"""\
caption: Breakfast for two, until noon
link: {LINK}
mentions: [ana]
stickers: {{link: {{label: Book a table}}}}
"""
SETTINGS = """\
inbox: inbox
outbox: outbox
state: state
destinations:
  whatsapp: {{platform: whatsapp_status, channels: [folder]}}
  instagram: {{platform: instagram_story, via: instagrapi, account: shop}}
  facebook: {{platform: facebook_story, via: graph, account: page}}
limits: {{settle_seconds: 0, jobs: 1}}
schedule: {{timezone: UTC}}
accounts:
  shop:
    username: shop
    proxy: {instagram.proxy}
    ca_file: {instagram.ca_file}
    pace: {{spacing_seconds: [0, 0], wait_minutes: 0}}
    patience: {{connect_seconds: 4, answer_seconds: 4}}
  page:
    username: Shop
    id: "{page}"
    token: {{file: token}}
    proxy: {graph.proxy}
    ca_file: {graph.ca_file}
    pace: {{spacing_seconds: [0, 0], wait_minutes: 0}}
    patience: {{connect_seconds: 4, answer_seconds: 4}}
"""


@dataclass(frozen=True, slots=True)
class Bakery:
    root: Path
    instagram: StandIn
    graph: GraphStandIn

    def call(self, *words: str) -> Said:
        return called(self.root, *words, "-c", CONFIG)

    def events(self, *words: str) -> list[dict[str, Any]]:
        return self.call("run", "--json", *words).json_lines()

    def overlay(self, destination: str) -> Overlay:
        settings = load_settings(self.root / CONFIG, (), Place({}, self.root, None))
        with snapshot(settings.state) as ledger:
            (row,) = [row for row in ledger.in_states(list(State)) if row.destination == destination]
        assert row.recipe.overlay
        return row.recipe.overlay


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Bakery]:
    with ExitStack() as open_:
        instagram = open_.enter_context(StandIn({"shop": User("pass-word-of-the-shop")}))
        graph = open_.enter_context(served(tmp_path))
        (tmp_path / CONFIG).write_text(SETTINGS.format(instagram=instagram, graph=graph, page=PAGE.id))
        (tmp_path / "token").write_text(graph.page_token)
        (tmp_path / "inbox").mkdir()
        Image.new("RGB", (1080, 1920), "#406080").save(tmp_path / "inbox/breakfast.jpg", quality=90)
        (tmp_path / "inbox/breakfast.jpg.yaml").write_text(SIDECAR)
        shop = Bakery(tmp_path, instagram, graph)
        login = called(
            tmp_path,
            "session",
            "login",
            "shop",
            "--session-id",
            "-c",
            CONFIG,
            env={"STORYRELAY_SESSION_ID": instagram.session_of("shop")},
        )
        assert login.code == 0, login.err
        yield shop
        assert graph.offences == []


def delivered(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["destination"], one["state"]) for one in events if one["event"] == "delivered"]


def test_one_sidecar_is_native_on_three_networks_in_one_run(bakery: Bakery) -> None:
    plan = {one["name"]: one for one in bakery.call("plan", "--json").json()["stories"][0]["destinations"]}
    assert any("WA.ME" in note or "Book a table" in note for note in plan["facebook"]["recipe"]["notes"])

    first, *others = delivered(bakery.events())
    assert first == ("whatsapp", "offered")
    assert sorted(others) == [("facebook", "published"), ("instagram", "published")]

    (offered,) = (bakery.root / "outbox/whatsapp").glob("*.jpg")
    (code,) = bakery.overlay("whatsapp").codes
    with Image.open(offered) as picture:
        assert modules_seen(picture, code) == modules_of(LINK)
    assert LINK in offered.with_suffix(".txt").read_text()

    (story,) = bakery.instagram.stories
    kinds = {tap["type"] for tap in story.tap_models}
    assert "story_link" in kinds
    assert bakery.overlay("instagram").codes == ()

    (post,) = bakery.graph.stories(PAGE.id)
    shown = bakery.root / "shown.jpg"
    shown.write_bytes(bakery.graph.content(post))
    (code,) = bakery.overlay("facebook").codes
    with Image.open(shown) as picture:
        assert picture.size == (1080, 1920)
        assert modules_seen(picture, code) == modules_of(LINK)

    assert delivered(bakery.events()) == []  # nothing is sent twice
    assert (len(bakery.instagram.stories), len(bakery.graph.stories(PAGE.id))) == (1, 1)


@pytest.mark.parametrize("down", ["instagram", "facebook"])
def test_a_network_that_never_answers_keeps_no_other_waiting(bakery: Bakery, down: str) -> None:
    if down == "instagram":
        bakery.instagram.faults.add("accounts/current_user", Fault.HANG_BEFORE, times=None)
    else:
        bakery.graph.faults.add("GET me", GraphFault.HANG_BEFORE, times=None)
    other = "facebook" if down == "instagram" else "instagram"
    events = bakery.events()
    told = [(one["event"], one.get("destination")) for one in events]
    assert delivered(events) == [("whatsapp", "offered"), (other, "published")]
    assert told.index(("delivered", other)) < told.index(("blocked", down))

    bakery.instagram.faults.clear()
    bakery.graph.faults.clear()
    assert json.loads(bakery.call("status", "--json").out)["counts"]["published"] == 1
