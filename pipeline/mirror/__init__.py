"""Publishing to accounts of a network, and looking at what is live there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Mirror
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings


def mirrors(
    settings: Settings,  # noqa: ARG001 - until there is one
    stop: Callable[[], bool] = lambda: False,  # noqa: ARG001
    clock: Clock = now,  # noqa: ARG001
) -> Mapping[str, Mirror]:
    """Every enabled destination that ends at a server, by name; `stop` cuts waiting for the server short."""
    return {}
