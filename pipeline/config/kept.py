"""Settings as a run has read them, for commands that only look or answer: the schema takes 0.15 s to load.

Whatever may have changed since makes them worthless, and they are read anew.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline.config.place import find_config, here
from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError
from pipeline.tools import standstill
from pipeline.tools.files import write_hint

if TYPE_CHECKING:
    from pipeline.config.schedule import Schedule
    from pipeline.config.settings import Settings
    from pipeline.model import Styling

FILE = "seen/settings"
"""In a state folder."""
UNREADABLE = (OSError, ValueError, EOFError, TypeError, AttributeError, ImportError, pickle.PickleError)
"""What comes of unpickling what was cut short, or written by another version."""


class Kept:
    """A group of keys: the same names and values as in the schema."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


class KeptSettings(Kept):
    """All of them, with what is worked out of them."""

    looks: Any
    accounts: Mapping[str, Any]
    destinations: Mapping[str, Any]
    schedule: Schedule
    schedules: Mapping[str, Schedule]
    zone: tzinfo

    def styling(self, name: str) -> Styling:
        """As in Settings."""
        from pipeline.config.looks import styling  # files of their own, for decorated stories only

        return styling(name, self.looks)

    def shows_photos(self, name: str) -> bool:
        """As in Settings."""
        from pipeline.config.showing_photos import shows_photos  # for plans only

        return shows_photos(name, self.destinations, self.accounts)

    def schedule_of(self, name: str) -> Schedule:
        """As in Settings."""
        return self.schedules.get(name, self.schedule)

    def timezone(self) -> tzinfo:
        """As in Settings."""
        return self.zone


def keep(settings: Settings) -> None:
    """For the holder of the lock. Settings with a secret in them are kept nowhere else than they were."""
    from pipeline.config.keeping import pickled  # with the schema

    if settings.file is None:
        return
    with suppress(OSError):
        changed_s, seen = standstill.look(_places(settings.file))
        told = pickled(settings) if changed_s < standstill.STARTED_S else None
        if told is not None:
            mark = pickle.dumps((standstill.program(), seen))
            write_hint(settings.state / FILE, mark + told)


def known_settings(file: Path | None) -> Settings | None:
    """What a run has read from `file`, or from the config that is found; None where that may have changed."""
    try:
        place = here()
        found = place.cwd / file if file else find_config(place)
        if found is None:
            return None
        with open(os.path.join(standstill.state_of(str(found)), FILE), "rb") as kept:  # noqa: PTH118, PTH123
            if pickle.load(kept) == (standstill.program(), standstill.look(_places(found))[1]):  # noqa: S301 - a file of our own
                return cast("Settings", pickle.load(kept))  # noqa: S301
    except (*UNREADABLE, ConfigError):
        return None
    return None


def _places(file: Path) -> list[standstill.Place]:
    return [(os.fsencode(path), ()) for path in (file, shipped("platforms"), Path("/etc/localtime"))]
