"""Sources: where stories come from beside the inbox. Each is one file behind the same protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.model import Remote
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings

__all__ = ["Remote", "Source", "sources"]


class Source(Protocol):
    """One place elsewhere, which is only read. Raises TryAgain, NeedsPerson or EnvironmentFault."""

    name: str

    def listing(self) -> Sequence[Remote]:
        """All that is there, in the order in which it's pulled."""
        ...

    def fetch(self, remote: Remote, into: Path) -> None:
        """Write the whole of one file to `into`, or raise."""
        ...


def sources(
    settings: Settings,  # noqa: ARG001 - for the kinds to come
    stop: Callable[[], bool] = lambda: False,  # noqa: ARG001
    clock: Clock = now,  # noqa: ARG001
) -> Iterator[Source]:
    """Every enabled source; `stop` cuts waiting for a server short."""
    yield from ()
