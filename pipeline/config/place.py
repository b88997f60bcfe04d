"""Where the program was started, and where its config file is looked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.values import dataclass

VARIABLE = "STORYRELAY_CONFIG"


@dataclass(frozen=True, slots=True)
class Place:
    """What a start depends on: environment, working folder, home (None: cron may not say), /etc."""

    environment: Mapping[str, str]
    cwd: Path
    home: Path | None
    system: Path = Path("/etc")


def here() -> Place:
    """The place of this process."""
    home = os.environ.get("HOME")
    try:
        cwd = Path.cwd()
    except FileNotFoundError:
        raise ConfigError("the folder you are in was deleted; change to another: cd") from None
    return Place(dict(os.environ), cwd, Path(home) if home else None)


def find_config(place: Place) -> Path | None:
    """The first config file there is. Raises ConfigError when the variable names one that isn't there."""
    if named := place.environment.get(VARIABLE):
        file = place.cwd / named
        if not file.exists():
            problem = f"${VARIABLE} is {named}, but there is no such file"
            raise ConfigError(f"{problem}; correct it, or write one: storyrelay init")
        return file
    return next(filter(_is_file, candidates(place)), None)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a folder that may not be entered
        return False


def candidates(place: Place) -> Iterator[Path]:
    """Every path that is looked at, in order."""
    yield place.cwd / "config" / "storyrelay.yaml"
    if place.home:
        yield place.home / ".config" / "storyrelay" / "storyrelay.yaml"
    yield place.system / "storyrelay" / "storyrelay.yaml"


def nothing_found(place: Place) -> ConfigError:
    """Says where was looked, and what to do."""
    looked = ", ".join(map(str, candidates(place)))
    return ConfigError(
        f"no config file: ${VARIABLE} isn't set, and there is no {looked}; "
        "write one with: storyrelay init, or name one with: -c FILE"
    )
