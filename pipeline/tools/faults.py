"""Which failures are the device's and pass by themselves, and which are the file's own."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.tools.filesystem import network_filesystem

DEVICE = frozenset({
    errno.EIO, errno.ENOMEM, errno.EAGAIN, errno.EBUSY, errno.EMFILE, errno.ENFILE, errno.ENOLCK, errno.EINTR,
    errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.EREMOTEIO, errno.ETIMEDOUT, errno.ECONNABORTED,
    errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN,
    errno.ENETUNREACH, errno.ENOTCONN, errno.ESHUTDOWN, errno.EPIPE, errno.EKEYEXPIRED, errno.ENOKEY,
    errno.ENOSPC, errno.EDQUOT, errno.EROFS,
})  # fmt: skip
DENIED = frozenset({errno.EACCES, errno.EPERM})
"""Of a network disk that is coming up again; on a local one, rights that somebody has to change."""


def may_pass(failure: BaseException) -> bool:
    """Whether a disk or a network is behind it, so that the same file may be read well later."""
    return any(_is_devices(fault) for fault in _system_faults(failure))


def passes(failure: BaseException) -> bool:
    """The same of what failed twice in a row: a demuxer says EIO of damaged files too."""
    return any(_is_devices(fault) for fault in _system_faults(failure) if not _is_demuxers(fault))


def _system_faults(failure: BaseException | None) -> Iterator[OSError]:
    """What a failure was raised from; one may be raised from itself."""
    seen: list[BaseException] = []
    while failure is not None and failure not in seen:
        seen.append(failure)
        if isinstance(failure, OSError):
            yield failure
        failure = failure.__cause__


def _is_devices(fault: OSError) -> bool:
    if fault.errno in DEVICE:
        return True
    where = fault.filename
    return fault.errno in DENIED and bool(where) and network_filesystem(Path(os.fsdecode(where))) is not None


def _is_demuxers(fault: OSError) -> bool:
    return type(fault).__module__.partition(".")[0] == "av"
