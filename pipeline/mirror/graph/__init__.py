"""Publishing by Meta's own Graph API: an Instagram account's stories, and a Facebook Page's."""

from __future__ import annotations

from pipeline.mirror.graph.mirror import Desk, GraphMirror

__all__ = ["Desk", "GraphMirror"]
