"""The files that come with the program, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import EnvironmentFault

PACKAGE = Path(__file__).resolve().parent.parent
HOMES = (PACKAGE / "_config", PACKAGE.parent / "config")  # a wheel's, then a checkout's


def shipped(name: str) -> Path:
    """The path of a shipped file or folder, such as `platforms` or `storyrelay.yaml`.

    Raises EnvironmentFault when the installation is incomplete.
    """
    for home in HOMES:
        if (home / name).exists():
            return home / name
    raise EnvironmentFault(f"{HOMES[0] / name} is missing: install storyrelay again")


def known_platforms() -> list[str]:
    """The names that a destination's `platform` may have."""
    return sorted(file.stem for file in shipped("platforms").glob("*.yaml"))
