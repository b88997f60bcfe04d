"""Handing stories to a person: channels that only ever offer, never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Destination
from pipeline.handoff.channels import Channels, Member
from pipeline.handoff.folder import Folder
from pipeline.handoff.phone import OnPhone
from pipeline.handoff.shelf import Shelf

if TYPE_CHECKING:
    from pipeline.config import Settings


def destinations(settings: Settings) -> Mapping[str, Destination]:
    """Every enabled destination, by name."""
    every = every_destination(settings)
    return {name: every[name] for name, chosen in settings.destinations.items() if chosen.enabled}


def every_destination(settings: Settings) -> Mapping[str, Destination]:
    """Those switched off too: what lies there still expires, and an answer still takes it away."""
    return {name: _channels(settings, name) for name in settings.destinations}


def _channels(settings: Settings, name: str) -> Channels:
    shelf = Shelf(settings.state / "phone")
    ways: dict[str, Member] = {
        "intent": OnPhone(name, "intent", settings.phone, shelf),
        "status": OnPhone(name, "status", settings.phone, shelf),
        "folder": Folder(name, settings.outbox / name),
    }
    chosen = settings.destinations[name].channels
    retired = tuple(way for kind, way in ways.items() if kind not in chosen)
    return Channels(name, tuple(ways[kind] for kind in chosen), retired)
