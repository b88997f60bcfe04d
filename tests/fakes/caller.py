"""Somebody who speaks to the page over a plain socket, where anything can be said that no browser says."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from typing import Any
from uuid import uuid4

HERE = "127.0.0.1"
ANSWER_S = 20.0
EVENT = "0123456789abcdef"
Headers = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def __getitem__(self, name: str) -> str:
        """A header that is there once."""
        (value,) = self.headers.get_all(name, [])
        return str(value)


@dataclass(slots=True)
class Caller:
    """A browser's manners by default; a header given as None isn't sent. `key` is the cookie of a phone."""

    port: int
    key: str = ""
    token: str = ""
    tls: ssl.SSLContext | None = None
    name: str = "localhost"

    @property
    def host(self) -> str:
        return f"{self.name}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}"

    @property
    def cookie_name(self) -> str:
        return "__Host-storyrelay" if self.tls else "storyrelay"

    def line(self) -> socket.socket:
        """A connection of one's own."""
        line = socket.create_connection((HERE, self.port), timeout=ANSWER_S)
        return self.tls.wrap_socket(line, server_hostname=self.name) if self.tls else line

    def get(self, path: str, headers: Headers | None = None, method: str = "GET") -> Heard:
        """Ask for something."""
        usual = {"Host": self.host, "Cookie": self._cookie(), "Sec-Fetch-Site": "same-origin"}
        return self.ask(f"{method} {path} HTTP/1.1", {**usual, **(headers or {})})

    def post(
        self, path: str, body: object = None, headers: Headers | None = None, method: str = "POST"
    ) -> Heard:
        """Say something, in JSON unless it is bytes already."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {
            "Host": self.host,
            "Cookie": self._cookie(),
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "X-Storyrelay-Token": self.token or None,
        }
        return self.ask(f"{method} {path} HTTP/1.1", {**usual, **(headers or {})}, content)

    def ask(self, first: str, headers: Headers, body: bytes = b"") -> Heard:
        """A request, word for word."""
        lines = [first, *(f"{name}: {value}" for name, value in headers.items() if value is not None)]
        lines += ["Connection: close", "", ""]
        request = "\r\n".join(lines).encode("utf-8", "surrogateescape") + body
        return self.raw(request, first.partition(" ")[0])

    def raw(self, request: bytes, method: str = "GET") -> Heard:
        """Bytes, and what comes back."""
        with self.line() as line:
            line.sendall(request)
            return heard(line, method)

    def say(self, delivery: int, verb: str, event: str | None = None) -> Heard:
        """A word of the person about a story, with an id of its own."""
        return self.post(f"/api/deliveries/{delivery}/{verb}", {"event": event or uuid4().hex})

    def board(self) -> Any:
        """What the page shows; its token is used from here on."""
        answer = self.get("/api/stories")
        assert answer.status == 200, answer
        told = answer.json()
        self.token = told["token"]
        return told

    def pair(self, secret: str) -> Caller:
        """What the page does with the secret of a QR code."""
        answer = self.post("/api/pair", {"secret": secret})
        assert answer.status == 200, answer
        self.key = answer["set-cookie"].partition(";")[0].partition("=")[2]
        self.board()
        return self

    def _cookie(self) -> str | None:
        return f"{self.cookie_name}={self.key}" if self.key else None


def heard(line: socket.socket, method: str = "GET") -> Heard:
    """The next answer on a line."""
    answer = HTTPResponse(line, method=method)
    answer.begin()
    return Heard(answer.status, answer.msg, answer.read())
