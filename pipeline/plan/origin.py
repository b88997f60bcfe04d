"""Where an asset comes from, by its place alone: what was pulled lies in a folder for each source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.model import Asset, KeptFrom

if TYPE_CHECKING:
    from pipeline.plan.terms import PlanSettings

INSTAGRAM = "instagram_story"

PULLED = "pulled"
"""In a state folder."""


def pulled_folder(state: Path, source: str) -> Path:
    """Where what comes from a source lies."""
    return state / PULLED / source


def source_of(path: Path, state: Path) -> str | None:
    """The name of the source that a file was pulled from; None for every other file."""
    pulled = state / PULLED
    if not path.is_relative_to(pulled):
        return None
    below = path.relative_to(pulled).parts
    return below[0] if len(below) > 1 else None


def lane_of_source(source: str) -> str:
    """What a source is called where destinations have their names: none of those has a space."""
    return f"source {source}"


class WithAccount(Protocol):
    @property
    def account(self) -> str | None: ...


def lanes_of_source(
    source: str, account: str | None, destinations: Mapping[str, WithAccount]
) -> tuple[str, ...]:
    """What may hold a source back: its own lane, then those of the destinations of the same account."""
    shared = (name for name, one in destinations.items() if account is not None and one.account == account)
    return (lane_of_source(source), *shared)


def kept_from(asset: Asset, settings: PlanSettings) -> tuple[KeptFrom, ...]:
    """The enabled destinations that an asset goes to under no circumstances: the network it comes from.

    However it would get there, by a person or by an account: a story would be on one network twice.
    """
    source = source_of(asset.path, settings.state)
    if source is None:
        return ()
    chosen = settings.sources.get(source)
    reason = f"it comes from Instagram itself (source {source})"
    if chosen is None:
        reason = f"it may come from Instagram (source {source}, which isn't in the config any more)"
    elif chosen.instagram is None:
        return ()
    there = settings.destinations.items()
    return tuple(KeptFrom(name, reason) for name, one in there if one.enabled and one.platform == INSTAGRAM)
