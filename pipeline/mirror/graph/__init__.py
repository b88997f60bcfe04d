"""Publishing by Meta's own Graph API: an Instagram account's stories, and a Facebook Page's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.mirror.graph.facebook import FacebookPage
from pipeline.mirror.graph.instagram import OfficialInstagram
from pipeline.mirror.tokens import token_file

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.destination import Mirror
    from pipeline.mirror.line import Line

__all__ = ["graph_mirror"]


def graph_mirror(name: str, platform: str, line: Line, state: Path, stop: Callable[[], bool]) -> Mirror:
    """The destination of that platform."""
    kept = token_file(state, line.name)
    if platform.startswith("facebook"):
        return FacebookPage(name, line, kept, stop)
    return OfficialInstagram(name, line, kept, stop)
