"""Handing stories to a person: channels that only ever offer, never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Destination
from pipeline.handoff.folder import Folder

if TYPE_CHECKING:
    from pipeline.config import Settings


def destinations(settings: Settings) -> Mapping[str, Destination]:
    """Every enabled destination, by name."""
    every = every_destination(settings)
    return {name: every[name] for name, chosen in settings.destinations.items() if chosen.enabled}


def every_destination(settings: Settings) -> Mapping[str, Destination]:
    """Those switched off too: what lies there still expires, and an answer still takes it away."""
    return {name: Folder(name, settings.outbox / name) for name in settings.destinations}
