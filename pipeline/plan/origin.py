"""Where an asset comes from, by its place alone: what was pulled lies in a folder for each source."""

from __future__ import annotations

from pathlib import Path

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
