"""One look at a folder that tells whether it is still as it was when all in it was known."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from pipeline.load.names import LEFT_OUT_FOLDERS, LIVE_PHOTO_SUFFIXES, MEDIA_SUFFIXES, SIDECAR_SUFFIXES

RULES = b"1"
"""Changes with what a scan makes of names: what was known by other rules is looked at anew."""

AHEAD = 256
WORTH_THREADS = 8

_OF_FILE = struct.Struct("<qqqQ")
_KINDS = (MEDIA_SUFFIXES, SIDECAR_SUFFIXES, LIVE_PHOTO_SUFFIXES, LEFT_OUT_FOLDERS)
_BY = blake2b(RULES + repr([sorted(kind) for kind in _KINDS]).encode(), digest_size=16).digest()
_LONGEST_PATH = os.pathconf("/", "PC_PATH_MAX")
_LONGEST_NAME = 256


class Mark(NamedTuple):
    """A folder as it was: a digest of names, sizes, times and inodes, and what a scan counted in it."""

    digest: bytes
    seen: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look gave; no digest where something in the folder needs a closer one."""

    digest: bytes | None
    folders: tuple[bytes, ...] = ()
    place: tuple[int, int] | None = None
    """Device and inode; None when it can't be entered."""


class Glances:
    """Glances at folders, some ahead of time: two threads share the time that the kernel takes."""

    def __init__(self) -> None:
        self._ahead: dict[bytes, Glance] = {}

    def of(self, folder: bytes, waiting: Sequence[bytes]) -> Glance:
        """A glance at a folder, while those `waiting` come next, the last one first."""
        if folder not in self._ahead and len(waiting) >= WORTH_THREADS:
            coming = [other for other in waiting[-AHEAD:] if other not in self._ahead]
            with ThreadPoolExecutor(2) as pool:
                coming.append(folder)
                self._ahead.update(zip(coming, pool.map(glance, coming), strict=True))
        return self._ahead.pop(folder, None) or glance(folder)


def glance(folder: bytes) -> Glance:
    """Look at everything in a folder once: 2.5 µs a file, of which the kernel takes 1.5."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return Glance(None)
    try:
        status = os.fstat(descriptor)
        digest, folders = _digest(descriptor)
    except OSError:
        return Glance(None)
    finally:
        os.close(descriptor)
    if len(folder) + _LONGEST_NAME > _LONGEST_PATH:  # a file in it may have a path that can't be opened
        return Glance(None)
    start = folder.rstrip(b"/") + b"/"
    return Glance(
        digest, tuple(start + os.fsencode(name) for name in folders), (status.st_dev, status.st_ino)
    )


def _digest(descriptor: int) -> tuple[bytes, list[str]]:
    names = [name for name in os.listdir(descriptor) if name[0] != "." and name[-1] != "~"]
    folders: list[str] = []
    told = [_BY]
    look, is_folder, pack, tell = os.stat, stat.S_ISDIR, _OF_FILE.pack, told.append
    for name in names:
        file = look(name, dir_fd=descriptor)
        if is_folder(file.st_mode):
            folders.append(name)
            tell(b"/")
        else:
            tell(pack(file.st_size, file.st_mtime_ns, file.st_ctime_ns, file.st_ino))
    told += _encoded(names)
    return blake2b(b"".join(told), digest_size=16).digest(), folders


def _encoded(names: Iterable[str]) -> Iterable[bytes]:
    yield "/".join(names).encode("utf-8", "surrogateescape")
