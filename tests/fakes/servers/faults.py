"""Faults that wait for their requests, so many times, by chance or for ever."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from fakes.servers.wire import Answer, Reply

F = TypeVar("F", bound=Enum)


@dataclass(slots=True)
class Planned(Generic[F]):
    """A fault that waits for its requests. `times` None is for ever; `chance` is of each request."""

    pattern: str
    fault: F
    times: int | None
    after: int
    chance: float

    def strikes(self, draw: float) -> bool:
        """Whether this request, which matches, is hit."""
        if self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if draw >= self.chance:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class FaultPlan(Generic[F]):
    """The faults that are still to come, in the order they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Planned[F]] = []
        self._random = random.Random(0)  # noqa: S311

    def seed(self, number: int) -> None:
        """What follows from chance is the same for the same number."""
        with self._lock:
            self._random.seed(number)

    def add(self, pattern: str, fault: F, times: int | None = 1, after: int = 0, chance: float = 1.0) -> None:
        """Let the next `times` requests fail that match the shell pattern, once `after` have passed.

        A `chance` below 1 hits that share of the requests.
        """
        with self._lock:
            self._planned.append(Planned(pattern, fault, times, after, chance))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def strike(self, name: str) -> F | None:
        """What happens to the request of that name."""
        with self._lock:
            draw = self._random.random()
            matching = (planned for planned in self._planned if fnmatchcase(name, planned.pattern))
            return next((planned.fault for planned in matching if planned.strikes(draw)), None)


def cut_short(answer: Reply) -> Reply:
    """The answer, but the connection dies in the middle of it."""
    if isinstance(answer, Answer):
        return replace(answer, cut_after=len(answer.body) // 2)
    return answer
