"""Questions to several servers at once; whoever answers first is heard first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from pipeline.tools.clock import pause
from pipeline.tools.signals import StopSignal

K = TypeVar("K")
NAP_S = 0.02


class Asked:
    """A question that somebody else waits for the answer to."""

    def __init__(self, question: Callable[[], str | None]) -> None:
        self._question = question
        self._told: str | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._ask, daemon=True, name="storyrelay-question")
        self._thread.start()

    def is_answered(self) -> bool:
        """Whether there is an answer, or will be none."""
        return not self._thread.is_alive()

    def answer(self) -> str | None:
        """The answer, once it is there; raises what the question did."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._told

    def _ask(self) -> None:
        try:
            self._told = self._question()
        except BaseException as failure:  # noqa: BLE001 - it is raised where somebody waits for it
            self._failure = failure


def first_answered(asked: Mapping[K, Asked], stop: StopSignal) -> K:
    """Whose question was answered; questions have limits of their own. Raises Interrupted."""
    while True:
        stop.check()
        for key, question in asked.items():
            if question.is_answered():
                return key
        pause(NAP_S)
