"""A photo in a bucket that everybody can read, or by an address that the bucket signs."""

from __future__ import annotations

import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fakes.accounts import parcel_of
from fakes.graph import GraphStandIn
from fakes.graph_relay import HOST, GraphRelay, config_of, fitting_photo, served

from pipeline.errors import TryAgain
from pipeline.mirror.graph.public import shown
from pipeline.mirror.line import Line, line_of
from pipeline.model import Rendition
from pipeline.tools.clock import fresh_name
from pipeline.tools.stores import opened_store

KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "sesame",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that speaks as S3 does."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (KEYS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}).items():
        monkeypatch.setenv(name, value)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str) -> str:
    name = fresh_name()
    opened_store(f"s3://{name}/out")[0].mkdir(name)
    return name


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[GraphStandIn]:
    with served(tmp_path) as server:
        yield server


@pytest.fixture
def photo(tmp_path: Path) -> Rendition:
    return parcel_of(fitting_photo(tmp_path / "made" / "a.jpg", 1)).rendition


def line(tmp_path: Path, graph: GraphStandIn, public: str) -> Line:
    (tmp_path / "token").write_text(graph.user_token)
    settings = config_of(tmp_path, graph, "instagram", f"public: {public}", shows=False)
    return line_of(settings, "shop")


def names(bucket: str) -> list[str]:
    files, root = opened_store(f"s3://{bucket}/out")
    return [str(path).rpartition("/")[2] for path in files.ls(root)] if files.exists(root) else []


@pytest.fixture
def cdn(bucket: str) -> Iterator[str]:
    """What shows the bucket to the world, which can't read it by itself."""
    files, root = opened_store(f"s3://{bucket}/out")

    class Shown(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(files.cat_file(root.removesuffix("/out") + self.path))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Shown) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_instagram_fetches_a_photo_from_a_bucket_that_the_world_is_shown(
    tmp_path: Path, graph: GraphStandIn, cdn: str, bucket: str, photo: Rendition
) -> None:
    graph.serve_host(HOST, cdn)
    relay = GraphRelay.opened(tmp_path, graph, "instagram")
    public = f"public: {{folder: s3://{bucket}/out, url: https://{HOST}/out}}"
    relay.settings = config_of(tmp_path, graph, "instagram", public, shows=False)
    (relay.root / "inbox" / "a.jpg").write_bytes(photo.path.read_bytes())
    assert relay.run().exit_code == 0
    (story,) = graph.stories()
    assert hashlib.sha256(graph.content(story)).hexdigest() == photo.sha256
    assert names(bucket) == []


def test_a_bucket_without_an_address_signs_one_for_an_hour(
    tmp_path: Path, graph: GraphStandIn, s3: str, bucket: str, photo: Rendition
) -> None:
    content = photo.path.read_bytes()
    with shown(line(tmp_path, graph, f"{{folder: s3://{bucket}/out}}"), photo, content) as address:
        assert address.startswith(s3)
        assert "Expires=" in address
        assert "sesame" not in address
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - on this machine
            assert answer.read() == content
    assert names(bucket) == []


def test_a_bucket_that_is_away_is_told_and_costs_no_story(
    tmp_path: Path, graph: GraphStandIn, monkeypatch: pytest.MonkeyPatch, photo: Rendition
) -> None:
    for name, value in (KEYS | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)
    found = line(tmp_path, graph, "{folder: s3://nowhere/out}")
    quick = found.account.model_copy(
        update={
            "patience": found.account.patience.model_copy(
                update={"connect_seconds": 0.5, "answer_seconds": 1}
            )
        }
    )
    with (
        pytest.raises(TryAgain, match=r"accounts\.shop\.public can't be written") as failure,
        shown(replace(found, account=quick), photo, b"content"),
    ):
        pytest.fail("it can't be shown")
    assert "sesame" not in str(failure.value)
