"""The line to a dask scheduler: orders go out as futures, and whoever waits learns when the line is dead."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import FarmAway, LockedError
from pipeline.execute.farm.share import INSTALL
from pipeline.execute.farm.work import work
from pipeline.tools.clock import monotonic_s, pause

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_S = 5
CLOSE_S = 3
POLL_S = 0.1
ARRIVAL_S = 30.0
LOOK_AGAIN_S = 1.0
NOBODY_S = 60.0
"""So long may the scheduler be silent, or without any worker, before nothing is expected of it any more."""
RETRIES = 2
"""How often dask tries elsewhere what raised: a full disk of one worker is no fault of the others."""
LEASE_SLACK_S = 15.0
"""What a lease of a coordinator that was killed takes to be noticed, beyond its own time."""


@dataclass(slots=True)
class Line:
    """A connection; `slots` are how many orders are worked on at once, as far as is known."""

    address: str
    client: Any
    executor: Executor
    alone: Any = None
    slots: int = 0
    heard_s: float = field(default_factory=monotonic_s)
    served_s: float = field(default_factory=monotonic_s)
    closing: threading.Event = field(default_factory=threading.Event)

    def submit(self, letter: str) -> Future[str]:
        """The answer to a letter, some time."""
        return self.executor.submit(work, letter)

    def trouble(self) -> str | None:
        """Why nothing is to be expected any more."""
        if self.client.status != "running":
            return f"the scheduler {self.address} was lost"
        if monotonic_s() - self.heard_s > NOBODY_S:
            return f"the scheduler {self.address} has been silent for {NOBODY_S:.0f} s"
        if monotonic_s() - self.served_s > NOBODY_S:
            return f"the scheduler {self.address} has had no worker for {NOBODY_S:.0f} s"
        return None

    def watch(self) -> None:
        """Count the slots again and again, until the line is closed."""
        while not self.closing.wait(LOOK_AGAIN_S):
            with suppress(Exception):  # what is lost shows by its status, or by the silence
                self.count()

    def count(self) -> None:
        """Count the slots now."""
        self.slots = sum(self.client.nthreads().values())
        self.heard_s = monotonic_s()
        if self.slots:
            self.served_s = self.heard_s

    def be_alone(self, ledger: str, stop: Callable[[], bool]) -> None:
        """Raise LockedError when another run of the same ledger, or a copy of it, is at this scheduler."""
        import dask
        from distributed import Lock

        lease_s = dask.utils.parse_timedelta(dask.config.get("distributed.scheduler.locks.lease-timeout"))
        until_s = monotonic_s() + lease_s + LEASE_SLACK_S
        lock = Lock(f"storyrelay-{ledger}", scheduler_rpc=self.client.scheduler, loop=self.client.loop)
        while not lock.acquire(timeout=LOOK_AGAIN_S):
            if stop() or monotonic_s() > until_s or self.client.status != "running":
                raise LockedError(
                    f"another run with this ledger, or a copy of it, is under way at {self.address}; nothing "
                    "was sent. Next: wait for it to end"
                )
        self.alone = lock

    def await_workers(self, stop: Callable[[], bool]) -> None:
        """Wait until there is one. Raises FarmAway when none comes."""
        until_s = monotonic_s() + ARRIVAL_S
        while not self.slots:
            if stop() or monotonic_s() > until_s or self.trouble():
                why = self.trouble() or f"the scheduler {self.address} has no worker"
                raise FarmAway(
                    f"{why}. Next: storyrelay worker {self.address}, on every computer of the farm"
                )
            pause(POLL_S)

    def close(self) -> None:
        """Let go, quickly and whatever the other end does."""
        self.closing.set()
        with suppress(Exception):
            if self.alone is not None and self.client.status == "running":
                self.alone.release()
        with suppress(Exception):
            self.client.close(timeout=CLOSE_S)


def open_line(address: str) -> Line:
    """A line to a scheduler. Raises FarmAway when it can't be reached, or dask isn't there."""
    quiet()
    try:
        from distributed import Client  # 0.3 s, for farms only
    except ImportError:
        raise FarmAway(f"storyrelay[farm] isn't installed. Next: {INSTALL}") from None
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False, name="storyrelay")
    except Exception as fault:
        raise FarmAway(f"{unreachable(address)}. Next: dask scheduler, there") from fault
    line = Line(address, client, client.get_executor(retries=RETRIES, pure=False))
    with suppress(Exception):
        line.count()
    threading.Thread(target=line.watch, daemon=True, name="storyrelay-farm").start()
    return line


def unreachable(address: str) -> str:
    """What is said of a scheduler that doesn't answer."""
    return f"the scheduler {address} can't be reached within {CONNECT_S} s"


def quiet() -> None:
    """We say ourselves what happened, once: dask would write it on stderr, many times and with tracebacks."""
    with suppress(ImportError):
        import dask

        loud = ("distributed", "distributed.worker", "distributed.scheduler", "distributed.client", "tornado")
        dask.config.set({"logging": dict.fromkeys(loud, "critical")})
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
