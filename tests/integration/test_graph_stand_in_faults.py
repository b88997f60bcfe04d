"""Each fault of the stand-in for the Graph API is on the wire what its name says."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from fakes.graph import LIMITS, PAGE, PERSON, SHOP, Cast, Fault, GraphStandIn
from fakes.graph.caller import Caller
from fakes.graph.web import public
from fakes.media import Clip, picture, save_clip, save_photo

PUBLISH = "POST */media_publish"
SILENT = [it for it in Fault if it.name.startswith(("DROP", "CUT_SHORT"))]
HANGING = [Fault.HANG_BEFORE, Fault.HANG_AFTER]
ODD = [it for it in Fault if it.name.startswith(("ERROR_50", "ODD", "HTTP_429"))]
CODED = {
    Fault.APP_LIMIT_4: (403, 4, None),
    Fault.USER_LIMIT_17: (400, 17, None),
    Fault.PAGE_LIMIT_32: (403, 32, None),
    Fault.CALL_LIMIT_613: (400, 613, None),
    Fault.INSTAGRAM_LIMIT_80002: (400, 80002, None),
    Fault.PAGE_LIMIT_80001: (400, 80001, None),
    Fault.UNKNOWN_1_BEFORE: (500, 1, None),
    Fault.UNKNOWN_1_AFTER: (500, 1, None),
    Fault.TEMPORARY_2_BEFORE: (500, 2, None),
    Fault.TEMPORARY_2_AFTER: (500, 2, None),
    Fault.SERVER_ERROR_2207001_BEFORE: (400, -1, 2207001),
    Fault.SERVER_ERROR_2207001_AFTER: (400, -1, 2207001),
    Fault.BUILDER_GONE_2207008_BEFORE: (400, 24, 2207008),
    Fault.BUILDER_GONE_2207008_AFTER: (400, 24, 2207008),
    Fault.NOT_READY_2207027: (400, 9007, 2207027),
    Fault.SLOW_FETCH_2207003: (400, -2, 2207003),
    Fault.NOT_CREATED_2207032: (400, -1, 2207032),
    Fault.UPLOAD_FAILED_2207053: (400, -1, 2207053),
    Fault.SPAM_2207051_BEFORE: (403, 4, 2207051),
    Fault.SPAM_2207051_AFTER: (403, 4, 2207051),
    Fault.RESTRICTED_2207050: (400, 25, 2207050),
    Fault.POLICY_368: (400, 368, None),
    Fault.TOKEN_EXPIRED_190: (401, 190, 463),
    Fault.TOKEN_REVOKED_190: (400, 190, 460),
    Fault.CHECKPOINT_190: (400, 190, 459),
    Fault.NO_PERMISSION_10: (403, 10, None),
    Fault.NO_PERMISSION_200: (403, 200, None),
    Fault.OBJECT_GONE_100: (400, 100, 33),
}
OTHERS = [Fault.EMPTY_JSON, Fault.EMPTY_JSON_AFTER, Fault.HALF_UPLOAD, Fault.PROCESSING_ERROR]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStandIn]:
    folder = tmp_path_factory.mktemp("web")
    save_photo(folder / "a.jpg", picture((540, 960)))
    with public(folder) as web, GraphStandIn(cast=Cast(web={"web.example": web})) as started:
        started.quota_total = 1000
        yield started


@pytest.fixture
def graph(server: GraphStandIn) -> Iterator[GraphStandIn]:
    yield server
    server.faults.clear()


@pytest.fixture
def caller(graph: GraphStandIn) -> Iterator[Caller]:
    with Caller(graph, graph.page_token) as known:
        yield known


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    return save_clip(tmp_path / "a.mp4", Clip(size=(540, 960), seconds=4)).read_bytes()


def container(caller: Caller) -> str:
    fields = {"media_type": "STORIES", "image_url": "https://web.example/a.jpg"}
    return str(caller.post(f"{SHOP.id}/media", **fields)["id"])


def publish(caller: Caller, timeout: float = 10) -> requests.Response:
    creation = {"creation_id": container(caller)}
    answer = caller.send("POST", f"{SHOP.id}/media_publish", data=creation, timeout=timeout)
    assert isinstance(answer, requests.Response)
    return answer


def test_every_fault_is_tried_here() -> None:
    assert {*SILENT, *HANGING, *ODD, *CODED, *OTHERS} == set(Fault)


@pytest.mark.parametrize("fault", SILENT, ids=lambda it: it.name)
def test_a_lost_answer_says_nothing_of_whether_it_is_live(
    graph: GraphStandIn, caller: Caller, fault: Fault
) -> None:
    before = len(graph.stories())
    graph.faults.add(PUBLISH, fault)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        publish(caller)
    assert len(graph.stories()) - before == int(fault.commits)


@pytest.mark.parametrize("fault", HANGING, ids=lambda it: it.name)
def test_a_hanging_request_never_ends(graph: GraphStandIn, caller: Caller, fault: Fault) -> None:
    before = len(graph.stories())
    graph.faults.add(PUBLISH, fault)
    with pytest.raises(requests.ReadTimeout):
        publish(caller, timeout=0.5)
    assert len(graph.stories()) - before == int(fault.commits)


@pytest.mark.parametrize("fault", ODD, ids=lambda it: it.name)
def test_an_answer_that_isnt_the_apis_own_is_no_json(
    graph: GraphStandIn, caller: Caller, fault: Fault
) -> None:
    before = len(graph.stories())
    graph.faults.add(PUBLISH, fault)
    answer = publish(caller)
    assert answer.status_code in (200, 429, 500, 503)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(graph.stories()) - before == int(fault.commits)


@pytest.mark.parametrize("fault", [Fault.EMPTY_JSON, Fault.EMPTY_JSON_AFTER], ids=lambda it: it.name)
def test_an_answer_may_be_empty(graph: GraphStandIn, caller: Caller, fault: Fault) -> None:
    before = len(graph.stories())
    graph.faults.add(PUBLISH, fault)
    assert publish(caller).json() == {}
    assert len(graph.stories()) - before == int(fault.commits)


@pytest.mark.parametrize("fault", CODED, ids=lambda it: it.name)
def test_a_coded_fault_has_its_code_and_status(graph: GraphStandIn, caller: Caller, fault: Fault) -> None:
    before = len(graph.stories())
    graph.faults.add(PUBLISH, fault)
    answer = publish(caller)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == CODED[fault]
    assert error["type"] == "OAuthException"
    assert error["message"]
    assert error["fbtrace_id"]
    assert len(graph.stories()) - before == int(fault.commits)


@pytest.mark.parametrize(
    "fault", [Fault.DROP_AFTER, Fault.SPAM_2207051_AFTER, Fault.TEMPORARY_2_AFTER], ids=lambda it: it.name
)
def test_whoever_begins_again_after_an_unclear_answer_publishes_twice(
    graph: GraphStandIn, caller: Caller, fault: Fault
) -> None:
    before = len(graph.stories(SHOP.id))
    graph.faults.add(PUBLISH, fault)
    with contextlib.suppress(requests.ConnectionError):
        assert "error" in publish(caller).json()
    assert publish(caller).json()["id"]
    assert len(graph.stories(SHOP.id)) - before == 2


def test_whoever_asks_the_container_first_publishes_once(graph: GraphStandIn, caller: Caller) -> None:
    before, made = len(graph.stories(SHOP.id)), container(caller)
    graph.faults.add(PUBLISH, Fault.DROP_AFTER)
    with pytest.raises(requests.ConnectionError):
        caller.post(f"{SHOP.id}/media_publish", creation_id=made)
    assert caller.get(made, fields="status_code")["status_code"] == "PUBLISHED"
    assert len(graph.stories(SHOP.id)) - before == 1


def test_a_page_is_given_the_same_photo_twice_by_who_does_not_look(
    graph: GraphStandIn, caller: Caller
) -> None:
    before = len(graph.stories(PAGE.id))
    graph.faults.add("POST */photo_stories", Fault.DROP_AFTER)
    for _ in range(2):
        fields = {"url": "https://web.example/a.jpg", "published": "false"}
        photo_id = caller.post(f"{PAGE.id}/photos", **fields)["id"]
        with contextlib.suppress(requests.ConnectionError):
            caller.post(f"{PAGE.id}/photo_stories", photo_id=photo_id)
    first, second = graph.stories(PAGE.id)[before:]
    assert first.sha256 == second.sha256
    assert first.draft != second.draft


def test_limits_and_what_needs_a_person_do_nothing() -> None:
    assert not any(fault.commits for fault in LIMITS | PERSON)
    assert not LIMITS & PERSON


@pytest.mark.parametrize("fault", sorted(LIMITS - {Fault.HTTP_429}, key=str), ids=lambda it: it.name)
def test_a_limit_says_in_its_headers_when_there_is_room_again(
    graph: GraphStandIn, caller: Caller, fault: Fault
) -> None:
    graph.faults.add("GET me", fault)
    headers = caller.send("GET", "me").headers
    assert json.loads(headers["x-app-usage"])["call_count"] == 100
    (case,) = next(iter(json.loads(headers["x-business-use-case-usage"]).values()))
    assert case["estimated_time_to_regain_access"] > 0


def test_faults_are_chosen_by_method_and_whole_endpoint(graph: GraphStandIn, caller: Caller) -> None:
    graph.faults.add("POST */media", Fault.NOT_CREATED_2207032, after=1)
    made = container(caller)
    assert caller.post(f"{SHOP.id}/media_publish", creation_id=made)["id"]
    fields = {"media_type": "STORIES", "image_url": "https://web.example/a.jpg"}
    assert caller.error(caller.post(f"{SHOP.id}/media", **fields)) == (-1, 2207032)
    assert caller.post(f"{SHOP.id}/media", **fields)["id"]


@pytest.mark.parametrize("network", ["instagram", "facebook"])
def test_half_an_upload_is_kept(graph: GraphStandIn, caller: Caller, film: bytes, network: str) -> None:
    if network == "instagram":
        begun = caller.post(f"{SHOP.id}/media", media_type="STORIES", upload_type="resumable")
        object_id, url = begun["id"], begun["uri"]
    else:
        begun = caller.post(f"{PAGE.id}/video_stories", upload_phase="start")
        object_id, url = begun["video_id"], begun["upload_url"]
    graph.faults.add("POST *-upload/*", Fault.HALF_UPLOAD)
    with pytest.raises(requests.ConnectionError):
        caller.upload(url, film)
    half = next(it.got_bytes for it in graph.drafts if it.id == object_id)
    assert half == len(film) // 2
    assert caller.upload(url, film[half:], half, len(film))["success"]


def test_a_container_may_fail_while_it_is_processed(graph: GraphStandIn, caller: Caller) -> None:
    graph.faults.add("POST */media", Fault.PROCESSING_ERROR)
    made = container(caller)
    told = caller.get(made, fields="status_code,status")
    assert (told["status_code"], told["status"][:6]) == ("ERROR", "Error:")


@pytest.mark.parametrize("when", ["upload", "finish"])
def test_a_video_may_fail_after_it_was_taken(
    graph: GraphStandIn, caller: Caller, film: bytes, when: str
) -> None:
    before = len(graph.stories(PAGE.id))
    pattern = "POST video-upload/*" if when == "upload" else "POST */video_stories"
    begun = caller.post(f"{PAGE.id}/video_stories", upload_phase="start")
    graph.faults.add(pattern, Fault.PROCESSING_ERROR)
    caller.upload(begun["upload_url"], film)
    ended = {"upload_phase": "finish", "video_id": begun["video_id"]}
    assert caller.post(f"{PAGE.id}/video_stories", **ended)["success"]
    assert "error" in caller.get(begun["video_id"], fields="status")["status"]["processing_phase"]
    assert len(graph.stories(PAGE.id)) == before


def test_answers_take_their_time(graph: GraphStandIn, caller: Caller) -> None:
    graph.latency_s = 0.3
    with pytest.raises(requests.ReadTimeout):
        caller.send("GET", "me", timeout=0.1)
    graph.latency_s = 0.0
    assert caller.get("me")["id"] == PAGE.id
