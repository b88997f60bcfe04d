"""A story's file is there by its number, in ranges too, as long as it waits; then it is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fakes.caller import Caller
from fakes.served import Stage, staged

from pipeline.tools.files import sha256_of

WHOLE = "/media/1/story-1.jpg"


@pytest.fixture(scope="module")
def content(phone: Caller) -> bytes:
    """The whole file."""
    return phone.get(WHOLE).body


def test_a_file_comes_byte_for_byte(standing: Stage, phone: Caller) -> None:
    for story in phone.board()["ready"]:
        answer = phone.get(story["media"]["url"])
        assert (answer["content-type"], answer["accept-ranges"]) == ("image/jpeg", "bytes")
        assert len(answer.body) == story["media"]["bytes"] == int(answer["content-length"])
        (kept,) = [
            path
            for path in (standing.shop.state / "store").glob("*.jpg")
            if sha256_of(path) == story["media"]["sha256"]
        ]
        assert kept.read_bytes() == answer.body


def test_a_head_tells_the_same_without_the_file(phone: Caller) -> None:
    head, whole = phone.get(WHOLE, method="HEAD"), phone.get(WHOLE)
    assert (head.status, head.body) == (200, b"")
    assert (head["content-length"], head["etag"]) == (whole["content-length"], whole["etag"])


@pytest.mark.parametrize(
    ("span", "part"),
    [
        ("0-0", slice(0, 1)),
        ("0-99", slice(0, 100)),
        ("100-", slice(100, None)),
        ("-7", slice(-7, None)),
        ("5-999999999", slice(5, None)),
        ("-999999999", slice(0, None)),
        ("10-19,15-29", slice(10, 30)),
    ],
)
def test_a_range_is_just_that_part(phone: Caller, content: bytes, span: str, part: slice) -> None:
    answer = phone.get(WHOLE, {"Range": f"bytes={span}"})
    start, stop, _ = part.indices(len(content))
    assert (answer.status, answer.body) == (206, content[part])
    assert answer["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"


def test_several_ranges_come_as_so_many_pieces(phone: Caller, content: bytes) -> None:
    answer = phone.get(WHOLE, {"Range": "bytes=0-9, 100-109, -5"})
    assert answer.status == 206
    (boundary,) = re.findall(r"multipart/byteranges; boundary=(\w+)", answer["content-type"])
    pieces = answer.body.split(b"--" + boundary.encode())[1:-1]
    found = [tuple(piece.strip(b"\r\n").split(b"\r\n\r\n", 1)) for piece in pieces]
    size = len(content)
    spans = [(0, 10), (100, 110), (size - 5, size)]
    assert [piece[1] for piece in found] == [content[start:stop] for start, stop in spans]
    for (head, _), (start, stop) in zip(found, spans, strict=True):
        assert f"Content-Range: bytes {start}-{stop - 1}/{size}".encode() in head


def test_many_small_ranges_are_answered_with_the_whole(phone: Caller, content: bytes) -> None:
    span = ",".join(f"{at}-{at}" for at in range(0, 400, 2))
    assert phone.get(WHOLE, {"Range": f"bytes={span}"}).body == content


@pytest.mark.parametrize("span", ["9999999-", "9999999-99999999", "-0"])
def test_a_range_behind_the_end_cannot_be_had(phone: Caller, content: bytes, span: str) -> None:
    answer = phone.get(WHOLE, {"Range": f"bytes={span}"})
    assert (answer.status, answer.body, answer["content-range"]) == (416, b"", f"bytes */{len(content)}")


@pytest.mark.parametrize("span", ["bytes", "bytes=", "bytes=x", "bytes=5-2", "lines=1-2", "bytes=--1", "é"])
def test_a_range_that_is_none_is_refused_or_passed_over(phone: Caller, content: bytes, span: str) -> None:
    answer = phone.get(WHOLE, {"Range": span})
    assert answer.status in (400, 416) or (answer.status, answer.body) == (200, content)


def test_a_download_goes_on_only_while_the_file_is_the_same(phone: Caller, content: bytes) -> None:
    etag, changed = phone.get(WHOLE)["etag"], phone.get(WHOLE)["last-modified"]
    for same in (etag, changed):
        assert phone.get(WHOLE, {"Range": "bytes=5-", "If-Range": same}).body == content[5:]
    for other in ('"other"', f"W/{etag}", "Thu, 01 Jan 1970 00:00:00 GMT", "x"):
        answer = phone.get(WHOLE, {"Range": "bytes=5-", "If-Range": other})
        assert (answer.status, answer.body) == (200, content)


@pytest.mark.parametrize("name", ["story-2.jpg", "story-1.png", "story-1", "STORY-1.JPG", "story-1.jpg%00"])
def test_a_file_has_one_name_only(phone: Caller, name: str) -> None:
    assert phone.get(f"/media/1/{name}").status == 404


def test_a_confirmed_story_is_gone_from_the_phone_but_its_poster_stays(stage: Stage) -> None:
    phone = stage.phone()
    assert phone.say(1, "confirm").status == 200
    assert (phone.get(WHOLE).status, phone.get(WHOLE).json()) == (410, {"error": "gone"})
    assert phone.get(WHOLE, {"Range": "bytes=0-1"}).status == 410
    assert phone.get("/poster/1").status == 200
    assert phone.get("/media/2/story-2.jpg").status == 200


def test_a_story_is_gone_when_its_time_is_over_though_no_run_has_noticed(stage: Stage) -> None:
    phone = stage.phone()
    stage.shop.clock.advance(hours=23, minutes=59)
    assert phone.get(WHOLE).status == 200
    stage.shop.clock.advance(minutes=2)
    assert phone.get(WHOLE).status == 410
    board = phone.board()
    assert (board["ready"], {story["state"] for story in board["done"]}) == ([], {"expired"})
    assert [story["can"] for story in board["done"]] == [[], [], []]
    assert phone.say(1, "confirm").status == 200  # it was sent in time all the same


def test_a_file_that_was_taken_away_is_gone_and_not_an_error(stage: Stage) -> None:
    phone = stage.phone()
    for file in (stage.shop.state / "store").iterdir():
        file.unlink()
    assert (phone.get(WHOLE).status, phone.get("/poster/1").status) == (410, 410)
    assert [story["media"] for story in phone.board()["ready"]] == [None] * 3


def test_a_file_that_was_changed_is_not_given_out(stage: Stage) -> None:
    phone = stage.phone()
    for file in (stage.shop.state / "store").glob("*.jpg"):
        content = bytearray(file.read_bytes())
        content[-3] ^= 1
        file.write_bytes(content)
    assert phone.get(WHOLE).status == 410


def test_a_story_that_comes_later_has_no_file_yet(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.shop.picture("bread.jpg")
        stage.shop.sidecar("bread.jpg.yaml", "not_before: 2099-01-01")
        stage.shop.run()
        phone = stage.phone()
        assert [story["name"] for story in phone.board()["later"]] == ["bread.jpg"]
        assert phone.get(WHOLE).status == 410  # not made yet
        assert phone.say(1, "confirm").status == 409
