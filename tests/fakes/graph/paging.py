"""Listings in pages, with cursors."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fakes.graph.errors import as_json, invalid
from fakes.graph.forms import Form
from fakes.graph.model import Token
from fakes.graph.world import World
from fakes.servers.wire import Answer

API = "https://graph.facebook.com"
OF_A_PAGE = ("after", "before", "access_token", "version")


def paged(world: World, token: Token, path: str, form: Form, entries: Sequence[Mapping[str, Any]]) -> Answer:
    """So many as were asked for, after the cursor, and how to go on."""
    size = min(int(form.get("limit") or world.settings.page_size), world.settings.page_size)
    start = place(form.get("after")) + 1 if form.get("after") else 0
    page = list(entries[start : start + size])
    if not page:
        return as_json({"data": []})
    cursors = {"before": cursor(start), "after": cursor(start + len(page) - 1)}
    paging: dict[str, Any] = {"cursors": cursors}
    if start + size < len(entries):
        paging["next"] = following(token, path, form, cursors["after"])
    return as_json({"data": page, "paging": paging})


def following(token: Token, path: str, form: Form, after: str) -> str:
    """The next page's address, which holds the token, as the real one does."""
    asked = {name: value for name, value in form.fields.items() if name not in OF_A_PAGE}
    query = urlencode({"access_token": token.value, **asked, "after": after})
    return f"{API}/{form.get('version')}/{path}?{query}"


def cursor(index: int) -> str:
    return base64.b64encode(f"story:{index}".encode()).decode()


def place(text: str) -> int:
    try:
        return int(base64.b64decode(text).decode().removeprefix("story:"))
    except ValueError:
        raise invalid("Invalid cursors values") from None
