"""Plain requests to the stand-in, as the documentation writes them with curl."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import requests

API = "https://graph.facebook.com/v25.0"
TIMEOUT_S = 10
Answer = Mapping[str, Any]


class Reachable(Protocol):
    """A stand-in, in this process or in its own."""

    @property
    def proxy(self) -> str: ...

    @property
    def ca_file(self) -> Path: ...


class Caller(AbstractContextManager["Caller"]):
    """Somebody with a token, which goes into the header; no request is ever made a second time."""

    def __init__(self, graph: Reachable, token: str) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = {"https": graph.proxy}
        self._session.verify = str(graph.ca_file)
        self._token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def send(self, method: str, path: str, **options: Any) -> Any:
        """The whole answer, of a path below the API or of an address."""
        url = path if path.startswith("https://") else f"{API}/{path}"
        own = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers = {**own, **options.pop("headers", {})}
        return self._session.request(
            method, url, headers=headers, timeout=options.pop("timeout", TIMEOUT_S), **options
        )

    def get(self, path: str, **fields: str) -> Answer:
        return dict(self.send("GET", path, params=fields).json())

    def post(self, path: str, **fields: object) -> Answer:
        return dict(self.send("POST", path, data=fields).json())

    def upload(self, url: str, body: bytes, offset: int = 0, size: int | None = None) -> Answer:
        """Bytes from that offset on, of a file of that size."""
        total = len(body) if size is None else size
        headers = {"Authorization": f"OAuth {self._token}", "offset": str(offset), "file_size": str(total)}
        return dict(self.send("POST", url, data=body, headers=headers).json())

    def error(self, answer: Answer) -> tuple[int, int | None]:
        """Code and subcode of a refusal."""
        return answer["error"]["code"], answer["error"].get("error_subcode")
