"""Mirroring stories to a server: the accounts that are published to. Only here is instagrapi known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Mirror
from pipeline.mirror.instagram import Instagram
from pipeline.mirror.line import line_of
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
    return {
        name: Instagram(name, line_of(settings, chosen.account, clock), stop)
        for name, chosen in settings.destinations.items()
        if chosen.via == "instagrapi" and chosen.account
    }
