"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from pipeline.tools.clock import fresh_name

TEMPORARY_PREFIX = ".storyrelay-"


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A temporary path beside `target`; when the block succeeds it is synced and renamed onto it.

    The temporary name is hidden and keeps the suffix, so that encoders know their format.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f"{TEMPORARY_PREFIX}{fresh_name()}{target.suffix}"
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes) -> None:
    """Write `content` to `target`, whole or not at all."""
    with whole_file(target) as temporary:
        temporary.write_bytes(content)


def write_hint(target: Path, content: bytes) -> None:
    """Write what only saves time: in its place, unsynced, and if it can't be written, not at all."""
    with suppress(OSError):
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files and folders that a killed run left anywhere below `folder`."""
    import shutil  # with all compressors, 2 ms

    for leftover in list(folder.rglob(f"{TEMPORARY_PREFIX}*")):
        with suppress(OSError):  # somebody else's, or on a disk that refuses: it harms nobody
            if leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover)
            else:
                leftover.unlink(missing_ok=True)


def opened_file(path: Path) -> BufferedReader:
    """A file to read from. Raises OSError, also for what is none: a pipe would be waited for without end."""
    return open(path, "rb", opener=_only_a_file)


def _only_a_file(path: str, flags: int) -> int:
    fd = os.open(path, flags | os.O_NONBLOCK)
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # a folder is refused by `open` itself
        return fd
    os.close(fd)
    raise OSError(errno.EINVAL, "it's no file, but a pipe or a device")


def sha256_of(path: Path) -> str:
    """The hex SHA-256 of a whole file. Raises OSError."""
    import hashlib  # with OpenSSL, 2 ms

    with opened_file(path) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
