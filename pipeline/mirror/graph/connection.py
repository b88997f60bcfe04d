"""Requests to Meta's Graph API, each sent once; its token is in a header or a body, never in an address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError
from pipeline.mirror.bounded import Bounded, bounded
from pipeline.mirror.odd import OddAnswerError

if TYPE_CHECKING:
    from pipeline.mirror.line import Line

VERSION = "v25.0"
"""Of 2026-02-18; Meta keeps a version for two years at least."""
GRAPH = f"https://graph.facebook.com/{VERSION}"
UPLOADS = "rupload.facebook.com"
OK = 200
MOST_PAGES = 20
LONGEST_WAIT_S = 24 * 3600.0
USAGE = "x-business-use-case-usage"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, and when by its own clock."""

    plain: Mapping[str, Any]
    at: datetime

    def text(self, *path: str) -> str:
        """What stands at a path, as text. Raises OddAnswerError when there is nothing."""
        found: Any = self.plain
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is None or isinstance(found, (Mapping, list)) or found == "":
            raise OddAnswerError(".".join(path))
        return str(found)


class GraphError(Exception):
    """The server said no. `code` and `subcode` say why; `wait_s` is how long it asks to be left alone."""

    def __init__(
        self, status: int, error: Mapping[str, Any] | None = None, wait_s: float | None = None
    ) -> None:
        told = error or {}
        self.status, self.wait_s = status, wait_s
        self.code, self.subcode = _number(told.get("code")), _number(told.get("error_subcode"))
        self.is_transient = told.get("is_transient") is True
        self.message = str(told.get("error_user_msg") or told.get("message") or "")
        super().__init__(f"HTTP {status}, code {self.code}, subcode {self.subcode}")


@dataclass(frozen=True, slots=True)
class Graph:
    """One account's line to the API."""

    line: Line
    session: Bounded
    token: str

    def __repr__(self) -> str:
        return f"Graph({self.line.name})"

    def get(self, path: str, **fields: str) -> Answer:
        """Read what is at a path. Raises GraphError, OddAnswerError, network errors."""
        return self._read(self._send("GET", f"{GRAPH}/{path}", params=fields))

    def listed(self, path: str, **fields: str) -> tuple[Sequence[Mapping[str, Any]], datetime]:
        """All pages of a listing, and the server's time. Raises OddAnswerError unless all can be read."""
        entries: list[Mapping[str, Any]] = []
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            answer = self.get(path, **fields, **after)
            page = answer.plain.get("data")
            if not isinstance(page, list) or not all(isinstance(entry, Mapping) for entry in page):
                raise OddAnswerError("data")
            entries += page
            following = _after(answer.plain)
            if following is None:
                return entries, answer.at
            after = {"after": following}
        raise OddAnswerError("an end of the list")

    def post(self, path: str, form: Mapping[str, str], file: tuple[str, bytes, str] | None = None) -> Answer:
        """Ask for something to be done; `file` is its name, its bytes and its type. Raises as `get`."""
        files = {"source": file} if file else None
        return self._read(self._send("POST", f"{GRAPH}/{path}", data=dict(form), files=files))

    def upload(self, url: str, content: bytes) -> Answer:
        """The bytes of a video to the place that the server named. Raises as `get`."""
        place = urlsplit(url)
        goes_there = place.netloc == UPLOADS  # the token goes along, and for some x\\@y is x
        if place.scheme != "https" or not goes_there:
            raise OddAnswerError("the address for the upload")
        headers = {
            "Authorization": f"OAuth {self.token}",
            "offset": "0",
            "file_size": str(len(content)),
            "Content-Type": "application/octet-stream",
        }
        answer = self._read(self._send("POST", url, data=content, headers=headers))
        if answer.plain.get("success") is not True:
            raise OddAnswerError("success")
        return answer

    def _send(self, method: str, url: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.session.request(method, url, headers=headers, **options)

    def _read(self, response: Any) -> Answer:
        self._refuse(response)
        try:
            plain = response.json()
        except ValueError:
            raise OddAnswerError("anything") from None
        if not isinstance(plain, Mapping):
            raise OddAnswerError("anything")
        return Answer(plain, _date_of(response))

    def _refuse(self, response: Any) -> None:
        """Raise GraphError for an answer that is an error, whatever its HTTP status says."""
        try:
            plain = response.json()
        except ValueError:
            plain = None
        error = plain.get("error") if isinstance(plain, Mapping) else None
        if response.status_code != OK or error is not None:
            raise GraphError(
                response.status_code, error if isinstance(error, Mapping) else None, _asked_wait_s(response)
            )


def connect(line: Line) -> Graph:
    """The account's line. Raises ConfigError when its token, proxy or certificates can't be looked up."""
    token = reveal(line.account.token, f"accounts.{line.name}.token")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(f"accounts.{line.name}.token: this is no token: it's one word without blanks")
    session = bounded(requests.Session(), line.account.patience)
    proxy = line.proxy()
    session.proxies = {"https": proxy} if proxy else {}
    session.verify = line.certificates()
    return Graph(line, session, token)


def _after(plain: Mapping[str, Any]) -> str | None:
    paging = plain.get("paging")
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, Mapping) else None
    if not after:
        raise OddAnswerError("paging")
    return str(after)


def _date_of(response: Any) -> datetime:
    try:
        told = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError, TypeError):
        raise OddAnswerError("the time") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _asked_wait_s(response: Any) -> float | None:
    """The longest wait that the usage header asks for, in seconds."""
    try:
        usage = json.loads(response.headers.get(USAGE) or "{}")
        waits = [
            float(one.get("estimated_time_to_regain_access") or 0) for kind in usage.values() for one in kind
        ]
    except (ValueError, TypeError, AttributeError):
        return None
    return min(max((wait * 60 for wait in waits if wait > 0), default=0.0), LONGEST_WAIT_S) or None


def _number(plain: Any) -> int | None:
    return plain if isinstance(plain, int) else None
