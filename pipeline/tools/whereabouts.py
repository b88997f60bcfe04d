"""On which mounted disk a folder was last seen in use: an empty mount point isn't an empty folder."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pipeline.tools.files import write_whole

FOLDER = "seen"
APART = b"\0"


def remember(state: Path, name: str, folder: Path) -> None:
    """Remember where it is mounted now; written only when that changes."""
    seen = os.fsencode(folder) + APART + os.fsencode(_mount_of(folder))
    with suppress(OSError):  # what can't be remembered is a warning less, and nothing else
        if _read(state, name) != seen:
            write_whole(state / FOLDER / name, seen)


def unmounted(state: Path, name: str, folder: Path) -> Path | None:
    """Where it was mounted when it was last in use, if nothing is mounted there now."""
    path, _, mount = (_read(state, name) or b"").partition(APART)
    where = Path(os.fsdecode(mount))
    gone = bool(mount) and path == os.fsencode(folder) and not os.path.ismount(where)
    return where if gone else None


def _read(state: Path, name: str) -> bytes | None:
    try:
        return (state / FOLDER / name).read_bytes()
    except OSError:
        return None


def _mount_of(folder: Path) -> Path:
    there = folder.resolve()
    return next(place for place in (there, *there.parents) if os.path.ismount(place))
