"""The stand-in for the Graph API as its own process: steered from here, and going on where it stopped."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from fakes.graph import PAGE, SHOP, Cast, Fault, GraphStandInProcess
from fakes.graph.caller import Caller
from fakes.graph.web import public
from fakes.media import picture, save_photo


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "web").mkdir()
    save_photo(tmp_path / "web/a.jpg", picture((540, 960)))
    with public(tmp_path / "web") as address:
        yield address


@pytest.fixture
def graph(tmp_path: Path, web: str) -> Iterator[GraphStandInProcess]:
    cast = Cast(web={"web.example": web})
    with GraphStandInProcess(folder=tmp_path / "graph", cast=cast) as process:
        yield process


class Door:
    """What a client needs of a stand-in, to be handed to another process."""

    def __init__(self, graph: GraphStandInProcess) -> None:
        self.proxy = graph.proxy
        self.ca_file = graph.ca_file
        self.token = graph.user_token


def container(caller: Caller) -> str:
    fields = {"media_type": "STORIES", "image_url": "https://web.example/a.jpg"}
    return str(caller.post(f"{SHOP.id}/media", **fields)["id"])


def publish(door: Door) -> None:
    with Caller(door, door.token) as caller:
        caller.post(f"{SHOP.id}/media_publish", creation_id=container(caller))


def test_a_graph_of_its_own_process_is_steered_like_one_in_here(
    graph: GraphStandInProcess, tmp_path: Path
) -> None:
    graph.listing_delay_s, graph.clock.skew_s = 30, 60
    graph.quota_total, graph.second_publish = 1, "same id"
    publish(Door(graph))
    (story,) = graph.stories(SHOP.id)
    assert graph.live(SHOP.id) == []
    graph.clock.advance(31)
    assert graph.live(SHOP.id) == [story]
    assert graph.content(story) == (tmp_path / "web/a.jpg").read_bytes()
    assert [it.story for it in graph.drafts] == [story.id]
    assert graph.requests[-1].endpoint == f"{SHOP.id}/media_publish"
    assert graph.add_foreign_story(PAGE.id, b"a picture").owner == PAGE.id
    assert (graph.quota_total, graph.second_publish, graph.offences) == (1, "same id", [])


def test_tokens_and_faults_reach_a_process_of_its_own(graph: GraphStandInProcess) -> None:
    with Caller(graph, graph.user_token) as caller:
        graph.faults.add("GET me", Fault.TEMPORARY_2_BEFORE)
        assert caller.error(caller.get("me")) == (2, None)
        ends = graph.expire_token(graph.user_token, 60)
        told = caller.get("debug_token", input_token=graph.user_token)["data"]
        assert told["expires_at"] == int(ends.timestamp())
        graph.withdraw(graph.user_token, "instagram_basic")
        assert caller.error(caller.get(f"{SHOP.id}/stories"))[0] == 10
        graph.end_token(graph.user_token)
        assert caller.error(caller.get("me")) == (190, 460)


def die_while_uploading(door: Door, url: str) -> None:
    def bytes_of_a_film() -> Iterator[bytes]:
        yield bytes(50_000)
        os._exit(1)

    with Caller(door, door.token) as caller:
        headers = {"offset": "0", "file_size": "100000"}
        caller.send("POST", url, data=bytes_of_a_film(), headers=headers)


def test_what_a_dead_caller_had_uploaded_need_not_come_again(graph: GraphStandInProcess) -> None:
    with Caller(graph, graph.user_token) as caller:
        begun = caller.post(f"{SHOP.id}/media", media_type="STORIES", upload_type="resumable")
        client = multiprocessing.get_context("spawn").Process(
            target=die_while_uploading, args=(Door(graph), begun["uri"])
        )
        client.start()
        client.join()
        while graph.drafts[0].got_bytes == 0:
            time.sleep(0.05)
        told = caller.get(begun["id"], fields="video_status")["video_status"]
        assert told["uploading_phase"] == {"status": "in_progress", "bytes_transferred": 50_000}
        assert caller.upload(begun["uri"], bytes(50_000), 50_000, 100_000)["success"]


def test_what_a_killed_caller_of_the_graph_had_sent_is_live(graph: GraphStandInProcess) -> None:
    graph.faults.add("POST */media_publish", Fault.HANG_AFTER)
    client = multiprocessing.get_context("spawn").Process(target=publish, args=(Door(graph),))
    client.start()
    while not graph.stories():
        assert client.is_alive()
        time.sleep(0.05)
    client.kill()
    client.join()
    assert len(graph.stories()) == len(graph.live(SHOP.id)) == 1


def test_stories_drafts_and_tokens_outlive_the_graphs_process(tmp_path: Path, web: str) -> None:
    folder, cast = tmp_path / "graph", Cast(web={"web.example": web})
    first = GraphStandInProcess(folder=folder, cast=cast)
    with Caller(first, first.user_token) as caller:
        left = container(caller)
        publish(Door(first))
        before, port = (first.stories(), first.drafts), int(first.proxy.rsplit(":", 1)[1])
        first.end_token(first.page_token)
        first.kill()
        with pytest.raises(requests.ConnectionError):
            caller.get("me")
        with GraphStandInProcess(folder=folder, port=port, cast=cast) as second:
            assert (second.stories(), second.drafts) == before
            media = caller.post(f"{SHOP.id}/media_publish", creation_id=left)["id"]
            assert [it.id for it in second.stories()] == [before[0][0].id, media]
            with Caller(second, second.page_token) as page:
                assert page.error(page.get("me")) == (190, 460)
