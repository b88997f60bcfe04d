"""What tells whether a file or its sidecars changed since they were last seen, without reading them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable

Fingerprint = bytes
"""Size, times and inode of the file, then name, size and time of each sidecar; only ever compared."""

_OF_FILE = struct.Struct("<qqqQ")
_OF_SIDECAR = struct.Struct("<qq")


def fingerprint(file: os.stat_result, sidecars: Iterable[tuple[bytes, os.stat_result]] = ()) -> Fingerprint:
    """Of a file and its sidecars, each with its name."""
    packed = _OF_FILE.pack(file.st_size, file.st_mtime_ns, file.st_ctime_ns, file.st_ino)
    for name, beside in sidecars:
        packed += name + b"/" + _OF_SIDECAR.pack(beside.st_size, beside.st_mtime_ns)
    return packed


def fingerprint_now(path: bytes, sidecars: Iterable[bytes] = ()) -> Fingerprint:
    """Of files as they are at this moment. Raises OSError when one is gone."""
    beside = [(sidecar.rpartition(b"/")[2], os.stat(sidecar)) for sidecar in sidecars]  # noqa: PTH116 - bytes
    return fingerprint(os.stat(path), beside)  # noqa: PTH116 - bytes
