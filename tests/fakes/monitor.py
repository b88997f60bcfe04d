"""A monitor in the manner of healthchecks: it keeps every ping, and answers as it's told to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

SECRET = "c0ffee00-0000-4000-8000-5ec2e7"  # noqa: S105 - nobody's
PATIENCE_S = 20


@dataclass(slots=True)
class Monitor:
    """Listens on this machine alone; `hangs` keeps every ping waiting until `let_go`."""

    port: int
    heard: list[tuple[str, str]] = field(default_factory=list)
    """The address after the secret, and the text, of every ping."""
    status: int = 200
    hangs: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ping/{SECRET}"

    @property
    def signals(self) -> list[str]:
        return [signal for signal, _ in self.heard]


class Quiet(ThreadingHTTPServer):
    """Doesn't complain of those who don't trust it."""

    def handle_error(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def monitor(own_authority: trustme.CA | None = None) -> Iterator[Monitor]:
    """A monitor, as long as the block lasts; over TLS with a certificate of an authority of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.heard.append((self.path.removeprefix(f"/ping/{SECRET}"), body))
            if found.hangs:
                found.let_go.wait(PATIENCE_S)
            self.send_response(found.status)
            if found.status // 100 == 3:
                self.send_header("Location", f"http://127.0.0.1:{found.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if own_authority:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            own_authority.issue_cert("127.0.0.1").configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        found = Monitor(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield found
        found.let_go.set()
        server.shutdown()
