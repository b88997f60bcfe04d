"""Work that a server may hold up: done on the side, and given up when it shows no sign of life."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipeline.tools.clock import monotonic_s

T = TypeVar("T")
LOOK_EVERY_S = 0.05


class Given(Exception):
    """The work was given up: nobody waits for it any more."""


class Stopped(Exception):
    """The waiting was to end."""


class Pulse:
    """What work on the side says of itself."""

    def __init__(self) -> None:
        self.last_s = monotonic_s()
        self.given_up = False

    def beat(self) -> None:
        """A sign of life. Raises Given when nobody waits any more."""
        if self.given_up:
            raise Given
        self.last_s = monotonic_s()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long work may be silent, and how long it may take in all."""

    silence_s: float
    total_s: float


@dataclass(slots=True)
class _Work(Generic[T]):
    act: Callable[[Pulse], T]
    pulse: Pulse
    results: list[T] = field(default_factory=list)
    failure: BaseException | None = None

    def __call__(self) -> None:
        try:
            self.results.append(self.act(self.pulse))
        except BaseException as failure:  # noqa: BLE001 - it is raised where somebody waits for it
            self.failure = failure


def attended(act: Callable[[Pulse], T], patience: Patience, stop: Callable[[], bool]) -> T:
    """What `act` gives or raises. Raises TimeoutError, or Stopped as soon as `stop` says so.

    What was given up is left behind; at its next sign of life it ends.
    """
    pulse = Pulse()
    work = _Work(act, pulse)
    thread = threading.Thread(target=work, daemon=True, name="storyrelay-source")
    begun_s = monotonic_s()
    thread.start()
    try:
        while True:
            thread.join(LOOK_EVERY_S)
            if not thread.is_alive():
                break
            if stop():
                raise Stopped
            if monotonic_s() - pulse.last_s > patience.silence_s:
                raise TimeoutError(f"no sign of life for {patience.silence_s:.3g} s")
            if monotonic_s() - begun_s > patience.total_s:
                raise TimeoutError(f"it took longer than {patience.total_s:.3g} s")
    finally:
        pulse.given_up = True
    if work.failure is not None:
        raise work.failure
    return work.results[0]
