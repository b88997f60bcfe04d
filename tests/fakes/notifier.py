"""A service that messages go to: it keeps every request, and answers as it's told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "tk_a5b6c7d8e9f0"  # noqa: S105 - nobody's
PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass(slots=True)
class Notifier:
    """Listens on this machine alone; `hangs` keeps every request waiting until `let_go`."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    hangs: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def json(self) -> str:
        """Its address, with a secret in it, as Apprise's plain JSON form."""
        return f"json://shop:{TOKEN}@127.0.0.1:{self.port}/{TOKEN}"

    @property
    def ntfy(self) -> str:
        """The same as a server of ntfy."""
        return f"ntfy://{TOKEN}@127.0.0.1:{self.port}/stories"

    @property
    def titles(self) -> list[str]:
        return [one.json()["title"].removeprefix("storyrelay: ") for one in self.heard]

    @property
    def last(self) -> str:
        """What the newest message says below its title."""
        text: str = self.heard[-1].json()["message"]
        return text


@contextmanager
def notifier() -> Iterator[Notifier]:
    """A service, as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.heard.append(Heard(self.path, dict(self.headers), body))
            if service.hangs:
                service.let_go.wait(PATIENCE_S)
            self.send_response(service.status)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service = Notifier(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield service
        service.let_go.set()
        server.shutdown()
