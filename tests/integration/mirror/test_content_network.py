"""Media come whole and in time from the content network, or not at all, and bring nothing of us along."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import pipeline.mirror.content_network as network
from pipeline.config.accounts import Patience
from pipeline.errors import TryAgain

BODY = b"\xff\xd8" + b"picture" * 20_000
Fetch = Callable[..., bytes]


class Server(BaseHTTPRequestHandler):
    """Each path is one way of going wrong."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, str]]

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        getattr(self, f"give_{self.path[1:]}")()

    def head(self, status: int = 200, kind: str = "image/jpeg", length: int | None = len(BODY)) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Connection", "close")
        self.end_headers()

    def give_whole(self) -> None:
        self.head()
        self.wfile.write(BODY)

    def give_without_length(self) -> None:
        self.head(length=None)
        self.wfile.write(BODY)
        self.close_connection = True

    def give_half(self) -> None:
        self.head()
        self.wfile.write(BODY[: len(BODY) // 2])
        self.close_connection = True

    def give_nothing(self) -> None:
        self.head(length=0)

    def give_too_much(self) -> None:
        self.head(length=network.MOST_BYTES + 1)
        self.close_connection = True

    def give_page(self) -> None:
        self.head(kind="text/html; charset=utf-8")
        self.wfile.write(BODY)

    def give_gone(self) -> None:
        self.head(410, length=0)

    def give_elsewhere(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/whole")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def give_drops(self) -> None:
        """A byte now and then, so that no single wait is long."""
        self.head()
        for _ in range(100):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)


class Quiet(ThreadingHTTPServer):
    """Clients that hang up are what is tried here."""

    def handle_error(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def fetch(tmp_path: Path) -> Iterator[Fetch]:
    class Own(Server):
        seen: list[dict[str, str]] = []  # noqa: RUF012 - one for each test

    server = Quiet(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    patience = Patience(connect_seconds=1, answer_seconds=1, upload_kbps=1_000_000)
    phone: Any = SimpleNamespace(private=SimpleNamespace(proxies={}), tls_verify=True, patience=patience)

    def get(path: str, **options: Any) -> bytes:
        target = tmp_path / "file"
        network.fetch(phone, f"http://127.0.0.1:{server.server_address[1]}/{path}", target, **options)
        assert not {"authorization", "cookie", "referer"} & Own.seen[-1].keys()
        return target.read_bytes()

    yield get
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("path", ["whole", "without_length"])
def test_what_comes_whole_is_kept_as_it_is(fetch: Fetch, path: str) -> None:
    assert fetch(path) == BODY


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("half", "the content network broke off"),
        ("nothing", "the content network broke off"),
        ("too_much", "which no story has"),
        ("page", "gives no media"),
        ("gone", "HTTP 410"),
        ("elsewhere", "HTTP 302"),
        ("drops", "too slow"),
    ],
)
def test_everything_else_is_tried_again_later(fetch: Fetch, path: str, told: str) -> None:
    with pytest.raises(TryAgain, match=told):
        fetch(path)


def test_who_is_asked_to_stop_stops(fetch: Fetch) -> None:
    with pytest.raises(TryAgain, match="asked to stop"):
        fetch("whole", stop=lambda: True)
