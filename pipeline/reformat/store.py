"""Renditions on disk, named by what they were made of, so that nothing is ever encoded twice."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.model import Rendition
from pipeline.tools.files import sha256_of, whole_file, write_whole
from pipeline.tools.plain import from_json, to_json

FACTS_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What lies beside the file: an unchanged time tells, without reading it, that the file is too."""

    rendition: Rendition
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of entries: KEY.mp4 or KEY.jpg, and KEY.json, which is written last."""

    folder: Path

    @contextmanager
    def new_file(self, key: str, suffix: str) -> Iterator[Path]:
        """A path to write the entry's file to; it gets its name when the block succeeds."""
        with whole_file(self.folder / f"{key}{suffix}") as temporary:
            yield temporary

    def keep(self, key: str, rendition: Rendition) -> None:
        """Remember the facts of a file that lies in its place."""
        entry = _Entry(
            dataclasses.replace(rendition, path=Path(rendition.path.name)),
            rendition.path.stat().st_mtime_ns,
        )
        write_whole(self.folder / f"{key}{FACTS_SUFFIX}", to_json(entry).encode())

    def beside(self, key: str, suffix: str) -> Path:
        """Where something made of the entry's file may lie; it goes when the entry does."""
        return self.folder / f"{key}{suffix}"

    def find(self, key: str) -> Rendition | None:
        """The rendition under this key; None when there is none, or it was damaged or changed."""
        try:
            text = (self.folder / f"{key}{FACTS_SUFFIX}").read_text(encoding="utf-8")
            entry = from_json(_Entry, text)
            rendition = dataclasses.replace(entry.rendition, path=self.folder / entry.rendition.path.name)
            found = rendition.path.stat()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if found.st_size != rendition.bytes:
            return None
        untouched = found.st_mtime_ns == entry.mtime_ns
        return rendition if untouched or self.rehash(rendition) else None

    def rehash(self, rendition: Rendition) -> bool:
        """Whether the file still has the content it was verified with."""
        try:
            return sha256_of(rendition.path) == rendition.sha256
        except OSError:
            return False

    def made_before(self, moment: datetime) -> set[str]:
        """The keys of all entries that were made before an aware moment."""
        if not self.folder.is_dir():
            return set()
        with os.scandir(self.folder) as files:
            old = (file.name for file in files if file.stat().st_mtime < moment.timestamp())
            return {stem for name in old if _is_key(stem := name.partition(".")[0])}

    def sizes(self) -> dict[str, int]:
        """How many bytes every entry takes, those that were made first in front."""
        if not self.folder.is_dir():
            return {}
        made: dict[str, float] = {}
        taken: dict[str, int] = {}
        with os.scandir(self.folder) as files:
            for file in files:
                stem, found = file.name.partition(".")[0], file.stat()
                if _is_key(stem):
                    made[stem] = min(found.st_mtime, made.get(stem, found.st_mtime))
                    taken[stem] = taken.get(stem, 0) + found.st_size
        return {key: taken[key] for key in sorted(made, key=lambda key: (made[key], key))}

    def remove(self, keys: Collection[str]) -> None:
        """Remove these entries; one look at the folder does for all of them."""
        if not keys:
            return
        with os.scandir(self.folder) as files:
            ours = [Path(file.path) for file in files if file.name.partition(".")[0] in keys]
        for file in ours:
            file.unlink(missing_ok=True)


def _is_key(stem: str) -> bool:
    return len(stem) == 64 and all(digit in "0123456789abcdef" for digit in stem)  # noqa: PLR2004 - SHA-256
