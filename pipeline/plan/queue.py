"""Which moment each waiting story gets, at a destination with slots or a number a day.

The rules, for one destination; every run applies them once, after it has taken in what is new and before it
sends anything. "Day" is the calendar day in the schedule's zone. Times are the destination's own where it has
some, else everybody's.

1.  Who waits: each story (all parts of one file) that is planned there, of which no part has gone out (was
    offered, published, or may be live) and which the person hasn't told to `retry`. What has begun, and what
    the person retries, goes on at once; it neither waits for a slot nor is it held by the day's number. With
    `mirror.after: confirmed` a story that still waits for the person's word doesn't wait here either: it has
    no moment until a run finds it confirmed. What was parked with its account and let go waits as before,
    with its moment.
2.  The slots of a day are the written times on that day's weekday. A time that the clocks skip is the first
    moment after the gap, a time that comes twice is the first one, and slots that fall on the same moment
    are one. A slot in quiet hours doesn't exist.
3.  The day's number counts each story once, on the day on which something of it went out (rule 1) for the
    first time. What never went out doesn't count; what the person retries isn't held back, but counts.
4.  A story whose moment has come (moment <= now, its not_before too) keeps it, and may go in this run, as
    long as the day's number has room today: the earliest moment first, of equal ones (rule 7) the one that
    was given it first. It takes that room even where something else (quiet hours, a phone that isn't there)
    keeps it from going. When today has no room it loses its moment and gets a new one by rule 6 or 7, but
    not today. A story whose file is away keeps its moment and takes no room: those that are there go.
5.  Only where there are slots, and only with `late: skip` or `ask`: a story whose moment lies more than
    `late_hours` back is skipped, or parked for the person. This comes before rule 4, whatever has held the
    story back. With `late: send` it goes however late; missed slots of several stories send all of these in
    the next run, one after the other. What is parked is still given up at its not_after.
6.  All others are placed anew in every run, in order: one after the other, each takes the earliest slot
    from now on (moment >= now) that isn't taken, isn't before its not_before, and lies on a day that has
    room; those that rule 4 sends count towards today. A slot is taken by the stories placed before in this
    run, by those that rule 4 sends, and by stories that have gone out in it. So a story that comes first in
    the order pushes the others on, and a slot that passed before a story was taken in isn't used for it.
7.  Without slots, only with a number a day, a moment is the earliest one from now on, not before its
    not_before and not in quiet hours, on a day that has room; on a later day that is the day's first moment
    outside quiet hours.
8.  The order: `sidecar` by the sidecar's number, those without one last; `date` by the file's own date (its
    mtime), those without one last; then, as with `name`, by the file's name (case aside, numbers by their
    value), then by its path as text by code points, then by the number of its first delivery.
9.  A story whose moment wouldn't lie before its not_after gets none: it waits, takes no slot, and is given up
    when its time is over, unless a moment becomes free. One that finds none until the end of next year waits
    until then.
10. Accounts that are published to have their pace as well: the moment is the earliest, the pace may delay it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pipeline.model import Given, Order, Waiting
from pipeline.plan.natural import natural
from pipeline.plan.openings import FULL, NO_ROOM, Openings, Terms, openings_for
from pipeline.plan.slots import day_of

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Past:
    """What has gone out: the moments it had, and how many stories began on which day.

    `away` are the numbers of the stories that can't go out, as their files aren't there.
    """

    taken: Collection[datetime] = ()
    begun: Mapping[date, int] = field(default_factory=dict)
    away: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which stories go now, by moment, which have missed theirs, and what all the others are given."""

    going: tuple[Waiting, ...]
    missed: tuple[Waiting, ...]
    given: tuple[Given, ...]


def arrange(waiting: Sequence[Waiting], past: Past, terms: Terms, now: datetime) -> Arrangement:
    """Apply the rules once."""
    came = [story for story in waiting if _has_come(story, now)]
    missed = [story for story in came if is_too_late(story, terms, now)]
    settled = {story.number for story in missed} | {one.number for one in came if one.number in past.away}
    room = Counter(past.begun)
    today = day_of(now, terms.zone)
    going: list[Waiting] = []
    for story in sorted(came, key=lambda one: (one.moment or now, one.turn, order_key(one, terms))):
        if story.number not in settled and room[today] < terms.most():
            room[today] += 1
            going.append(story)
            settled.add(story.number)
    left = [story for story in waiting if story.number not in settled]
    left.sort(key=lambda one: order_key(one, terms))
    taken = {*past.taken, *(story.moment for story in going if story.moment)}
    openings = openings_for(terms, now, taken, room)
    return Arrangement(tuple(going), tuple(missed), _given(left, openings, going))


def is_too_late(story: Waiting, terms: Terms, now: datetime) -> bool:
    """Whether a story that had a slot isn't just sent any more."""
    schedule = terms.schedule
    if not schedule.slots or schedule.late == "send" or story.moment is None:
        return False
    return now - story.moment > timedelta(hours=schedule.late_hours)


def order_key(story: Waiting, terms: Terms) -> tuple[object, ...]:
    """Who is first."""
    order: Order = terms.schedule.order
    name = (natural(story.path.name), os.fspath(story.path), story.number)
    match order:
        case "name":
            return name
        case "date":
            return (story.dated or _LAST, *name)
        case "sidecar":
            return (story.position is None, story.position or 0, *name)


def _has_come(story: Waiting, now: datetime) -> bool:
    came = story.moment is not None and story.moment <= now
    return came and (story.not_before is None or story.not_before <= now)


def _given(stories: Sequence[Waiting], openings: Openings, going: Sequence[Waiting]) -> tuple[Given, ...]:
    turns = Counter(story.moment for story in going)
    given = []
    for story in stories:
        moment, reason = _moment_for(story, openings)
        given.append(Given(story, moment, turns[moment], reason))
        turns[moment] += 1
    return tuple(given)


def _moment_for(story: Waiting, openings: Openings) -> tuple[datetime, str | None]:
    """Its moment and why not before; what gets none waits until its end, or until a moment may be free."""
    earliest = max(openings.now, story.not_before or openings.now)
    until = min(openings.end, story.not_after or openings.end)
    found = openings.take(earliest, until)
    if found is not None:
        return found
    if story.not_after is not None and story.not_after <= openings.end:
        return story.not_after, NO_ROOM
    return max(openings.end, earliest), FULL
