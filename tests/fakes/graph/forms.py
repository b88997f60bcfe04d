"""The parameters of a request, wherever they were put: in the URL, a form, its parts, or JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from fakes.servers.wire import Request

BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
NAME = re.compile(rb'[; ]name="([^"]*)"')
FILE = re.compile(rb'[; ]filename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters; those of the body win over those of the URL. `files` are parts with a file name."""

    fields: dict[str, str]
    files: dict[str, bytes] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


def form_of(request: Request) -> Form:
    """All of them, the access token as well."""
    kind = request.headers.get("content-type", "").lower()
    if kind.startswith("multipart/form-data"):
        fields, files = parts_of(request)
        return Form({**request.query, **fields}, files)
    if not request.body or kind.startswith("application/octet-stream"):
        return Form(request.query)
    text = request.body.decode("utf-8", "replace")
    if kind.startswith("application/json") or text.startswith("{"):
        return Form({**request.query, **{key: as_text(value) for key, value in json.loads(text).items()}})
    return Form({**request.query, **dict(parse_qsl(text, keep_blank_values=True))})


def as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def parts_of(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Fields and files of a form in parts."""
    found = BOUNDARY.search(request.headers["content-type"])
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    if found is None:
        return fields, files
    mark = b"--" + found[1].encode()
    for part in (b"\r\n" + request.body).split(b"\r\n" + mark)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = NAME.search(head)
        if name is None:
            continue
        if FILE.search(head):
            files[name[1].decode()] = content
        else:
            fields[name[1].decode()] = content.decode()
    return fields, files
