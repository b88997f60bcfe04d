"""Handing stories to a person: channels that only ever offer, never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Destination
from pipeline.handoff.folder import Folder

if TYPE_CHECKING:
    from pipeline.config import Settings


def destinations(settings: Settings) -> Mapping[str, Destination]:
    """Every enabled destination that ends at a person, by name."""
    every = every_destination(settings)
    chosen = settings.destinations.items()
    return {name: every[name] for name, one in chosen if one.enabled and one.via == "person"}


def every_destination(settings: Settings) -> Mapping[str, Destination]:
    """Those switched off, or published to by now, too: what lies there still expires, or is taken away."""
    return {name: Folder(name, settings.outbox / name) for name in settings.destinations}
