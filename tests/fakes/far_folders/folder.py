"""A folder elsewhere as a test sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes.far_folders.wire import Wire

from pipeline.config import Place, load_settings
from pipeline.config.sources import SourceSettings
from pipeline.sources.elsewhere import Conditions, Elsewhere

PASSWORD = "ses:ame/50%"  # noqa: S105 - of servers in tests
NAME = "nas"


@dataclass(slots=True)
class FarFolder:
    """Where it is, for the config, and how a file gets there; `wire` leads to its server, if it has one."""

    url: str
    options: Mapping[str, Any]
    write: Callable[[str, bytes], None]
    remove: Callable[[str], None]
    wrong: Mapping[str, Any] = field(default_factory=dict)
    """Options with which nobody is let in."""
    wire: Wire | None = None
    renamed: dict[str, str] = field(default_factory=dict)
    """Names that its server tells instead, where it can."""
    opened: list[Elsewhere] = field(default_factory=list)

    def config(self, **options: Any) -> str:
        """As `--set` takes it; JSON is YAML, too."""
        import json

        section = {"folder": self.url, "options": {**self.options, **options}}
        return f"sources={json.dumps({NAME: section})}"

    def section(self, root: Path, **options: Any) -> SourceSettings:
        """The same as a part of settings."""
        assignments = ("inbox=inbox", self.config(**options))
        return load_settings(None, assignments, Place({}, root, None)).sources[NAME]

    def source(self, root: Path, conditions: Conditions | None = None, **options: Any) -> Elsewhere:
        """As runs use it, with little patience."""
        usual = Conditions(settle_seconds=0, connect_s=5, answer_s=5)
        self.opened.append(Elsewhere(NAME, self.section(root, **options), conditions or usual))
        return self.opened[-1]

    def close(self) -> None:
        """Leave the server, as runs do."""
        for source in self.opened:
            source.close()
