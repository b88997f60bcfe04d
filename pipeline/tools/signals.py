"""A polite stop: the first SIGINT or SIGTERM is remembered and obeyed between two acts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pipeline.errors import Interrupted


class StopSignal:
    """Whether a stop was asked for, and by which signal."""

    def __init__(self) -> None:
        self.signum: int | None = None

    def requested(self) -> bool:
        """Whether to stop."""
        return self.signum is not None

    def check(self) -> None:
        """Raise Interrupted when a stop was asked for: call it where stopping loses nothing."""
        if self.signum is not None:
            raise Interrupted(self.signum)


@contextmanager
def watched() -> Iterator[StopSignal]:
    """Watch for signals; a second one of the same kind acts as if nobody watched.

    A signal that was ignored from the start stays so: `nohup`, or a script that put us in the background.
    """
    stop = StopSignal()

    def remember(signum: int, _frame: FrameType | None) -> None:
        stop.signum = signum
        signal.signal(signum, before[signal.Signals(signum)])

    handlers = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM)}
    before = {signum: handler for signum, handler in handlers.items() if handler is not signal.SIG_IGN}
    for signum in before:
        signal.signal(signum, remember)
    try:
        yield stop
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
