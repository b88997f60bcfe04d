"""The share page: its port, and the address at which a phone that isn't on the cable reaches it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from pipeline.config.fields import Section

USUAL_PORTS = {"http": 80, "https": 443}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Browsers let a page share files from these without TLS."""


def page_address(text: str) -> str:
    """An address without path, as browsers name an origin. Raises ValueError."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/"):
        raise ValueError(f"'{text}' is no address such as https://my-computer.example:8765")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"'{text}' has more than a name and a port")
    if parts.scheme == "http" and host not in HERE:
        raise ValueError(f"'{text}': phones share files only from https, or from http://localhost")
    name = f"[{host}]" if ":" in host else host
    usual = parts.port in (None, USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{name}" + ("" if usual else f":{parts.port}")


class PageSettings(Section):
    port: int = Field(default=8765, ge=1, le=65_535, description="The port of `serve`.")
    url: Annotated[str, AfterValidator(page_address)] | None = Field(
        default=None,
        description="Where phones reach the page; null for http://localhost over the cable.",
    )

    def address(self) -> str:
        """Where a phone opens the page."""
        return self.url or f"http://localhost:{self.port}"
