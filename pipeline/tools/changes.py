"""Waiting until something changes below a folder, by watchfiles; also where a network disk tells nobody."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.errors import EnvironmentFault
from pipeline.tools.clock import monotonic_s, pause

INSTALL = f'{shlex.quote(sys.executable)} -m pip install "watchfiles>=1.1,<2"'
LOOK_EVERY_MS = 200
POLL_EVERY_MS = 2_000
"""Where changes are found by looking, a tree is looked through so often."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """A stop in the form that watchfiles asks."""

    stop: Callable[[], bool]

    def is_set(self) -> bool:
        return self.stop()


@dataclass(slots=True)
class Changes:
    """What goes on below a folder from now on, also between two waits."""

    folder: Path
    stop: Callable[[], bool]
    poll: bool = False
    _told: Iterator[set[Any]] | None = field(default=None, init=False)

    def begin(self) -> None:
        """Look from now on; what the folder was meanwhile, or whether it was there, is forgotten."""
        self._told = self._begun()

    def wait(self, seconds: float) -> bool:
        """Whether something changed within so many seconds; a stop ends it, too."""
        until_s = monotonic_s() + seconds
        while not self.stop() and monotonic_s() < until_s:
            told = self._told
            found = None if told is None else next(told, None)
            if found:
                return True
            if found is None:  # the folder is away: a run tells so, and later it may be there
                pause(min(LOOK_EVERY_MS / 1000, max(0.0, until_s - monotonic_s())))
        return False

    def _begun(self) -> Iterator[set[Any]] | None:
        watch = _watch()
        told: Iterator[set[Any]] = watch(
            self.folder,
            watch_filter=None,
            stop_event=_Ended(self.stop),
            rust_timeout=LOOK_EVERY_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=self.poll or None,
            poll_delay_ms=POLL_EVERY_MS,
        )
        with suppress(OSError, RuntimeError):
            next(told, None)  # only now it looks
            return told
        return None


def _watch() -> Any:
    if find_spec("watchfiles") is None:
        raise EnvironmentFault(f"`watch` needs watchfiles. Next: {INSTALL}")
    from watchfiles import watch

    return watch
