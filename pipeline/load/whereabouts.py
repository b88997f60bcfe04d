"""On which mounted disk the inbox was last seen: an empty mount point isn't an empty inbox."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pipeline.tools.files import write_whole

FOLDER = "seen"
APART = b"\0"


def remember(state: Path, inbox: Path) -> None:
    """Remember where the inbox is mounted now that files were seen in it; written only when that changes."""
    seen = os.fsencode(inbox) + APART + os.fsencode(_mount_of(inbox))
    with suppress(OSError):  # what can't be remembered is a warning less, and nothing else
        if _read(state) != seen:
            write_whole(state / FOLDER / "inbox", seen)


def unmounted(state: Path, inbox: Path) -> Path | None:
    """Where the inbox was mounted when files were last seen in it, if nothing is mounted there now."""
    path, _, mount = (_read(state) or b"").partition(APART)
    where = Path(os.fsdecode(mount))
    gone = bool(mount) and path == os.fsencode(inbox) and not os.path.ismount(where)
    return where if gone else None


def _read(state: Path) -> bytes | None:
    try:
        return (state / FOLDER / "inbox").read_bytes()
    except OSError:
        return None


def _mount_of(folder: Path) -> Path:
    there = folder.resolve()
    return next(place for place in (there, *there.parents) if os.path.ismount(place))
