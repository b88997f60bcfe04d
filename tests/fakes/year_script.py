"""What happens in a simulated year: files come and change, machines fail, a person answers. All by a seed.

Plain values alone: the program's world and the oracle both live through the same script.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(minutes=30)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
DESTINATIONS = ("whatsapp", "instagram")
STORIES_A_DAY = 1.3
AGAIN, CHANGES, BOUND, NUMBERED = 0.12, 0.3, 0.15, 0.25
"""How often a picture is saved again, a file changes, a sidecar names a time or a place in the order."""

QUIET = (time(22, 0), time(7, 0))
WEEKLY = (
    ((range(5), (time(9, 0), time(18, 30))), ((5, 6), (time(10, 0), time(2, 30)))),
    ((range(7), (time(12, 0), time(1, 30), time(20, 0))),),
    ((range(7), (time(8, 15),)), ((0, 2, 4), (time(17, 0), time(19, 30)))),
    (),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A destination's schedule; `slots` are (days with Monday as 0, times of the day)."""

    slots: tuple[tuple[tuple[int, ...], tuple[time, ...]], ...]
    per_day: int | None
    order: str
    late: str
    late_hours: float
    quiet: tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that comes into the inbox; `same_as` is the file whose picture it shows."""

    number: int
    name: str
    at: datetime
    dated: datetime
    destinations: tuple[str, ...] = DESTINATIONS
    not_before: datetime | None = None
    not_after: datetime | None = None
    position: int | None = None
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a file: rename, touch, remove, put back, copy (the same bytes under another name)."""

    at: datetime
    verb: str
    number: int
    name: str = ""
    dated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something doesn't work."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Script:
    """Everything, in order of time."""

    seed: int
    zone: str
    start: datetime
    end: datetime
    rules: dict[str, Rules]
    dropped: tuple[Dropped, ...]
    changes: tuple[Change, ...]
    outages: tuple[Spell, ...]
    nearly_full: Spell
    full: Spell
    dead_phone: Spell
    challenge: Spell

    def ticks(self) -> Iterator[datetime]:
        """When cron starts a run; not while the machine is off."""
        at = self.start
        while at < self.end:
            if not any(outage.holds(at) for outage in self.outages):
                yield at
            at += TICK

    def reaction(self, number: int, destination: str) -> tuple[str, timedelta]:
        """What the person says about a story that is offered, and how long after; `forget` is nothing."""
        chance = random.Random(f"{self.seed} reacts {number} {destination}")  # noqa: S311 - the same every time
        verb = chance.choices(("confirm", "skip", "forget"), (8, 1, 1))[0]
        return verb, chance.randrange(1, 40) * TICK

    def decision(self, number: int, destination: str) -> tuple[str, timedelta]:
        """What the person says when they are asked, and how long after."""
        chance = random.Random(f"{self.seed} decides {number} {destination}")  # noqa: S311 - the same every time
        return chance.choice(("retry", "skip")), chance.randrange(2, 60) * TICK


@dataclass(slots=True)
class Author:
    """Writes a script."""

    seed: int
    days: int
    chance: random.Random = field(init=False)
    start: datetime = field(init=False)
    zone: str = field(init=False)
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - the same every time
        self.zone = ZONES[self.seed % len(ZONES)]
        first = datetime(2026, 1, 5, 0, 0, tzinfo=ZoneInfo("UTC"))
        self.start = first if self.days > 300 else first + self.chance.choice((80, 290)) * DAY

    def script(self) -> Script:
        """The whole year, or a short one round a change of the clocks."""
        dropped = tuple(self._stories())
        hours = [self.chance.uniform(0.1, 0.95) * 24 * self.days for _ in range(7)]
        short = min(1.0, self.days / 100)
        lasting = (7, 36, 75, 24 * 7 * short, 49, 9, 9)
        spells = [self._spell(begin, length) for begin, length in zip(hours, lasting, strict=True)]
        return Script(
            self.seed,
            self.zone,
            self.start,
            self.start + self.days * DAY,
            {name: self._rules() for name in DESTINATIONS},
            dropped,
            tuple(sorted(self.changes, key=lambda change: change.at)),
            tuple(spells[:3]),
            spells[5],
            spells[6],
            spells[3],
            spells[4],
        )

    def _spell(self, begin_hours: float, lasts_hours: float) -> Spell:
        start = self.start + begin_hours * HOUR
        return Spell(start, start + lasts_hours * HOUR)

    def _rules(self) -> Rules:
        chance, slots = self.chance, self.chance.choice(WEEKLY)
        return Rules(
            slots=tuple((tuple(days), times) for days, times in slots),
            per_day=chance.choice((None, 1, 2, 3)),
            order=chance.choice(("name", "date", "sidecar")),
            late=chance.choice(("send", "skip", "ask")),
            late_hours=chance.choice((1, 6, 30)),
            quiet=QUIET if not self._has_night(slots) and chance.random() < 0.5 else None,
        )

    @staticmethod
    def _has_night(slots: object) -> bool:
        return "datetime.time(1, 30)" in repr(slots) or "datetime.time(2, 30)" in repr(slots)

    def _stories(self) -> Iterator[Dropped]:
        chance, at, number = self.chance, self.start, 0
        while (at := at + chance.expovariate(STORIES_A_DAY) * DAY) < self.start + self.days * DAY:
            number += 1
            story = self._one(number, at)
            yield story
            if chance.random() < AGAIN:
                number += 1
                later = (at + self._a_while()).replace(microsecond=0)
                yield Dropped(number, f"again {story.name}", later, later, same_as=story.number)
            elif chance.random() < CHANGES:
                self._changes(story)

    def _one(self, number: int, at: datetime) -> Dropped:
        chance = self.chance
        dated = (at - chance.randrange(1, 100) * HOUR).replace(microsecond=0)
        not_before = self._wall(at + chance.uniform(0.2, 5) * DAY) if chance.random() < BOUND else None
        begins = not_before or at
        not_after = self._wall(begins + chance.uniform(1, 6) * DAY) if chance.random() < BOUND else None
        return Dropped(
            number,
            f"{chance.choice(('Photo', 'photo', 'beach', 'Zoo'))} {chance.randrange(1, 40)}-{number}.jpg",
            at,
            dated,
            chance.choice((DESTINATIONS, DESTINATIONS, DESTINATIONS, ("whatsapp",), ("instagram",))),
            not_before,
            not_after,
            chance.randrange(1, 6) if chance.random() < NUMBERED else None,
        )

    def _a_while(self) -> timedelta:
        return self.chance.uniform(0.05, 4) * DAY

    def _wall(self, at: datetime) -> datetime:
        """A quarter of an hour by day, on the clock there: no clock changes then."""
        there = at.astimezone(ZoneInfo(self.zone))
        by_day = there.replace(
            hour=self.chance.randrange(8, 21),
            minute=self.chance.choice((0, 15, 30, 45)),
            second=0,
            microsecond=0,
        )
        return by_day.astimezone(ZoneInfo("UTC"))

    def _changes(self, story: Dropped) -> None:
        """A file is renamed, touched, copied, or taken away for a while."""
        number, later = story.number, story.at + self._a_while()
        match self.chance.choice(("rename", "touch", "copy", "remove")):
            case "remove":
                back = later + self.chance.uniform(0.1, 3) * DAY
                self.changes += [Change(later, "remove", number), Change(back, "put back", number)]
            case "touch":
                self.changes.append(Change(later, "touch", number, dated=later.replace(microsecond=0)))
            case verb:
                self.changes.append(Change(later, verb, number, f"{verb[0]} {story.name}"))
