"""Sources: where stories come from beside the inbox. Each is one file behind the same protocol."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.mirror.kept_phone import KeptPhone
from pipeline.mirror.line import line_of
from pipeline.mirror.own_stories import OwnStories
from pipeline.model import Remote
from pipeline.plan.own_stories import Ours
from pipeline.tools.clock import Clock, now
from pipeline.tools.filesystem import folds_case

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
        """Write the whole of one file to `into`, or raise.

        NotReadyError and Rejected say something of this file alone: the others are gone on with.
        """
        ...

    def gone(self, keys: Collection[str]) -> Collection[str]:
        """Which of these somebody removed there, so that their copies here go too, by the last listing."""
        ...

    def close(self) -> None:
        """Nothing more is asked for now."""
        ...


def sources(
    settings: Settings,
    ours: Callable[[str], Ours] = lambda _: Ours(),
    stop: Callable[[], bool] = lambda: False,
    clock: Clock = now,
) -> Iterator[Source]:
    """Every enabled source; `stop` cuts waiting for a server short.

    `ours` tells of an account what went out there from here: that is no story to pull.
    """
    for name, chosen in settings.sources.items():
        if chosen.enabled and chosen.instagram is not None:
            phone = KeptPhone(line_of(settings, chosen.instagram, clock))
            yield OwnStories(name, phone, ours, stop)
        elif chosen.enabled:
            from pipeline.sources.elsewhere import Conditions, Elsewhere  # not where there is none

            settle_s, folds = settings.limits.settle_seconds, folds_case(settings.state)
            yield Elsewhere(name, chosen, Conditions(settle_s, stop, clock, folds))
