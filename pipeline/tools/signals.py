"""A polite stop: the first SIGINT or SIGTERM is remembered and obeyed between two acts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from pipeline.errors import Interrupted
from pipeline.values import dataclass


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
    Who watched before is told, too.
    """
    stop = StopSignal()
    handlers = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM)}
    before = {signum: handler for signum, handler in handlers.items() if handler is not signal.SIG_IGN}
    for signum, handler in before.items():
        signal.signal(signum, _Watching(stop, handler))
    try:
        yield stop
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@dataclass(frozen=True, slots=True)
class _Watching:
    """What is done at the first signal."""

    stop: StopSignal
    before: Any

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        self.stop.signum = signum
        signal.signal(signum, self.before)
        if isinstance(self.before, _Watching):
            self.before(signum, frame)
