"""What every step of one run shares: the settings, the ledger, who listens, when to stop."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.destination import Handoff, Mirror
from pipeline.execute import cores
from pipeline.ledger import Ledger
from pipeline.report.events import Event, Observer
from pipeline.tools.clock import Clock, monotonic_s, now, pause
from pipeline.tools.signals import StopSignal

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.run.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller asks of a run; `paths` empty means the inbox, `limit` counts stories.

    `calendar` asks a plan for the days to come. New files last written before `adopt_before_s` (seconds
    since 1970) are taken as seen, as `accept_surge` lets many at once through.
    `clock_is_right` trusts a clock that jumped. `words` are those of the command line, where the next run is
    called by the same: it may then find at once that it has nothing to do.
    """

    paths: tuple[Path, ...] = ()
    only: frozenset[str] = frozenset()
    not_to: frozenset[str] = frozenset()
    limit: int | None = None
    workers: int | None = None
    max_runtime_s: float | None = None
    calendar: bool = False
    accept_surge: bool = False
    adopt_before_s: float | None = None
    clock_is_right: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trip:
    """One run under way; `tally` counts what happened by the names of Summary's fields.

    `stories` are the assets that something of was sent, or was tried to be; `missing` those that aren't in
    their place. `cramped` are the folders whose disks were found too full. `elsewhere` is the farm that makes
    renditions, where one is configured.
    """

    settings: Settings
    request: Request
    ledger: Ledger
    observe: Observer
    stop: StopSignal = field(default_factory=StopSignal)
    clock: Clock = now
    tally: Counter[str] = field(default_factory=Counter)
    pause: Callable[[float], None] = pause
    stories: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    cramped: set[Path] = field(default_factory=set)
    begun_s: float = field(default_factory=monotonic_s)
    elsewhere: Elsewhere | None = None

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return self.clock()

    def workers(self) -> int:
        """How many assets are worked on at once."""
        return self.request.workers or self.settings.limits.jobs or cores()

    def out_of_time(self) -> bool:
        """Whether the caller's time limit is reached: what has begun is finished, nothing new begins."""
        return self.time_left_s() <= 0

    def time_left_s(self) -> float:
        """How much of the caller's time limit is left."""
        limit = self.request.max_runtime_s
        return math.inf if limit is None else limit - (monotonic_s() - self.begun_s)

    def inbox_is_away(self) -> bool:
        """Whether the inbox isn't there as a whole: then a file that isn't in its place says nothing."""
        return self.tally["away"] > 0

    def has_room_for(self, asset: str) -> bool:
        """Whether a story is within the caller's limit."""
        return asset in self.stories or len(self.stories) != self.request.limit

    def count(self, name: str, event: Event) -> None:
        """Count something that happened, and tell whoever listens."""
        self.tally[name] += 1
        self.observe(event)

    def wants(self, destination: str) -> bool:
        """Whether this run delivers to a destination."""
        only = self.request.only
        return destination not in self.request.not_to and (not only or destination in only)


Destinations = Mapping[str, Handoff]
Mirrors = Mapping[str, Mirror]
