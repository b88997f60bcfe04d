"""A whole folder as one value, to compare before and after."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def tree_of(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file and folder below `folder` with its content and times."""
    found: dict[str, tuple[object, ...]] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        stat = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        name = os.fsencode(path.relative_to(folder)).decode(errors="backslashreplace")
        found[name] = (stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, content)
    return found
