"""Handing stories to a person: channels that only ever offer, never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.destination import Handoff
from pipeline.handoff.channels import Channels, Member
from pipeline.handoff.folder import Folder
from pipeline.handoff.page import Page
from pipeline.handoff.paired import Phones
from pipeline.handoff.phone import OnPhone
from pipeline.handoff.shelf import Shelf
from pipeline.tools.whereabouts import unmounted

if TYPE_CHECKING:
    from pipeline.config import Settings

MEGA = 1_000_000


def destinations(settings: Settings) -> Mapping[str, Handoff]:
    """Every enabled destination that ends at a person, by name."""
    chosen = settings.destinations.items()
    return {name: _channels(settings, name) for name, one in chosen if one.enabled and one.via == "person"}


def every_destination(settings: Settings) -> Mapping[str, Handoff]:
    """Those switched off, or published to by now, too: what lies there still expires, or is taken away."""
    return {name: _channels(settings, name) for name in settings.destinations}


def _channels(settings: Settings, name: str) -> Channels:
    away = unmounted(settings.state, "outbox", settings.outbox)
    keep_mb = settings.limits.free_mb
    shelf = Shelf(settings.state / "phone")
    ways: dict[str, Member] = {
        "page": Page(Phones(settings.state)),
        "intent": OnPhone(name, "intent", settings.phone, shelf),
        "status": OnPhone(name, "status", settings.phone, shelf),
        "folder": Folder(name, settings.outbox / name, None if keep_mb is None else keep_mb * MEGA, away),
    }
    chosen = settings.destinations[name].channels
    retired = tuple(way for kind, way in ways.items() if kind not in chosen)
    return Channels(name, tuple(ways[kind] for kind in chosen), retired)
