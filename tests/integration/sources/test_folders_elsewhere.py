"""A folder elsewhere, whichever server it's at: what is listed, what is fetched, and what goes wrong."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fakes.far_folders import FarFolder
from fakes.far_folders.folder import PASSWORD

from pipeline.config import Place, load_settings
from pipeline.errors import NeedsPerson, NotReadyError, TryAgain
from pipeline.model import Remote
from pipeline.report.health.folders import folder_checks
from pipeline.sources.elsewhere import Conditions, Elsewhere
from pipeline.tools.clock import now

LARGE = os.urandom(3_000_000)


def keys(listing: Sequence[Remote]) -> list[str]:
    return [remote.key for remote in listing if not remote.left]


def fetched(source: Elsewhere, remote: Remote, into: Path) -> bytes:
    source.fetch(remote, into)
    return into.read_bytes()


def test_what_the_inbox_would_take_is_listed_in_an_order_that_loses_no_words(
    far: FarFolder, tmp_path: Path
) -> None:
    for path in (
        *("b.jpg", "a10.MP4", "a2.mp4", "trip/day 1/ü & ç.heic", "a2.mp4.yaml", "b.txt"),
        *("materials/song.mp3", "trip/Materials/old/logo.png"),
        *(".hidden.jpg", "b.jpg.part", "c.jpg~", "notes.doc", "@eaDir/b.jpg", ".trash/b.jpg"),
        *("materials/.DS_Store", "materials/song.mp3.tmp"),
    ):
        far.write(path, path.encode())
    listing = far.source(tmp_path).listing()
    assert keys(listing) == [
        *("materials/song.mp3", "trip/Materials/old/logo.png"),
        *("a2.mp4.yaml", "b.txt"),
        *("a2.mp4", "a10.MP4", "b.jpg", "trip/day 1/ü & ç.heic"),
    ]
    assert {remote.key: remote.bytes for remote in listing}["b.jpg"] == len("b.jpg")
    assert all(str(remote.path) == remote.key for remote in listing)


def test_files_come_whole_and_with_their_dates(far: FarFolder, tmp_path: Path) -> None:
    contents = {"small.jpg": b"x", "empty.txt": b"", "a/b/large.mp4": LARGE}
    for path, content in contents.items():
        far.write(path, content)
    source = far.source(tmp_path)
    for remote in source.listing():
        assert fetched(source, remote, tmp_path / "here") == contents[remote.key]
        dated = datetime.fromtimestamp((tmp_path / "here").stat().st_mtime, UTC)
        assert abs(now() - dated) < timedelta(minutes=5)
    source.close()


ODD = (
    *("50% #1?.jpg", "%41.jpg", "a [1]*.jpg", "a+b=ü&c.jpg", "~x.jpg", "a;b:c@d.jpg", 'it\'s "$x" `y`.jpg'),
    *("trip?v=1/a.jpg", "50%/a.jpg", "#1/a.jpg", "back\\slash.jpg", "日本 🌊.jpg", "e\u0301.jpg"),
)


def test_names_with_any_signs_are_listed_and_fetched_as_they_are(far: FarFolder, tmp_path: Path) -> None:
    for name in ODD:
        far.write(name, name.encode())
    source = far.source(tmp_path)
    listing = source.listing()
    assert sorted(keys(listing)) == sorted(ODD)
    assert {remote.key: fetched(source, remote, tmp_path / "here") for remote in listing} == {
        name: name.encode() for name in ODD
    }


def test_a_mark_stays_until_the_content_changes(far: FarFolder, tmp_path: Path) -> None:
    far.write("a.jpg", b"one")
    far.write("b.jpg", b"two")
    before = {remote.key: remote.mark for remote in far.source(tmp_path).listing()}
    again = {remote.key: remote.mark for remote in far.source(tmp_path).listing()}
    far.write("b.jpg", b"three")
    after = {remote.key: remote.mark for remote in far.source(tmp_path).listing()}
    assert before == again
    assert after["a.jpg"] == before["a.jpg"]
    assert after["b.jpg"] != before["b.jpg"]


def test_what_was_changed_just_now_waits_and_so_does_what_needs_it(far: FarFolder, tmp_path: Path) -> None:
    far.write("a.jpg", b"one")
    far.write("b.jpg", b"two")
    far.write("b.jpg.yaml", b"caption: Hi")
    patient = Conditions(settle_seconds=600, connect_s=5, answer_s=5)
    waiting = {remote.key: remote.left for remote in far.source(tmp_path, patient).listing()}
    assert set(waiting) == {"a.jpg", "b.jpg", "b.jpg.yaml"}
    assert all(why and "may still be arriving" in why for why in waiting.values())
    later = Conditions(600, clock=lambda: now() + timedelta(seconds=700))
    assert keys(far.source(tmp_path, later).listing()) == ["b.jpg.yaml", "a.jpg", "b.jpg"]


def test_a_file_that_grows_between_two_looks_is_not_taken(far: FarFolder, tmp_path: Path) -> None:
    far.write("a.mp4", b"half")
    source = far.source(tmp_path)
    (remote,) = source.listing()
    far.write("a.mp4", b"half and the rest")
    with pytest.raises(NotReadyError, match="changed while it was fetched"):
        source.fetch(remote, tmp_path / "here")
    far.remove("a.mp4")
    with pytest.raises(NotReadyError, match="isn't there any more"):
        source.fetch(remote, tmp_path / "here")


def test_a_story_is_not_taken_without_the_words_that_could_not_be_fetched(
    far: FarFolder, tmp_path: Path
) -> None:
    far.write("a.jpg", b"one")
    far.write("b.jpg", b"two")
    far.write("a.jpg.yaml", b"caption: Hi")
    source = far.source(tmp_path)
    sidecar, first, second = source.listing()
    far.remove("a.jpg.yaml")
    with pytest.raises(NotReadyError):
        source.fetch(sidecar, tmp_path / "here")
    with pytest.raises(NotReadyError, match=r"a\.jpg\.yaml, which it needs, couldn't be fetched"):
        source.fetch(first, tmp_path / "here")
    assert fetched(source, second, tmp_path / "here") == b"two"


def test_what_is_gone_is_known_but_not_when_nothing_is_left(far: FarFolder, tmp_path: Path) -> None:
    far.write("a.jpg", b"one")
    far.write("b.jpg", b"two")
    source = far.source(tmp_path)
    source.listing()
    assert source.gone({"a.jpg", "b.jpg"}) == frozenset()
    far.remove("b.jpg")
    source.listing()
    assert source.gone({"a.jpg", "b.jpg"}) == {"b.jpg"}
    far.write("note.doc", b"so that the folder is there")
    far.remove("a.jpg")
    source.listing()
    assert source.gone({"a.jpg", "b.jpg"}) == frozenset()


def test_a_folder_that_is_not_there_is_tried_again(far: FarFolder, tmp_path: Path) -> None:
    far.url += "/nothing"
    with pytest.raises(TryAgain, match="no such folder"):
        far.source(tmp_path).listing()


def test_a_server_that_is_down_is_tried_again(served: FarFolder, tmp_path: Path) -> None:
    assert served.wire
    served.wire.state = "down"
    with pytest.raises(TryAgain, match="can't be reached") as told:
        served.source(tmp_path).listing()
    assert told.value.__cause__ is None
    served.wire.close()
    with pytest.raises(TryAgain, match="can't be reached"):
        served.source(tmp_path).listing()


@pytest.mark.parametrize(
    "served",
    [*(pytest.param(kind, marks=pytest.mark.slow) for kind in ("s3", "webdav")), "sftp"],
    indirect=True,
)
def test_a_server_that_says_nothing_is_given_up(served: FarFolder, tmp_path: Path) -> None:
    assert served.wire
    served.write("a.mp4", LARGE)
    hasty = Conditions(0, connect_s=3, answer_s=5)
    source = served.source(tmp_path, hasty)
    served.wire.state = "silent"
    with pytest.raises(TryAgain):
        source.listing()
    served.wire.state = "good"
    (remote,) = source.listing()
    source.close()
    served.wire.silent_after = 1_000_000
    with pytest.raises(TryAgain):
        source.fetch(remote, tmp_path / "here")
    served.wire.silent_after = None
    assert fetched(source, remote, tmp_path / "here") == LARGE


def test_a_stop_ends_the_waiting_for_a_server(served: FarFolder, tmp_path: Path) -> None:
    assert served.wire
    served.wire.state = "silent"
    stopped = Conditions(0, stop=lambda: served.wire is not None and served.wire.calls > 0)
    with pytest.raises(TryAgain, match="stopped"):
        served.source(tmp_path, stopped).listing()


def test_a_file_that_is_cut_short_is_not_taken(served: FarFolder, tmp_path: Path) -> None:
    assert served.wire
    served.write("a.mp4", LARGE)
    source = served.source(tmp_path)
    (remote,) = source.listing()
    source.close()
    served.wire.cut_after = 1_000_000
    with pytest.raises(TryAgain):
        source.fetch(remote, tmp_path / "here")
    served.wire.cut_after = None
    assert fetched(source, remote, tmp_path / "here") == LARGE


@pytest.mark.parametrize("kind", ["sftp", "webdav"])
def test_a_wrong_password_takes_a_person_and_is_told_without_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from fakes.far_folders import KINDS

    with KINDS[kind](tmp_path) as far:
        with pytest.raises(NeedsPerson, match="login is refused") as told:
            far.source(tmp_path, **far.wrong).listing()
        assert "storyrelay pull nas" in str(told.value)
        assert PASSWORD not in repr(far.opened) + str(told.value)
        assert PASSWORD not in str(told.value)


class Refusing(BaseHTTPRequestHandler):
    """Answers as S3 does to who has no right."""

    def do_GET(self) -> None:
        body = b"<Error><Code>InvalidAccessKeyId</Code><Message>unknown</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


def test_a_wrong_key_takes_a_person(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        options = {"endpoint_url": f"http://127.0.0.1:{server.server_port}", "key": "k", "secret": PASSWORD}
        far = FarFolder("s3://bucket/stories", options, lambda *_: None, lambda _: None)
        with pytest.raises(NeedsPerson, match="login is refused"):
            far.source(tmp_path).listing()
        far.close()
        server.shutdown()


def test_a_check_tells_what_lies_there_or_what_to_do(served: FarFolder, tmp_path: Path) -> None:
    served.write("a.jpg", b"one")
    settings = load_settings(None, ("inbox=inbox", served.config()), Place({}, tmp_path, None))
    (good,) = folder_checks(settings)
    assert (good.status, good.name) == ("ok", "source nas")
    assert good.detail.endswith(", 1 file or folder")
    assert served.wire
    served.wire.state = "down"
    (bad,) = folder_checks(settings)
    assert (bad.status, bad.fix) == ("warn", "storyrelay pull nas")
    assert PASSWORD not in good.detail + bad.detail
