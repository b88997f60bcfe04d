"""A computer whose clock can be set, while its own count of seconds goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fakes.clock import FakeClock

from pipeline.run.timing import Timekeeping
from pipeline.tools.clock import Uptime


@dataclass
class Computer(FakeClock):
    """`advance` is time that passes; `jump` only sets the clock; `reboot` begins a new count."""

    on_s: float = 0.0
    boots: int = 1
    follows_a_server: bool = False
    moment: datetime = field(default_factory=lambda: FakeClock().moment)

    def advance(self, **by: float) -> datetime:
        self.on_s += timedelta(**by).total_seconds()
        return super().advance(**by)

    def jump(self, **by: float) -> None:
        self.moment += timedelta(**by)

    def reboot(self) -> None:
        self.boots += 1
        self.on_s = 0.0

    @property
    def keeping(self) -> Timekeeping:
        return Timekeeping(lambda: Uptime(str(self.boots), self.on_s), lambda: self.follows_a_server)
