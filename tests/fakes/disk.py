"""Disks under worlds: the usual one, and one of which a copy is all that is left when the power goes.

The second is an ext4 file system in a file of its own. What a program wrote and the kernel still kept in
memory isn't in that file yet: a copy of it is what a power cut would leave.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SIZE_MB = 48
WEAKER = ("files that are never synced", "synchronous=NORMAL", "synchronous=OFF")


@dataclass(frozen=True, slots=True)
class Disk:
    """One that loses nothing, wherever worlds are."""

    mounted: Path | None = None

    def settle(self) -> None:
        """All that was written reaches the disk."""

    def cut(self) -> None:
        """The power goes, and comes back."""


@dataclass(frozen=True, slots=True)
class LoopDisk(Disk):
    """An ext4 file system in `image`, mounted at `mounted`."""

    image: Path = Path()

    def settle(self) -> None:
        assert self.mounted
        _root("sync", "-f", self.mounted)

    def cut(self) -> None:
        assert self.mounted
        left = self.image.with_suffix(".left")
        shutil.copyfile(self.image, left)
        _root("umount", "-l", self.mounted)
        left.replace(self.image)
        _root("mount", "-o", "loop", self.image, self.mounted)


@contextmanager
def loop_disk(folder: Path) -> Iterator[LoopDisk]:
    """As long as the block lasts.

    Raises PermissionError where nothing may be mounted, FileNotFoundError without mkfs.ext4.
    """
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir()
    with image.open("wb") as empty:
        empty.truncate(SIZE_MB * 1024 * 1024)
    try:
        _root("mkfs.ext4", "-q", "-F", image)
        _root("mount", "-o", "loop", image, mounted)
    except subprocess.CalledProcessError as refused:
        raise PermissionError(f"no file system can be mounted here: {refused}") from refused
    try:
        yield LoopDisk(mounted, image)
    finally:
        _root("umount", "-l", mounted)


def _root(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def weaken(how: str) -> None:
    """Wrong: this process no longer minds whether what it wrote has reached the disk."""
    if how == "files that are never synced":
        for name in ("fsync", "fdatasync"):
            vars(os)[name] = lambda _: None
        return
    connect, level = sqlite3.connect, how.partition("=")[2]

    class Weaker(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if statement.startswith("PRAGMA synchronous"):
                return sqlite3.Connection.execute(self, f"PRAGMA synchronous = {level}")
            return sqlite3.Connection.execute(self, statement, *values)

    def weaker(*arguments: Any, **options: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*arguments, **{"factory": Weaker, **options})
        return db

    vars(sqlite3)["connect"] = weaker
