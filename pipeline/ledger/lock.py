"""One writer at a time: a kernel lock, freed by the kernel whatever happens to the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import EnvironmentFault, LockedError
from pipeline.tools.clock import monotonic_s, pause

BRIEF = " answering"
PATIENCE_S = 3.0
LOOK_AGAIN_S = 0.01
NAMELESS_S = 0.2
"""So long a holder may take to write down who it is; the file is empty before and after."""


@contextmanager
def exclusive(state: Path, *, brief: bool = False) -> Iterator[None]:
    """Hold the state folder's lock, or raise LockedError at once; EnvironmentFault when it can't be had.

    Only a `brief` holder, who writes down what a person said, is waited for: a tap on the page mustn't cost
    a run that cron starts at that moment its turn.
    """
    fd = _opened(state)
    try:
        _take(fd, state)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}{BRIEF if brief else ''}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(fd, 0)
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
    begun_s = monotonic_s()
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(fd, 32, 0).decode(errors="replace").strip()
            patience_s = PATIENCE_S if holder.endswith(BRIEF) else 0.0 if holder else NAMELESS_S
            if monotonic_s() - begun_s >= patience_s:
                raise LockedError(_locked(state, holder)) from None
            pause(LOOK_AGAIN_S)
        else:
            return


def _locked(state: Path, holder: str) -> str:
    number = holder.removesuffix(BRIEF) or "unknown"
    return (
        f"another run holds the lock of {state} (process {number}); nothing was done. "
        "Next: wait for it to end"
    )
