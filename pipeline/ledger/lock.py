"""One writer at a time: a kernel lock, freed by the kernel whatever happens to the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import EnvironmentFault, LockedError


@contextmanager
def exclusive(state: Path) -> Iterator[None]:
    """Hold the state folder's lock, or raise LockedError at once; EnvironmentFault when it can't be had."""
    fd = _opened(state)
    try:
        _take(fd, state)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(fd)


def _opened(state: Path) -> int:
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        message = (
            f"the state folder {state} can't be used: {fault.strerror}. Next: check `state` and its rights"
        )
        raise EnvironmentFault(message) from fault


def _take(fd: int, state: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(fd, 32, 0).decode(errors="replace").strip() or "unknown"
        message = (
            f"another run holds the lock of {state} (process {holder}); nothing was done. "
            "Next: wait for it to end"
        )
        raise LockedError(message) from None
