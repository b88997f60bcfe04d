"""What should go out in a simulated year, worked out plainly from the written rules alone.

Nothing of the program is used here, and nothing is clever: every minute of the year is asked what the clocks
show, and every run gives every waiting story its moment anew.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fakes.year_script import DAY, DESTINATIONS, Change, Dropped, Rules, Script

MINUTE = timedelta(minutes=1)
LIVES = timedelta(hours=24)
PLANNED, OFFERED, SENT, UNSENT, PARKED = "planned", "offered", "sent", "unsent", "parked"


class Calendar:
    """What the clocks of a zone show, minute by minute."""

    def __init__(self, zone: str, start: datetime, end: datetime) -> None:
        self.minutes: dict[date, list[tuple[time, datetime]]] = defaultdict(list)
        self.day: dict[datetime, date] = {}
        at, there = start - 2 * DAY, ZoneInfo(zone)
        while at < end:
            shown = at.astimezone(there).replace(tzinfo=None)
            self.minutes[shown.date()].append((shown.time(), at))
            at += MINUTE
        self.there = there

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.there).date()

    def shown(self, at: datetime) -> time:
        return at.astimezone(self.there).time()

    def moment(self, day: date, wall: time) -> datetime:
        """The first minute that shows it, or else the first after the gap that swallowed it."""
        shown = self.minutes[day]
        same = [at for there, at in shown if there == wall]
        return same[0] if same else next(at for there, at in shown if there > wall)

    def is_quiet(self, at: datetime, rules: Rules) -> bool:
        if rules.quiet is None:
            return False
        start, end = rules.quiet
        return self.shown(at) >= start or self.shown(at) < end

    def slots(self, rules: Rules, day: date) -> list[datetime]:
        """All that day's slots, once each."""
        walls = [wall for days, times in rules.slots if day.weekday() in days for wall in times]
        return sorted({self.moment(day, wall) for wall in walls})

    def first_loud(self, rules: Rules, day: date, earliest: datetime) -> datetime | None:
        """The first moment of a day, from then on, outside quiet hours."""
        if self.day_of(earliest) == day and not self.is_quiet(earliest, rules):
            return earliest
        return next(
            (at for _, at in self.minutes[day] if at >= earliest and not self.is_quiet(at, rules)), None
        )


@dataclass(slots=True)
class File:
    """A file as the runs know it."""

    story: Dropped
    name: str
    dated: datetime
    there: bool = True
    made: bool = False
    """Whether what goes out lies ready: it went elsewhere before."""


@dataclass(slots=True)
class Fate:
    """How a story stands at one destination."""

    file: File
    state: str = PLANNED
    due: datetime | None = None
    """Without a schedule, or when the person sends it again: decided by the next run."""
    moment: datetime | None = None
    turn: int = 0
    retried: bool = False
    frozen: bool = False
    """Parked with its account."""
    until: datetime | None = None
    """When its time in WhatsApp is over."""
    answer: tuple[datetime, str] | None = None


@dataclass(slots=True)
class Oracle:
    """One year, run by run."""

    script: Script
    calendar: Calendar = field(init=False)
    files: dict[int, File] = field(default_factory=dict)
    fates: dict[tuple[int, str], Fate] = field(default_factory=dict)
    begun: dict[str, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    stopped: bool = False
    let_go_at: datetime | None = None
    waiting: list[Dropped | Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        far = self.script.end + 130 * DAY
        self.calendar = Calendar(self.script.zone, self.script.start, far)

    def happens(self, what: Dropped | Change) -> None:
        """Something changes on the disk; the next run sees it."""
        if isinstance(what, Dropped):
            self.files[what.number] = File(what, what.name, what.dated)
        elif what.verb in ("remove", "put back"):
            self.files[what.number].there = what.verb == "put back"
        self.waiting.append(what)

    def knows(self, number: int) -> bool:
        """Whether a run has seen a file."""
        return all(what.number != number for what in self.waiting if isinstance(what, Dropped))

    def answers(self, at: datetime) -> Iterator[tuple[int, str, str]]:
        """What the person says by now: file, destination, word."""
        for (number, destination), fate in sorted(self.fates.items()):
            if fate.answer and fate.answer[0] <= at:
                verb, fate.answer = fate.answer[1], None
                yield number, destination, verb
                self._hear(fate, verb)
        if self.stopped and self.let_go_at is not None and self.let_go_at <= at:
            self.stopped, self.let_go_at = False, None
            for fate in self._at("instagram"):
                if fate.frozen:
                    fate.state, fate.frozen, fate.due = PLANNED, False, None
            yield 0, "instagram", "login"

    def _hear(self, fate: Fate, verb: str) -> None:
        match verb:
            case "confirm":
                fate.state = SENT
            case "skip":
                fate.state = UNSENT
            case "retry":
                fate.state, fate.retried, fate.due = PLANNED, True, None

    def run(self, at: datetime, *, no_room: bool) -> set[tuple[int, str]]:
        """What goes out in a run: files and destinations."""
        self._expire(at)
        self._take_in(at)
        for destination in DESTINATIONS:
            self._arrange(destination, at)
        out = {(fate.file.story.number, "whatsapp") for fate in self._offer(at, no_room=no_room)}
        return out | {(fate.file.story.number, "instagram") for fate in self._publish(at, no_room=no_room)}

    def _at(self, destination: str) -> list[Fate]:
        return [fate for (_, name), fate in self.fates.items() if name == destination]

    def _expire(self, at: datetime) -> None:
        for fate in self.fates.values():
            not_after = fate.file.story.not_after
            over = fate.state in (PLANNED, PARKED) and not_after is not None and not_after <= at
            if over or (fate.state == OFFERED and fate.until is not None and fate.until <= at):
                fate.state, fate.answer, fate.frozen = UNSENT, None, False

    def _take_in(self, at: datetime) -> None:
        for what in self.waiting:
            if isinstance(what, Change) and what.verb in ("rename", "touch"):
                file = self.files[what.number]
                file.name, file.dated = what.name or file.name, what.dated or file.dated
        new = [self.files[what.number] for what in self.waiting if isinstance(what, Dropped)]
        for file in sorted(new, key=lambda one: _by_name(one.name)):
            if file.there:
                self._new(file, at)
        self.waiting = [file.story for file in new if not file.there]
        for (_, name), fate in self.fates.items():
            if fate.state == PLANNED and fate.due is None:
                fate.due = self._first_loud(fate.file.story, self.script.rules[name], at)

    def _first_loud(self, story: Dropped, rules: Rules, at: datetime) -> datetime:
        first = max(at, story.not_before or at)
        while self.calendar.is_quiet(first, rules):
            first += MINUTE
        return first

    def _new(self, file: File, at: datetime) -> None:
        story, rules = file.story, self.script.rules
        if all(self._never(story, rules[name], at) for name in story.destinations):
            return
        for name in story.destinations:
            repeats = any(_shows(one.file.story) == _shows(story) for one in self._at(name))
            fate = self.fates[story.number, name] = Fate(file)
            if repeats:
                fate.state = PARKED
                verb, after = self.script.decision(story.number, name)
                fate.answer = (at + after, verb)

    def _never(self, story: Dropped, rules: Rules, at: datetime) -> bool:
        """Whether its time is over before it may go."""
        if story.not_after is None:
            return False
        return story.not_after <= at or self._first_loud(story, rules, at) > story.not_after

    def _arrange(self, destination: str, at: datetime) -> None:
        """The ten rules, once."""
        rules = self.script.rules[destination]
        if not rules.slots and rules.per_day is None:
            return
        waiting = [fate for fate in self._at(destination) if fate.state == PLANNED and not fate.retried]
        came = [fate for fate in waiting if fate.moment is not None and fate.moment <= at]
        came = [fate for fate in came if (fate.file.story.not_before or at) <= at]
        late = timedelta(hours=rules.late_hours)
        for fate in list(came):
            if rules.slots and rules.late != "send" and fate.moment is not None and at - fate.moment > late:
                came.remove(fate)
                waiting.remove(fate)
                self._miss(fate, destination, rules, at)
        today, room = self.calendar.day_of(at), Counter(self.begun[destination])
        going = []
        away = [fate for fate in came if not fate.file.there]
        there = [fate for fate in came if fate.file.there]
        for fate in sorted(there, key=lambda one: (one.moment or at, one.turn, self._order(one, rules))):
            if rules.per_day is None or room[today] < rules.per_day:
                room[today] += 1
                going.append(fate)
        settled = [*going, *away]
        left = sorted((one for one in waiting if one not in settled), key=lambda one: self._order(one, rules))
        taken = {fate.moment for fate in going}
        turns = Counter(fate.moment for fate in going)
        for fate in left:
            fate.moment = self._opening(fate.file.story, rules, at, taken, room)
            fate.turn = turns[fate.moment]
            turns[fate.moment] += 1

    def _miss(self, fate: Fate, destination: str, rules: Rules, at: datetime) -> None:
        fate.state = UNSENT if rules.late == "skip" else PARKED
        if fate.state == PARKED:
            verb, after = self.script.decision(fate.file.story.number, destination)
            fate.answer = (at + after, verb)

    def _opening(
        self, story: Dropped, rules: Rules, at: datetime, taken: set[datetime | None], room: Counter[date]
    ) -> datetime | None:
        """Its moment, which it takes; None when none is free before its end."""
        earliest = max(at, story.not_before or at)
        day = self.calendar.day_of(earliest)
        for _ in range(120):
            if rules.per_day is None or room[day] < rules.per_day:
                found = self._free(rules, day, earliest, taken)
                if found is not None:
                    if story.not_after is not None and found >= story.not_after:
                        return None
                    if rules.slots:
                        taken.add(found)
                    room[day] += 1
                    return found
            day += DAY
        raise AssertionError("nothing is free for 120 days")

    def _free(
        self, rules: Rules, day: date, earliest: datetime, taken: set[datetime | None]
    ) -> datetime | None:
        if not rules.slots:
            return self.calendar.first_loud(rules, day, earliest)
        free = (slot for slot in self.calendar.slots(rules, day) if slot >= earliest and slot not in taken)
        return next(free, None)

    def _order(self, fate: Fate, rules: Rules) -> tuple[object, ...]:
        match rules.order:
            case "date":
                return (fate.file.dated, _by_name(fate.file.name))
            case "sidecar":
                return (fate.file.story.position or 1000, _by_name(fate.file.name))
        return (_by_name(fate.file.name),)

    def _ready(self, destination: str, at: datetime) -> list[Fate]:
        """What has its time."""
        rules = self.script.rules[destination]
        bound = bool(rules.slots) or rules.per_day is not None
        ready = []
        for fate in self._at(destination):
            moment = fate.due if fate.retried or not bound else fate.moment
            if fate.state == PLANNED and moment is not None and moment <= at:
                ready.append(fate)
        return ready

    def _offer(self, at: datetime, *, no_room: bool) -> list[Fate]:
        rules = self.script.rules["whatsapp"]
        if self.script.dead_phone.holds(at) or self.calendar.is_quiet(at, rules):
            return []
        ready = [fate for fate in self._ready("whatsapp", at) if fate.file.there]
        out = [fate for fate in ready if fate.file.made or not no_room]
        for fate in out:
            fate.state, fate.until = OFFERED, at + LIVES
            verb, after = self.script.reaction(fate.file.story.number, "whatsapp")
            fate.answer = None if verb == "forget" else (at + after, verb)
            self._count(fate, "whatsapp", at)
        return out

    def _publish(self, at: datetime, *, no_room: bool) -> list[Fate]:
        rules = self.script.rules["instagram"]
        ready = self._ready("instagram", at)
        if not self.stopped and not self.calendar.is_quiet(at, rules):
            there = [fate for fate in ready if fate.file.there]
            if not (there and self.script.challenge.holds(at)):
                out = [fate for fate in there if fate.file.made or not no_room]
                for fate in out:
                    fate.state = SENT
                    self._count(fate, "instagram", at)
                return out
            self.stopped, self.let_go_at = True, self.script.challenge.end
        if self.stopped:
            for fate in ready:
                fate.state, fate.frozen = PARKED, True
        return []

    def _count(self, fate: Fate, destination: str, at: datetime) -> None:
        fate.file.made = True
        self.begun[destination][self.calendar.day_of(at)] += 1

    def states(self) -> Mapping[tuple[int, str], str]:
        """How everything stands."""
        return {key: fate.state for key, fate in self.fates.items()}


def _by_name(name: str) -> list[tuple[int, int, str]]:
    """Case aside, and numbers by their value."""
    return [
        (0, int(piece), "") if piece.isdigit() else (1, 0, piece)
        for piece in re.split(r"(\d+)", name.casefold().removesuffix(".jpg"))
    ]


def _shows(story: Dropped) -> int:
    """What is on the picture, as the number of the file that showed it first."""
    return story.same_as or story.number
