"""Publishing to accounts of a network, and looking at what is live there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Mirror

if TYPE_CHECKING:
    from pipeline.config import Settings


def mirrors(settings: Settings) -> Mapping[str, Mirror]:  # noqa: ARG001 - until there is one
    """The mirror of every enabled destination that is published to, by the destination's name."""
    return {}
