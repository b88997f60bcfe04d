"""When stories may go out: the times of a week, and what becomes of a time that was missed."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Literal

from pipeline.values import dataclass

Order = Literal["name", "date", "sidecar"]
Late = Literal["send", "skip", "ask"]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LETTERS = 3
"""A day's short name."""


@dataclass(frozen=True, slots=True)
class WeeklySlots:
    """Times of the day on some days of the week, both in order; Monday is 0."""

    days: tuple[int, ...]
    times: tuple[time, ...]

    def __str__(self) -> str:
        return f"{_days_in_words(self.days)} {', '.join(f'{at:%H:%M}' for at in self.times)}"


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) == len(DAYS):
        return "daily"
    stretches: list[list[int]] = []
    for day in days:
        if stretches and stretches[-1][-1] == day - 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    ends = [dict.fromkeys((stretch[0], stretch[-1])) for stretch in stretches]
    return ", ".join("-".join(DAYS[day][:LETTERS] for day in end) for end in ends)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that waits at one destination; `number` is its first delivery's that is planned.

    `moment` is the one it was given last, and `turn` its turn among those that were given the same.
    """

    asset: str
    destination: str
    number: int
    path: Path
    position: int | None = None
    dated: datetime | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    moment: datetime | None = None
    turn: int = 0
    due_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The moment a waiting story is given; None for none yet."""

    story: Waiting
    moment: datetime | None
    turn: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A line of the calendar: a story at one destination, or a free slot there when there's no path.

    `reason` says why it isn't earlier, `at` None that nobody can say when.
    """

    at: datetime | None
    destination: str
    path: Path | None = None
    parts: int = 0
    reason: str | None = None
