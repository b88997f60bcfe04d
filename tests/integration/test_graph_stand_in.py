"""The stand-in for the Graph API against its documentation: stories on Instagram."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes.graph import SHOP, Cast, GraphStandIn
from fakes.graph.caller import Answer, Caller
from fakes.graph.web import public
from fakes.media import Clip, picture, save_clip, save_photo

HOST = "media.shop.example"
DAY_S = 86_400


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """The folder that is https://media.shop.example/."""
    (tmp_path / "web").mkdir()
    save_photo(tmp_path / "web/a.jpg", picture((540, 960)))
    return tmp_path / "web"


@pytest.fixture
def graph(web: Path) -> Iterator[GraphStandIn]:
    with public(web) as address, GraphStandIn(cast=Cast(web={HOST: address})) as server:
        yield server
        assert not server.offences
        assert not server.strangers


@pytest.fixture
def caller(graph: GraphStandIn) -> Iterator[Caller]:
    with Caller(graph, graph.user_token) as known:
        yield known


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    clip = Clip(size=(540, 960), seconds=4, fps=25)
    return save_clip(tmp_path / "a.mp4", clip).read_bytes()


def photo_container(caller: Caller, name: str = "a.jpg", **more: str) -> Answer:
    return caller.post(f"{SHOP.id}/media", media_type="STORIES", image_url=f"https://{HOST}/{name}", **more)


def video_container(caller: Caller) -> Answer:
    return caller.post(f"{SHOP.id}/media", media_type="STORIES", upload_type="resumable")


def publish(caller: Caller, container: str) -> Answer:
    return caller.post(f"{SHOP.id}/media_publish", creation_id=container)


def status(caller: Caller, container: str) -> str:
    return str(caller.get(container, fields="status_code")["status_code"])


def test_a_photo_is_fetched_published_and_listed(graph: GraphStandIn, caller: Caller, web: Path) -> None:
    container = photo_container(caller)["id"]
    assert status(caller, container) == "FINISHED"
    media = publish(caller, container)["id"]
    assert caller.get(container, fields="id,status_code,status") == {
        "id": container,
        "status_code": "PUBLISHED",
        "status": "Published: Media has been successfully published.",
    }
    (story,) = graph.stories()
    assert story.id == media != container
    assert graph.content(story) == (web / "a.jpg").read_bytes()
    (listed,) = caller.get(f"{SHOP.id}/stories", fields="id,media_type,timestamp,media_url,permalink")["data"]
    assert (listed["id"], listed["media_type"]) == (media, "IMAGE")
    assert caller.send("GET", listed["media_url"]).content == graph.content(story)
    assert caller.get(media, fields="media_product_type")["media_product_type"] == "STORY"
    assert graph.fetched == [f"https://{HOST}/a.jpg"]


def test_a_video_is_uploaded_processed_and_published(
    graph: GraphStandIn, caller: Caller, film: bytes
) -> None:
    graph.processing_s = 30
    begun = video_container(caller)
    assert begun["uri"] == f"https://rupload.facebook.com/ig-api-upload/v25.0/{begun['id']}"
    assert status(caller, begun["id"]) == "IN_PROGRESS"
    assert caller.upload(begun["uri"], film) == {"success": True, "message": "Upload successful."}
    assert status(caller, begun["id"]) == "IN_PROGRESS"
    assert caller.error(publish(caller, begun["id"])) == (9007, 2207027)
    graph.clock.advance(31)
    assert status(caller, begun["id"]) == "FINISHED"
    publish(caller, begun["id"])
    (story,) = graph.stories(SHOP.id)
    assert (story.kind, story.sha256) == ("video", hashlib.sha256(film).hexdigest())


def test_an_interrupted_upload_goes_on_where_it_stopped(
    graph: GraphStandIn, caller: Caller, film: bytes
) -> None:
    begun, half = video_container(caller), len(film) // 2
    refused = caller.upload(begun["uri"], film[:half], 0, len(film))
    assert refused["debug_info"]["type"] == "PartialRequestError"
    told = caller.get(begun["id"], fields="status_code,video_status")["video_status"]
    assert told == {
        "uploading_phase": {"status": "in_progress", "bytes_transferred": half},
        "processing_phase": {"status": "not_started"},
    }
    wrong = caller.upload(begun["uri"], film[half - 1 :], half - 1, len(film))
    assert wrong["debug_info"]["type"] == "OffsetInvalidError"
    assert caller.upload(begun["uri"], film[half:], half, len(film))["success"]
    assert graph.content(graph.drafts[0]) == film


@pytest.mark.parametrize(
    ("policy", "error"), [("not found", (24, 2207006)), ("not ready", (9007, 2207027)), ("same id", None)]
)
def test_a_container_is_published_only_once(
    graph: GraphStandIn, caller: Caller, policy: str, error: tuple[int, int] | None
) -> None:
    graph.second_publish = policy  # type: ignore[assignment]
    container = photo_container(caller)["id"]
    first, second = publish(caller, container), publish(caller, container)
    assert (second == first) if error is None else (caller.error(second) == error)
    assert len(graph.stories()) == 1


def test_a_container_that_many_publish_at_once_is_one_story(graph: GraphStandIn, caller: Caller) -> None:
    made = photo_container(caller)["id"]

    def at_once(number: int) -> bool:
        with Caller(graph, graph.page_token if number % 2 else graph.user_token) as somebody:
            return "id" in publish(somebody, made)

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(at_once, range(8))) == [False] * 7 + [True]
    assert len(graph.stories()) == 1


def test_a_container_of_yesterday_is_expired(graph: GraphStandIn, caller: Caller) -> None:
    container = photo_container(caller)["id"]
    graph.clock.advance(DAY_S)
    assert status(caller, container) == "EXPIRED"
    assert caller.error(publish(caller, container)) == (-2, 2207020)


def test_the_quota_counts_the_last_24_hours(graph: GraphStandIn, caller: Caller) -> None:
    graph.quota_total = 2
    containers = [photo_container(caller)["id"] for _ in range(3)]
    for container in containers[:2]:
        publish(caller, container)
        graph.clock.advance(3600)
    (told,) = caller.get(f"{SHOP.id}/content_publishing_limit", fields="config,quota_usage")["data"]
    assert told == {"quota_usage": 2, "config": {"quota_total": 2, "quota_duration": DAY_S}}
    assert caller.error(publish(caller, containers[2])) == (9, 2207042)
    graph.clock.advance(DAY_S - 2 * 3600 + 1)
    container = photo_container(caller)["id"]
    assert publish(caller, container)["id"] == graph.stories()[-1].id


def test_listings_come_in_pages_and_end_after_a_day(graph: GraphStandIn, caller: Caller) -> None:
    graph.page_size = 2
    ids = [graph.add_foreign_story(SHOP.id, b"%d" % number).id for number in range(5)]
    found, after = [], ""
    while True:
        page = caller.get(f"{SHOP.id}/stories", fields="id", **({"after": after} if after else {}))
        found += [it["id"] for it in page["data"]]
        if "next" not in page.get("paging", {}):
            break
        after = page["paging"]["cursors"]["after"]
    assert sorted(found) == sorted(ids)
    graph.clock.advance(DAY_S)
    assert caller.get(f"{SHOP.id}/stories") == {"data": []}
    assert caller.error(caller.get(ids[0], fields="id")) == (100, 33)
    assert graph.stories() == []


def test_a_story_may_be_listed_late(graph: GraphStandIn, caller: Caller) -> None:
    graph.listing_delay_s = 60
    publish(caller, photo_container(caller)["id"])
    assert caller.get(f"{SHOP.id}/stories") == {"data": []}
    graph.clock.advance(61)
    assert len(caller.get(f"{SHOP.id}/stories")["data"]) == 1


def test_people_are_tagged_with_and_without_a_place(graph: GraphStandIn, caller: Caller) -> None:
    tags = '[{"username": "friend"}, {"username": "cafe", "x": 0.5, "y": 0.25}]'
    publish(caller, photo_container(caller, user_tags=tags)["id"])
    (story,) = graph.stories()
    assert [tag["username"] for tag in story.form["user_tags"]] == ["friend", "cafe"]
    nobody = photo_container(caller, user_tags='[{"username": "nobody_of_that_name"}]')
    assert caller.error(nobody) == (110, 2207018)
    assert caller.error(photo_container(caller, user_tags='[{"name": "friend"}]'))[0] == 100
    assert caller.error(photo_container(caller, user_tags='[{"username": "a", "x": 2, "y": 0}]'))[0] == 100


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("missing.jpg", (9004, 2207052)),
        ("a.png", (36001, 2207005)),
        ("wide.jpg", (36003, 2207009)),
        ("big.jpg", (36000, 2207004)),
    ],
)
def test_a_photo_that_cannot_be_taken_is_refused_at_once(
    graph: GraphStandIn, caller: Caller, web: Path, name: str, error: tuple[int, int]
) -> None:
    save_photo(web / "a.png", picture((540, 960)))
    save_photo(web / "wide.jpg", picture((1100, 100)))
    (web / "big.jpg").write_bytes((web / "a.jpg").read_bytes() + bytes(8 * 1024 * 1024))
    assert caller.error(photo_container(caller, name)) == error
    assert graph.drafts == []


def test_only_https_addresses_of_the_web_are_fetched(caller: Caller) -> None:
    for url in (f"http://{HOST}/a.jpg", "https://elsewhere.example/a.jpg"):
        told = caller.post(f"{SHOP.id}/media", media_type="STORIES", image_url=url)
        assert caller.error(told) == (9004, 2207052)


def test_a_video_of_the_wrong_length_ends_as_an_error(caller: Caller, tmp_path: Path) -> None:
    short = save_clip(tmp_path / "short.mp4", Clip(size=(540, 960), seconds=1, fps=25)).read_bytes()
    begun = video_container(caller)
    assert caller.upload(begun["uri"], short)["success"]
    told = caller.get(begun["id"], fields="status_code,status")
    assert told["status_code"] == "ERROR"
    assert told["status"] == "Error: Media upload has failed with error code 2207026"
    assert caller.error(publish(caller, begun["id"])) == (9007, 2207027)


def test_a_video_can_be_fetched_like_a_photo(
    graph: GraphStandIn, caller: Caller, web: Path, film: bytes
) -> None:
    (web / "a.mp4").write_bytes(film)
    fields = {"media_type": "STORIES", "video_url": f"https://{HOST}/a.mp4"}
    publish(caller, caller.post(f"{SHOP.id}/media", **fields)["id"])
    begun = video_container(caller)
    headers = {"file_url": f"https://{HOST}/a.mp4"}
    assert caller.send("POST", begun["uri"], headers=headers).json()["success"]
    publish(caller, begun["id"])
    assert [graph.content(story) for story in graph.stories()] == [film, film]
    lost = caller.post(f"{SHOP.id}/media", **{**fields, "video_url": f"https://{HOST}/lost.mp4"})["id"]
    told = caller.get(lost, fields="status_code,status")
    assert (told["status_code"], told["status"][-7:]) == ("ERROR", "2207052")


def test_an_account_makes_400_containers_a_day_at_most(graph: GraphStandIn, caller: Caller) -> None:
    made = [video_container(caller) for _ in range(401)]
    assert all("id" in it for it in made[:400])
    assert caller.error(made[400])[0] == 9
    graph.clock.advance(DAY_S + 1)
    assert video_container(caller)["id"]


def test_what_is_not_a_story_is_refused(caller: Caller) -> None:
    reel = caller.post(f"{SHOP.id}/media", media_type="REELS", image_url=f"https://{HOST}/a.jpg")
    assert caller.error(reel) == (100, 2207023)
    assert caller.error(caller.post(f"{SHOP.id}/media", media_type="STORIES"))[0] == 100
    assert caller.error(publish(caller, "17889455560000000")) == (24, 2207008)


def test_an_account_tells_its_name_and_only_fields_that_there_are(caller: Caller) -> None:
    assert caller.get(SHOP.id, fields="id,username") == {"id": SHOP.id, "username": "shop"}
    assert caller.error(caller.get(SHOP.id, fields="shoe_size"))[0] == 100
    assert caller.error(caller.get("17841400000000000", fields="id")) == (100, 33)
