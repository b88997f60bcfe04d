"""A clock that stands still until it is told otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from fakes.planning import NOW


class FakeClock:
    """Call it for the moment; `advance` moves it."""

    def __init__(self, start: datetime = NOW) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        """Move by hours=…, minutes=…, seconds=…; the new moment."""
        self.moment += timedelta(**by)
        return self.moment
