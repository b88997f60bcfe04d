"""A folder of this computer that somebody syncs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes.far_folders.folder import FarFolder


def laid(folder: Path, path: str, content: bytes) -> None:
    """A file in a folder, dated long ago."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@contextmanager
def local(root: Path) -> Iterator[FarFolder]:
    folder = root / "synced"
    folder.mkdir()
    yield FarFolder(
        str(folder),
        {},
        write=lambda path, content: laid(folder, path, content),
        remove=lambda path: (folder / path).unlink(),
    )
