"""The queue keeps its rules, whatever waits, whenever runs come, and whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fakes.planning import FakeSchedule, QuietFrom
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.model import Order, Waiting, WeeklySlots
from pipeline.plan.due import after_quiet_hours
from pipeline.plan.openings import FULL, NO_ROOM, Terms, slots_between
from pipeline.plan.queue import Arrangement, Past, arrange, order_key
from pipeline.plan.slots import DAY, day_of, moment_of

CHANGES = {
    "Europe/Berlin": (date(2027, 3, 28), date(2027, 10, 31)),
    "America/New_York": (date(2027, 3, 14), date(2027, 11, 7)),
    "America/Sao_Paulo": (date(2018, 11, 4), date(2018, 2, 18)),
    "Australia/Lord_Howe": (date(2027, 10, 3), date(2027, 4, 4)),
}
ZONES = st.sampled_from(sorted(CHANGES))
WALLS = st.builds(time, st.sampled_from((0, 1, 2, 3, 9, 18, 23)), st.sampled_from((0, 15, 30)))
SLOTS = st.lists(
    st.builds(
        lambda days, walls: WeeklySlots(tuple(sorted(days)), tuple(sorted(walls))),
        st.sets(st.integers(0, 6), min_size=1),
        st.sets(WALLS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
QUIET = st.none() | st.builds(QuietFrom, st.just(time(22)), st.sampled_from((time(1, 30), time(7))))
HOURS = st.integers(-30, 90)


@st.composite
def schedules(draw: st.DrawFn) -> FakeSchedule:
    slots = draw(st.just(()) | SLOTS)
    per_day = draw((st.none() if slots else st.nothing()) | st.integers(1, 3))
    order: Order = draw(st.sampled_from(("name", "date", "sidecar")))
    return FakeSchedule(draw(QUIET), slots, per_day, order)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Terms, datetime, list[Waiting]]:
    name = draw(ZONES)
    zone = ZoneInfo(name)
    change = draw(st.sampled_from(CHANGES[name]))
    now = moment_of(change, time(), zone) + draw(st.integers(-30, 30)) * timedelta(hours=1)
    waiting = [_story(draw, number, now) for number in range(draw(st.integers(0, 9)))]
    return Terms(draw(schedules()), zone), now, waiting


def _story(draw: st.DrawFn, number: int, now: datetime) -> Waiting:
    hour = timedelta(hours=1)
    not_before = draw(st.none() | HOURS.map(lambda hours: now + hours * hour))
    return Waiting(
        asset=f"{number}",
        destination="whatsapp",
        number=number,
        path=Path(draw(st.sampled_from("abc"))),
        position=draw(st.none() | st.integers(-1, 2)),
        dated=draw(st.none() | HOURS.map(lambda hours: now + hours * hour)),
        not_before=not_before,
        not_after=draw(
            st.none() | st.integers(1, 90).map(lambda hours: max(now, not_before or now) + hours * hour)
        ),
    )


def moments(found: Arrangement) -> list[datetime]:
    return [one.moment for one in found.given if one.moment and one.reason not in {NO_ROOM, FULL}]


@given(situations())
def test_every_moment_is_allowed_and_in_slots_used_once(case: tuple[Terms, datetime, list[Waiting]]) -> None:
    terms, now, waiting = case
    found = arrange(waiting, Past(), terms, now)
    assert not found.going
    assert len(found.given) == len(waiting)
    quiet = terms.schedule.quiet_hours
    for one in found.given:
        assert one.moment is not None
        if one.reason not in {NO_ROOM, FULL}:
            assert now <= one.moment
            assert one.story.not_before is None or one.story.not_before <= one.moment
            assert one.story.not_after is None or one.moment < one.story.not_after
            assert after_quiet_hours(one.moment, quiet, terms.zone) == one.moment
    if terms.schedule.slots:
        given_moments = moments(found)
        assert len(set(given_moments)) == len(given_moments)
        assert set(given_moments) <= set(slots_between(terms, now, now + 400 * DAY))


@given(situations())
def test_no_day_gets_more_than_its_number(case: tuple[Terms, datetime, list[Waiting]]) -> None:
    terms, now, waiting = case
    today = day_of(now, terms.zone)
    found = arrange(waiting, Past(begun={today: 1}), terms, now)
    days = Counter(day_of(moment, terms.zone) for moment in moments(found))
    assert all(number <= terms.most() - (day == today) for day, number in days.items())


@given(situations())
def test_nobody_overtakes_but_those_who_may_go_earlier(case: tuple[Terms, datetime, list[Waiting]]) -> None:
    terms, now, waiting = case
    placed = [one for one in arrange(waiting, Past(), terms, now).given if one.reason not in {NO_ROOM, FULL}]
    placed.sort(key=lambda one: order_key(one.story, terms))
    for place, first in enumerate(placed):
        for second in placed[place + 1 :]:
            assert first.moment is not None
            assert second.moment is not None
            overtakes = second.moment < first.moment
            earliest = after_quiet_hours(max(now, first.story.not_before or now), None, terms.zone)
            assert not overtakes or second.moment < earliest or not terms.schedule.slots


@given(situations())
def test_the_same_situation_gives_the_same_again_in_any_sequence(
    case: tuple[Terms, datetime, list[Waiting]],
) -> None:
    terms, now, waiting = case
    found = arrange(waiting, Past(), terms, now)
    assert arrange(waiting[::-1], Past(), terms, now) == found
    later = [replace(one.story, moment=one.moment, turn=one.turn) for one in found.given]
    again = arrange([story for story in later if story.moment != now], Past(), terms, now)
    if not any(story.moment == now for story in later):
        assert [(one.story.number, one.moment) for one in again.given] == [
            (one.story.number, one.moment) for one in found.given
        ]


@given(situations(), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_over_many_runs_everything_goes_once_at_its_time_and_as_many_a_day_as_there_may(
    case: tuple[Terms, datetime, list[Waiting]], pauses: list[int]
) -> None:
    terms, now, waiting = case
    assume(_ever(terms, now))
    queue = {story.number: replace(story, not_after=None) for story in waiting}
    out: dict[int, datetime] = {}
    used: list[datetime] = []
    for pause_h in [*pauses, *[6] * 4 * 7 * 20]:
        begun = Counter(day_of(at, terms.zone) for at in out.values())
        found = arrange(list(queue.values()), Past(set(used), begun), terms, now)
        for one in found.given:
            queue[one.story.number] = replace(one.story, moment=one.moment, turn=one.turn)
        due = [story for story in queue.values() if story.moment and story.moment <= now]
        quiet = after_quiet_hours(now, terms.schedule.quiet_hours, terms.zone) > now
        for story in [] if quiet else due:
            assert story.not_before is None or story.not_before <= now
            assert story.moment is not None
            out[story.number] = now
            used.append(story.moment)
            del queue[story.number]
        if not queue:
            break
        now += timedelta(hours=pause_h)
    assert queue == {}
    days = Counter(day_of(at, terms.zone) for at in out.values())
    assert all(number <= terms.most() for number in days.values())
    assert not terms.schedule.slots or len(set(used)) == len(used)


def _ever(terms: Terms, now: datetime) -> bool:
    """Whether there is any slot outside quiet hours in a week."""
    return not terms.schedule.slots or any(slots_between(terms, now.astimezone(UTC), now + 7 * DAY))
