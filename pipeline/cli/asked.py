"""What a command was asked, and how it was called; without click, which takes as long as all the rest."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.report.next_step import Program
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options that every command takes; those of a command are fields of its subclass."""

    config_file: Path | None
    assignments: tuple[str, ...]

    def settings(self, *extra: str) -> Settings:
        """The settings that count for this command, with `extra` assignments below the person's own."""
        from pipeline.config import load_settings  # the schema takes 0.1 s to import

        try:
            return load_settings(self.config_file, (*extra, *self.assignments))
        except ConfigError as invalid:
            if not any("storyrelay " in problem for problem in invalid.problems):
                invalid.add_note(
                    f"nothing was done. Next: correct it, then: {self.program.call('config check')}"
                )
            raise

    def known_settings(self) -> Settings:
        """The same as the last run had them, if nothing has changed: for commands that look or answer."""
        from pipeline.config.kept import known_settings  # pickle

        known = None if self.assignments else known_settings(self.config_file)
        return known or self.settings()

    def settings_or_default(self, *extra: str) -> Settings:
        """The same, or the defaults where there is no config file at all."""
        from pipeline.config.place import find_config, here

        nowhere = self.config_file is None and find_config(here()) is None
        return self.settings(*(("inbox=.",) if nowhere else ()), *extra)

    @property
    def program(self) -> Program:
        """How this command was called, for the next one."""
        chosen = () if self.config_file is None else ("-c", str(self.config_file))
        assigned = (word for assignment in self.assignments for word in ("--set", assignment))
        return Program(called_as(), (*chosen, *assigned))


def called_as() -> str:
    """The program as the person can call it again from here."""
    started = sys.argv[0] if sys.argv else ""
    if Path(started).name != "storyrelay" or _on_the_path("storyrelay") == os.path.abspath(started):  # noqa: PTH100 - must not follow links
        return "storyrelay"
    return os.path.relpath(started) if Path(started).is_relative_to(Path.cwd()) else started


def _on_the_path(name: str) -> str | None:
    """As shutil.which, which comes with all compressors, 3 ms."""
    places = (os.path.join(folder, name) for folder in os.get_exec_path())  # noqa: PTH118 - must stay as written
    return next((place for place in places if os.path.isfile(place) and os.access(place, os.X_OK)), None)  # noqa: PTH113 - quicker
