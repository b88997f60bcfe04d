"""Until when a token is good: asked once a day, and at once of a new one."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.mirror.tokens import Known, TokenFile

if TYPE_CHECKING:
    from pipeline.mirror.graph.connection import Graph

ASK_EVERY = timedelta(days=1)


def look_after(kept: TokenFile, graph: Graph, at: datetime) -> None:
    """Keep what is known of a token up to date; that it can't be asked is no matter."""
    known, mark = kept.read(), mark_of(graph.token)
    if known and known.mark == mark and timedelta() <= at - known.asked_at < ASK_EVERY:
        return
    told_at = known.told_at if known and known.mark == mark else None
    with suppress(Exception):
        kept.write(Known(mark, at, end_of(graph), told_at))


def mark_of(token: str) -> str:
    """What tells a token from the next one, and nothing of the token itself."""
    return hashlib.sha256(b"storyrelay token " + token.encode()).hexdigest()[:16]


def end_of(graph: Graph) -> datetime | None:
    """When the token ends, or its right to read data; None for never. Raises as `Graph.get`."""
    answer = graph.post("debug_token", {"method": "get", "input_token": graph.token})  # not in an address
    data: Any = answer.plain.get("data")
    told = data if isinstance(data, dict) else {}
    ends = [told.get("expires_at"), told.get("data_access_expires_at")]
    found = [datetime.fromtimestamp(end, UTC) for end in ends if isinstance(end, int) and end > 0]
    return min(found, default=None)
