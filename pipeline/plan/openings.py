"""The moments that are left for waiting stories: the slots of the coming weeks, or days with room."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Protocol

from pipeline.plan.due import after_quiet_hours
from pipeline.plan.slots import DAY, day_of, moments_on, start_of
from pipeline.plan.terms import ScheduleSettings
from pipeline.values import dataclass, field

WAITS = "waits for its slot"
NO_ROOM = "no moment is free before its not_after"
FULL = "no moment is free until the end of next year"
NO_MOMENT = frozenset({NO_ROOM, FULL})
"""With these a story is only due when its time is over, or when there may be moments again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A destination's schedule, and the zone it is meant in."""

    schedule: ScheduleSettings
    zone: tzinfo

    @property
    def bind(self) -> bool:
        """Whether stories wait for a moment here."""
        return bool(self.schedule.slots) or self.schedule.per_day is not None

    def most(self) -> float:
        """The day's number."""
        return float("inf") if self.schedule.per_day is None else self.schedule.per_day

    def enough(self) -> str:
        """Why a story doesn't go on a day that is full."""
        most = self.schedule.per_day
        return f"{most} a day {'is' if most == 1 else 'are'} enough"

    def outside_quiet_hours(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it lies in."""
        return after_quiet_hours(moment, self.schedule.quiet_hours, self.zone)


class Openings(Protocol):
    """The moments that are left, from `now` to the end of next year."""

    @property
    def now(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...

    def take(self, earliest: datetime, until: datetime) -> tuple[datetime, str | None] | None:
        """The first one in between, and why it's no earlier one; it's taken by that."""


def openings_for(
    terms: Terms, now: datetime, taken: Collection[datetime], begun: Mapping[date, int]
) -> Openings:
    """What is left of slots, or of days where there are none."""
    end = start_of(date(day_of(now, terms.zone).year + 2, 1, 1), terms.zone)
    if terms.schedule.slots:
        return _Slots(terms, now, end, Counter(begun), taken, slots_between(terms, now, end))
    return _Days(terms, now, end, Counter(begun))


def slots_between(terms: Terms, start: datetime, end: datetime) -> Iterator[datetime]:
    """All slots outside quiet hours, in order."""
    day = day_of(start, terms.zone) - DAY  # a gap may put a day's slots on the next one
    while start_of(day, terms.zone) < end:
        for moment in moments_on(day, terms.schedule.slots, terms.zone):
            if start <= moment < end and terms.outside_quiet_hours(moment) == moment:
                yield moment
        day += DAY


@dataclass(slots=True)
class _Slots:
    """Each slot is read from the calendar when it's first asked for; `onward` leads past what is taken."""

    terms: Terms
    now: datetime
    end: datetime
    begun: Counter[date]
    taken: Collection[datetime]
    source: Iterator[datetime]
    moments: list[datetime] = field(default_factory=list)
    onward: list[int] = field(default_factory=list)

    def take(self, earliest: datetime, until: datetime) -> tuple[datetime, str] | None:
        """The first free slot on a day with room."""
        first = place = self._first_from(earliest)
        crowded = self._has(first) and self._is_full(self.moments[first])
        while self._has(place := self._free(place)):
            moment = self.moments[place]
            if moment >= until:
                return None
            self.onward[place] = place + 1
            if not self._is_full(moment):
                self.begun[day_of(moment, self.terms.zone)] += 1
                return moment, self.terms.enough() if crowded else WAITS
        return None

    def _first_from(self, earliest: datetime) -> int:
        while not self.moments or self.moments[-1] < earliest:
            if not self._has(len(self.moments)):
                break
        return bisect_left(self.moments, earliest)

    def _free(self, place: int) -> int:
        """The next one that isn't taken; the way there is made short for those who ask after."""
        end = place
        while end < len(self.moments) and self.onward[end] != end:
            end = self.onward[end]
        while place < end:
            self.onward[place], place = end, self.onward[place]
        return end

    def _has(self, place: int) -> bool:
        """Whether there is such a place before the end."""
        while place >= len(self.moments):
            moment = next(self.source, None)
            if moment is None:
                return False
            if moment not in self.taken:
                self.onward.append(len(self.moments))
                self.moments.append(moment)
        return True

    def _is_full(self, moment: datetime) -> bool:
        return self.begun[day_of(moment, self.terms.zone)] >= self.terms.most()


@dataclass(slots=True)
class _Days:
    """Days with room; `onward` leads past those that are full."""

    terms: Terms
    now: datetime
    end: datetime
    begun: Counter[date]
    onward: dict[date, date] = field(default_factory=dict)

    def take(self, earliest: datetime, until: datetime) -> tuple[datetime, str | None] | None:
        """The first moment outside quiet hours on a day with room."""
        zone, moment = self.terms.zone, self.terms.outside_quiet_hours(earliest)
        first = moment
        while moment < until:
            day = self._with_room(day_of(moment, zone))
            later = max(moment, self.terms.outside_quiet_hours(start_of(day, zone)))
            if later < until and day_of(later, zone) == day:
                self.begun[day] += 1
                return later, None if later == first else self.terms.enough()
            moment = later
        return None

    def _with_room(self, day: date) -> date:
        passed = []
        while self.begun[day] >= self.terms.most():
            passed.append(day)
            day = self.onward.get(day, day + DAY)
        self.onward.update(dict.fromkeys(passed, day))
        return day
