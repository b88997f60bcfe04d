"""The folders elsewhere that files are fetched from: can they be reached, with what is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.config.folder_address import shown
from pipeline.errors import StoryrelayError
from pipeline.report.health.check import Check, guarded
from pipeline.report.words import count

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.config.sources import SourceSettings

CONNECT_S, ANSWER_S = 5.0, 10.0
"""Whoever asks sits there and waits."""


def folder_checks(settings: Settings) -> Iterator[Check]:
    """One check of each; its server is asked for what lies in the folder itself."""
    for name, chosen in settings.sources.items():
        if chosen.enabled and chosen.folder is not None:
            yield guarded(f"source {name}", lambda name=name, chosen=chosen: _folder(name, chosen))  # type: ignore[misc]


def _folder(name: str, chosen: SourceSettings) -> Check:
    from pipeline.sources.elsewhere import Conditions, Elsewhere  # fsspec, where there is such a source

    source = Elsewhere(name, chosen, Conditions(0, connect_s=CONNECT_S, answer_s=ANSWER_S))
    try:
        found = source.looked_at()
    except StoryrelayError as away:
        problem, _, following = str(away).partition(". Next: ")
        return Check(f"source {name}", "warn", problem, following or f"storyrelay pull {name}")
    finally:
        source.close()
    return Check(
        f"source {name}", "ok", f"{shown(chosen)}, {count(found, 'file or folder', 'files and folders')}"
    )
