"""Whether a file is whole, or somebody is still writing it."""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from pipeline.errors import NotReadyError
from pipeline.tools import clock


def check_settled(path: Path, settle_seconds: float) -> bool:
    """Whether it's certain that nobody writes the file; False where its age alone speaks for it.

    Raises NotReadyError while somebody writes it, OSError when it can't be opened.

    The kernel knows who has a file open for writing, as long as it lies on a local disk and is ours.
    Elsewhere a file must have been left alone for `settle_seconds`.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        told = _being_written(fd)
        written = is_young(os.fstat(fd), settle_seconds) if told is None else told
    finally:
        os.close(fd)
    if written:
        raise NotReadyError(f"{path.name} is still being written: the next run takes it")
    return told is not None


def is_young(status: os.stat_result, seconds: float) -> bool:
    """Whether a file was written less than so many seconds ago; a clock that is ahead is allowed for."""
    return abs(clock.now().timestamp() - status.st_mtime) < seconds


def _being_written(fd: int) -> bool | None:
    """Whether any process has the file open for writing; None where the kernel doesn't tell.

    A read lease is granted only while nobody writes. It is given back at once; a writer who comes in
    between would make the kernel send SIGIO, which ends a process, so SIGURG, which doesn't, is asked for.
    """
    try:
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except (OSError, AttributeError):
        return None
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
