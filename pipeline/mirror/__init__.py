"""Mirroring stories to a server: the accounts that are published to. Only here is instagrapi known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Mirror
from pipeline.mirror.graph import Desk, GraphMirror
from pipeline.mirror.instagram import Instagram
from pipeline.mirror.line import line_of
from pipeline.mirror.tokens import token_file
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings

__all__ = ["every_mirror", "mirrors"]


def mirrors(
    settings: Settings, stop: Callable[[], bool] = lambda: False, clock: Clock = now
) -> Mapping[str, Mirror]:
    """Every enabled destination that ends at a server, by name; `stop` cuts waiting for the server short."""
    every = every_mirror(settings, stop, clock)
    return {name: mirror for name, mirror in every.items() if settings.destinations[name].enabled}


def every_mirror(
    settings: Settings, stop: Callable[[], bool] = lambda: False, clock: Clock = now
) -> Mapping[str, Mirror]:
    """Those switched off too."""
    chosen = settings.destinations.items()
    return {name: _mirror(settings, name, stop, clock) for name, one in chosen if one.account}


def _mirror(settings: Settings, name: str, stop: Callable[[], bool], clock: Clock) -> Mirror:
    chosen = settings.destinations[name]
    line = line_of(settings, chosen.account or "", clock)
    if chosen.via == "graph":
        return GraphMirror(name, chosen.platform, Desk(line, token_file(settings.state, line.name), stop))
    return Instagram(name, line, stop)
