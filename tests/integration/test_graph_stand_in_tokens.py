"""The stand-in for the Graph API against its documentation: whose token it is, and what it may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.graph import PAGE, SHOP, GraphStandIn, Token
from fakes.graph.caller import API, Caller
from fakes.media import picture, save_photo

DAY_S = 86_400
UNKNOWN = "EAAnonsense"


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with GraphStandIn() as server:
        yield server


@pytest.fixture
def caller(graph: GraphStandIn) -> Iterator[Caller]:
    with Caller(graph, graph.page_token) as known:
        yield known


@pytest.fixture
def nobody(graph: GraphStandIn) -> Iterator[Caller]:
    with Caller(graph, "") as unknown:
        yield unknown


@pytest.mark.parametrize("scheme", ["Bearer", "OAuth"])
def test_a_token_goes_into_the_header(graph: GraphStandIn, nobody: Caller, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {graph.page_token}"}
    told = nobody.send("GET", "me", params={"fields": "id,name"}, headers=headers)
    assert (told.status_code, told.json()) == (200, {"id": PAGE.id, "name": PAGE.name})
    assert graph.offences == []


def test_a_token_may_be_in_the_body(graph: GraphStandIn, nobody: Caller) -> None:
    fields = {"upload_phase": "start", "access_token": graph.page_token}
    assert nobody.post(f"{PAGE.id}/video_stories", **fields)["video_id"]
    told = nobody.send("POST", f"{PAGE.id}/video_stories", json=fields).json()
    assert told["video_id"]
    assert graph.offences == []


def test_a_token_in_the_address_is_answered_but_noted(graph: GraphStandIn, nobody: Caller) -> None:
    assert nobody.get("me", access_token=graph.user_token)["name"] == "A Person"
    assert graph.offences == ["GET me: a token in the URL"]


def test_the_next_page_of_a_listing_has_the_token_in_its_address(graph: GraphStandIn, caller: Caller) -> None:
    graph.page_size = 1
    for content in (b"1", b"2"):
        graph.add_foreign_story(SHOP.id, content)
    following = caller.get(f"{SHOP.id}/stories")["paging"]["next"]
    assert len(caller.send("GET", following).json()["data"]) == 1
    assert graph.offences == [f"GET {SHOP.id}/stories: a token in the URL"]


def test_without_a_token_nothing_is_told(graph: GraphStandIn, nobody: Caller) -> None:
    assert nobody.error(nobody.get(PAGE.id)) == (104, None)
    with Caller(graph, UNKNOWN) as stranger:
        answer = stranger.send("GET", PAGE.id)
    assert answer.json()["error"]["code"] == 190
    assert answer.headers["www-authenticate"].startswith("OAuth")


@pytest.mark.parametrize(
    ("state", "subcode"), [("password changed", 460), ("checkpoint", 459), ("app removed", 458)]
)
def test_a_token_that_was_ended_is_refused(
    graph: GraphStandIn, caller: Caller, state: str, subcode: int
) -> None:
    graph.end_token(graph.page_token, state)  # type: ignore[arg-type]
    assert caller.error(caller.get("me")) == (190, subcode)
    begun = caller.upload("https://rupload.facebook.com/video-upload/v25.0/1", b"x")
    assert "unauthorized" in begun["debug_info"]["message"]


def test_a_token_expires(graph: GraphStandIn) -> None:
    with Caller(graph, graph.user_token) as caller:
        graph.clock.advance(59 * DAY_S)
        assert caller.get("me")["name"]
        graph.clock.advance(DAY_S)
        assert caller.error(caller.get("me")) == (190, 463)


def test_a_token_is_told_about(graph: GraphStandIn, caller: Caller) -> None:
    ends = graph.expire_token(graph.user_token, 10 * DAY_S)
    told = caller.get("debug_token", input_token=graph.user_token)["data"]
    assert (told["type"], told["is_valid"], told["expires_at"]) == ("USER", True, int(ends.timestamp()))
    assert "instagram_content_publish" in told["scopes"]
    own = caller.post("debug_token", input_token=graph.page_token, method="get")["data"]
    assert (own["type"], own["profile_id"], own["expires_at"]) == ("PAGE", PAGE.id, 0)
    assert own["data_access_expires_at"] > 0
    graph.clock.advance(11 * DAY_S)
    told = caller.get("debug_token", input_token=graph.user_token)["data"]
    assert (told["is_valid"], told["error"]["subcode"]) == (False, 463)
    assert caller.get("debug_token", input_token=UNKNOWN)["data"]["is_valid"] is False


def test_a_missing_permission_is_named(graph: GraphStandIn, caller: Caller) -> None:
    graph.withdraw(graph.page_token, "pages_manage_posts")
    answer = caller.send("POST", f"{PAGE.id}/video_stories", data={"upload_phase": "start"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 10)
    assert caller.get(f"{PAGE.id}/stories") == {"data": []}
    graph.withdraw(graph.page_token, "instagram_content_publish")
    assert caller.error(caller.post(f"{SHOP.id}/media_publish", creation_id="1"))[0] == 10


def test_a_page_wants_its_own_token(graph: GraphStandIn, tmp_path: Path) -> None:
    photo = save_photo(tmp_path / "a.jpg", picture()).read_bytes()
    with Caller(graph, graph.user_token) as person:
        told = person.send("POST", f"{PAGE.id}/photos", files={"source": ("a.jpg", photo)}).json()
        assert person.error(told) == (190, 2069032)
        (own,) = person.get("me/accounts", fields="id,access_token")["data"]
    assert own == {"id": PAGE.id, "access_token": graph.page_token}
    graph.add_token(Token("EAAother", "PAGE", "104000000000000"))
    with Caller(graph, "EAAother") as other:
        assert other.error(other.get(f"{PAGE.id}/stories")) == (100, 33)
        assert other.error(other.get(f"{SHOP.id}/stories")) == (100, 33)


def test_an_unknown_address_is_an_error_of_the_api(graph: GraphStandIn, caller: Caller) -> None:
    answer = caller.send("GET", f"{PAGE.id}/shoes")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2500)
    assert answer.headers["facebook-api-version"] == "v25.0"
    assert API.endswith(answer.headers["facebook-api-version"])
    assert "call_count" in answer.headers["x-app-usage"]
