"""Time limits that nothing gets around: for each request, by the size of what is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from pipeline.config.accounts import Patience

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long one request may take: to connect, and then in all for sending and the answer."""

    connect_s: float
    answer_s: float

    @property
    def total_s(self) -> float:
        """From beginning to end."""
        return self.connect_s + self.answer_s


def limit_for(patience: Patience, body_bytes: int = 0) -> Limit:
    """The limit of a request that sends so much."""
    sending_s = body_bytes * 8 / 1000 / patience.upload_kbps
    return Limit(patience.connect_seconds, sending_s + patience.answer_seconds)


@dataclass(slots=True)
class _Work(Generic[T]):
    act: Callable[[], T]
    results: list[T] = field(default_factory=list)
    failure: BaseException | None = None

    def __call__(self) -> None:
        try:
            self.results.append(self.act())
        except BaseException as failure:  # noqa: BLE001 - it is raised where somebody waits for it
            self.failure = failure


def within(seconds: float, act: Callable[[], T]) -> T:
    """What `act` gives or raises; raises TimeoutError when it takes longer, and leaves it behind unheard.

    A socket's own time limit starts anew with every byte that drips in, and looking up a name has none.
    """
    work = _Work(act)
    thread = threading.Thread(target=work, daemon=True, name="storyrelay-request")
    thread.start()
    thread.join(seconds)
    if work.failure is not None:
        raise work.failure
    if not work.results:
        raise TimeoutError(f"no answer within {seconds:.3g} s")
    return work.results[0]
