"""Where looks lie: those that come with the program, and a person's own, which come first."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.nearest import did_you_mean
from pipeline.config.shipped import shipped

SUFFIX = ".yaml"


def look_names(own: Path | None) -> list[str]:
    """The names of all looks, one's own among them."""
    return sorted({file.stem for folder in _folders(own) for file in folder.glob(f"*{SUFFIX}")})


def look_file(name: str, own: Path | None) -> Path | None:
    """The file that a look is written in; one's own comes before a shipped one of the same name."""
    found = (folder / f"{name}{SUFFIX}" for folder in _folders(own))
    return next((file for file in found if file.is_file()), None)


def unknown_look(name: str, own: Path | None) -> str:
    """What is wrong with a name that no look has."""
    return f"'{name}' is no look; {did_you_mean(name, look_names(own))}"


def _folders(own: Path | None) -> list[Path]:
    return [*([own] if own and own.is_dir() else []), shipped("looks")]
