"""What goes over a connection: a request, its answer, and the ways of giving none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SIGNED = "SIGNATURE."
COMMON = re.compile(r"^/(?:api/)?(?:v\d+(?:\.\d+)?/)?")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of headers are in lower case. One that isn't `whole` ended in its body."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    protocol: str
    connection: int
    whole: bool = True

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def endpoint(self) -> str:
        """The path without what all of them begin with, as `/api/v1/` or `/v25.0/`: `media/info/`."""
        return COMMON.sub("", self.path, count=1).lstrip("/")

    @property
    def form(self) -> dict[str, Any]:
        """The body's fields, whichever way they were put in."""
        text = self.body.decode("utf-8", "replace")
        if text.startswith("{"):
            return dict(json.loads(text))
        fields = dict(parse_qsl(text, keep_blank_values=True))
        signed = fields.get("signed_body")
        return dict(json.loads(signed.removeprefix(SIGNED))) if signed else dict(fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; with `cut_after` the connection dies after so many bytes of the body."""

    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    cut_after: int | None = None


class Drop:
    """The connection dies instead of an answer."""


class Hang:
    """Nothing comes, ever, and the connection stays open."""


Reply = Answer | Drop | Hang
Exchange = Callable[[Request], Reply]


class Gone(Exception):
    """This connection is over."""


def as_json(content: Mapping[str, Any], status: int = 200, *headers: tuple[str, str]) -> Answer:
    """An answer as Instagram writes it."""
    body = json.dumps({"status": "ok", **content}).encode()
    return Answer(status, body, (("content-type", "application/json; charset=utf-8"), *headers))


def refusal(status: int, message: str, **more: Any) -> Answer:
    """A failure as Instagram writes it."""
    return as_json({"message": message, **more, "status": "fail"}, status)
