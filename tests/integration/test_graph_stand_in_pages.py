"""The stand-in for the Graph API against its documentation: stories of a Facebook page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.graph import PAGE, Cast, GraphStandIn, Page
from fakes.graph.caller import Answer, Caller
from fakes.media import Clip, picture, save_clip, save_photo

DAY_S = 86_400
STORIES = f"{PAGE.id}/stories"


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with GraphStandIn() as server:
        yield server


@pytest.fixture
def caller(graph: GraphStandIn) -> Iterator[Caller]:
    with Caller(graph, graph.page_token) as known:
        yield known


@pytest.fixture
def photo(tmp_path: Path) -> bytes:
    return save_photo(tmp_path / "a.jpg", picture((540, 960))).read_bytes()


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    return save_clip(tmp_path / "a.mp4", Clip(size=(540, 960), seconds=4)).read_bytes()


def add_photo(caller: Caller, photo: bytes, **fields: str) -> Answer:
    files = {"source": ("a.jpg", photo, "image/jpeg")}
    return dict(caller.send("POST", f"{PAGE.id}/photos", data=fields, files=files).json())


def tell_photo(caller: Caller, photo_id: str) -> Answer:
    return caller.post(f"{PAGE.id}/photo_stories", photo_id=photo_id)


def start(caller: Caller) -> Answer:
    return caller.post(f"{PAGE.id}/video_stories", upload_phase="start")


def finish(caller: Caller, video_id: str) -> Answer:
    return caller.post(f"{PAGE.id}/video_stories", upload_phase="finish", video_id=video_id)


def phases(caller: Caller, video_id: str) -> dict[str, Any]:
    return dict(caller.get(video_id, fields="status")["status"])


def test_a_photo_is_uploaded_unpublished_and_told_as_a_story(
    graph: GraphStandIn, caller: Caller, photo: bytes
) -> None:
    photo_id = add_photo(caller, photo, published="false")["id"]
    assert graph.stories() == []
    told = tell_photo(caller, photo_id)
    (story,) = graph.stories(PAGE.id)
    assert told == {"success": True, "post_id": int(story.id)}
    assert graph.content(story) == photo
    (listed,) = caller.get(STORIES)["data"]
    assert listed == {
        "post_id": story.id,
        "status": "PUBLISHED",
        "creation_time": str(int(story.published_at.timestamp())),
        "media_type": "photo",
        "media_id": photo_id,
        "url": f"https://facebook.com/stories/{story.id}",
    }
    assert graph.offences == []


def test_a_photo_without_published_false_is_in_the_feed_and_no_good_for_a_story(
    graph: GraphStandIn, caller: Caller, photo: bytes
) -> None:
    posted = add_photo(caller, photo)
    assert posted["post_id"].startswith(f"{PAGE.id}_")
    assert graph.offences == ["a photo was published in the page's feed"]
    assert caller.error(tell_photo(caller, posted["id"]))[0] == 100
    assert graph.stories() == []


def test_a_photo_is_good_for_one_story(graph: GraphStandIn, caller: Caller, photo: bytes) -> None:
    photo_id = add_photo(caller, photo, published="false")["id"]
    tell_photo(caller, photo_id)
    assert caller.error(tell_photo(caller, photo_id))[0] == 100
    assert len(graph.stories()) == 1
    again = add_photo(caller, photo, published="false")["id"]
    assert tell_photo(caller, again)["success"]
    assert len(graph.stories()) == 2


def test_what_is_no_photo_is_refused(caller: Caller, photo: bytes, film: bytes) -> None:
    assert caller.error(add_photo(caller, film, published="false"))[0] == 324
    big = photo + bytes(10 * 1024 * 1024)
    assert caller.error(add_photo(caller, big, published="false")) == (100, 1366046)
    assert caller.error(caller.post(f"{PAGE.id}/photos", published="false"))[0] == 324
    assert caller.error(tell_photo(caller, "122100000009999")) == (100, 33)


def test_a_video_goes_through_its_phases(graph: GraphStandIn, caller: Caller, film: bytes) -> None:
    graph.processing_s = 20
    begun = start(caller)
    video_id = begun["video_id"]
    assert begun["upload_url"] == f"https://rupload.facebook.com/video-upload/v25.0/{video_id}"
    assert phases(caller, video_id)["uploading_phase"] == {"status": "not_started", "bytes_transfered": 0}
    assert caller.upload(begun["upload_url"], film) == {"success": True}
    told = phases(caller, video_id)
    assert told["uploading_phase"] == {"status": "complete", "bytes_transfered": len(film)}
    assert told["processing_phase"] == {"status": "in_progress"}
    post_id = finish(caller, video_id)["post_id"]
    assert phases(caller, video_id)["publishing_phase"]["status"] == "in_progress"
    assert caller.get(STORIES)["data"] == []
    graph.clock.advance(21)
    told = phases(caller, video_id)
    (story,) = graph.stories()
    assert (told["video_status"], told["publishing_phase"]) == (
        "ready",
        {
            "status": "complete",
            "publish_status": "published",
            "publish_time": int(story.published_at.timestamp()),
        },
    )
    assert (story.id, story.kind, graph.content(story)) == (str(post_id), "video", film)


def test_a_video_upload_goes_on_where_it_stopped(graph: GraphStandIn, caller: Caller, film: bytes) -> None:
    begun, half = start(caller), len(film) // 3
    caller.upload(begun["upload_url"], film[:half], 0, len(film))
    assert phases(caller, begun["video_id"])["uploading_phase"]["bytes_transfered"] == half
    assert caller.error(finish(caller, begun["video_id"]))[0] == 6000
    assert caller.upload(begun["upload_url"], film[half:], half, len(film)) == {"success": True}
    finish(caller, begun["video_id"])
    assert graph.content(graph.stories()[0]) == film


def test_a_video_is_good_for_one_story(graph: GraphStandIn, caller: Caller, film: bytes) -> None:
    begun = start(caller)
    caller.upload(begun["upload_url"], film)
    assert finish(caller, begun["video_id"])["success"]
    assert caller.error(finish(caller, begun["video_id"]))[0] == 100
    assert caller.upload(begun["upload_url"], film)["debug_info"]["type"] == "ProcessingFailedError"
    assert len(graph.stories()) == 1


def test_a_small_video_is_taken_but_never_told(graph: GraphStandIn, caller: Caller, tmp_path: Path) -> None:
    small = save_clip(tmp_path / "small.mp4", Clip(size=(360, 640), seconds=4)).read_bytes()
    begun = start(caller)
    caller.upload(begun["upload_url"], small)
    assert finish(caller, begun["video_id"])["success"]
    told = phases(caller, begun["video_id"])
    assert "minimum resolution" in told["processing_phase"]["error"]["message"]
    assert (told["video_status"], told["processing_phase"]["status"]) == ("processing", "not_started")
    assert told["publishing_phase"]["status"] == "not_started"
    graph.as_reported = True
    told = phases(caller, begun["video_id"])
    assert (told["video_status"], told["processing_phase"]["status"]) == ("error", "error")
    assert graph.stories() == []
    assert caller.get(STORIES)["data"] == []


def test_the_list_can_be_filtered_and_keeps_what_is_archived(
    graph: GraphStandIn, caller: Caller, photo: bytes
) -> None:
    old = graph.add_foreign_story(PAGE.id, photo).id
    graph.clock.advance(DAY_S)
    new = str(tell_photo(caller, add_photo(caller, photo, published="false")["id"])["post_id"])
    assert [it["post_id"] for it in caller.get(STORIES)["data"]] == [new, old]
    assert [it["post_id"] for it in caller.get(STORIES, status="PUBLISHED")["data"]] == [new]
    assert [it["post_id"] for it in caller.get(STORIES, status='["ARCHIVED"]')["data"]] == [old]
    since = str(int(graph.stories()[0].published_at.timestamp()) - 10)
    assert [it["post_id"] for it in caller.get(STORIES, since=since)["data"]] == [new]
    assert [it["post_id"] for it in caller.get(STORIES, until=since)["data"]] == [old]


def test_a_long_archive_comes_in_pages(graph: GraphStandIn, caller: Caller) -> None:
    graph.page_size = 2
    ids = [graph.add_foreign_story(PAGE.id, b"%d" % number).id for number in range(3)]
    first = caller.get(STORIES)
    assert len(first["data"]) == 2
    assert "next" in first["paging"]
    rest = caller.get(STORIES, after=first["paging"]["cursors"]["after"])
    assert "next" not in rest["paging"]
    assert sorted(it["post_id"] for it in [*first["data"], *rest["data"]]) == sorted(ids)


def test_several_pages_have_their_own_tokens_and_stories() -> None:
    other = Page("104000000000001", "Cafe")
    with GraphStandIn(cast=Cast(pages=(PAGE, other))) as graph:
        story = graph.add_foreign_story(other.id, b"a picture")
        with Caller(graph, graph.token_of(other.id)) as cafe:
            assert [it["post_id"] for it in cafe.get("me/stories")["data"]] == [story.id]
            assert cafe.error(cafe.get(STORIES)) == (100, 33)
        with Caller(graph, graph.user_token) as person:
            pages = person.get("me/accounts", fields="name,access_token")["data"]
        assert {it["name"]: it["access_token"] for it in pages} == {
            "Shop": graph.page_token,
            "Cafe": graph.token_of(other.id),
        }


def test_with_the_archive_off_nothing_is_listed(graph: GraphStandIn, caller: Caller, photo: bytes) -> None:
    tell_photo(caller, add_photo(caller, photo, published="false")["id"])
    graph.archive_on = False
    assert caller.get(STORIES) == {"data": []}
    assert len(graph.live(PAGE.id)) == 1


def test_pages_can_answer_as_people_report_it(graph: GraphStandIn, caller: Caller, photo: bytes) -> None:
    graph.as_reported = True
    told = tell_photo(caller, add_photo(caller, photo, published="false")["id"])
    (listed,) = caller.get(STORIES, status="PUBLISHED")["data"]
    assert (listed["post_id"], listed["status"]) == (told["post_id"], "published")
    assert listed["url"].endswith(f"/stories/{PAGE.id}/{told['post_id']}")


def test_a_page_tells_its_name_and_its_instagram_account(caller: Caller) -> None:
    assert caller.get(PAGE.id, fields="id,name") == {"id": PAGE.id, "name": PAGE.name}
    told = caller.get("me", fields="name,instagram_business_account{id,username}")
    assert told["instagram_business_account"] == {"id": "17841405822304914"}
