"""The stand-in's own clock, which may be wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


class StandInClock:
    """The machine's time plus `skew_s`; set it to be early or late, or to let time pass."""

    def __init__(self, skew_s: float = 0.0) -> None:
        self.skew_s = skew_s

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=self.skew_s)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.skew_s += seconds

    def header(self) -> str:
        """The `Date` of an answer."""
        return format_datetime(self.now().replace(microsecond=0), usegmt=True)
