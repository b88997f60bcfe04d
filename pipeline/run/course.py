"""A run, top to bottom: what the person said, what is new, what is due. The only place that wires parts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from pipeline.config import keep
from pipeline.deliver import Outcome, recover
from pipeline.errors import EnvironmentFault, Interrupted, LockedError
from pipeline.handoff import destinations, every_destination
from pipeline.ledger import exclusive, lapse, open_ledger, snapshot
from pipeline.mirror import mirrors
from pipeline.model import WAITING_FOR_SEND, Plan, State
from pipeline.report.events import Blocked, Event, Observer, Summary
from pipeline.run.arranging import arrange_all
from pipeline.run.elsewhere import elsewhere
from pipeline.run.intake import look_around, take_in
from pipeline.run.looking import look
from pipeline.run.mirroring import mirror_due
from pipeline.run.outbox import look_after
from pipeline.run.outflow import send_due
from pipeline.run.preview import planned
from pipeline.run.pulled import forget_pulled, with_pulled
from pipeline.run.recording import recorded
from pipeline.run.reminding import remind
from pipeline.run.renditions import made_for
from pipeline.run.resting import leave_note, look_before, rests_until
from pipeline.run.room import tell_outbox
from pipeline.run.stranded import offer_elsewhere
from pipeline.run.telling import delivered, tell
from pipeline.run.timing import check_clock
from pipeline.run.trip import Destinations, Request, Trip
from pipeline.run.turns import Turns
from pipeline.run.upkeep import (
    forget_old_renditions,
    remove_what_a_crash_left,
    summary_of,
    tidy_share,
)
from pipeline.run.waiting import hear
from pipeline.run.withdrawing import withdraw_ended
from pipeline.tools.clock import Clock, now, pause
from pipeline.tools.signals import watched
from pipeline.tools.whereabouts import remember

if TYPE_CHECKING:
    from pipeline.config import Settings


def run(
    settings: Settings,
    request: Request,
    observe: Observer,
    clock: Clock = now,
    wait: Callable[[float], None] = pause,
) -> Summary:
    """One whole run. Raises LockedError, EnvironmentFault or Interrupted, with nothing lost.

    `wait` gets seconds; it's how the run waits for the turn of an account.
    """
    with (
        recorded(settings, observe, clock) as recorder,
        exclusive(settings.state),
        watched() as stop,
    ):
        before = look_before(settings, request)
        with open_ledger(settings.state, clock) as ledger, elsewhere(settings, ledger, stop) as farm:
            recorder.begin()
            trip = Trip(settings, request, ledger, recorder, stop, clock, pause=wait, elsewhere=farm)
            farm.out_of_time = trip.out_of_time
            summary = _run(trip)
            keep(settings)
            until = rests_until(trip, summary) if before else None
        if before and until:
            leave_note(settings.state, before, until)
        return summary


def plan(settings: Settings, request: Request, clock: Clock = now) -> Plan:
    """What a run would do now, by the same steps on a copy in memory. Writes nothing at all."""
    seen: list[Event] = []
    with snapshot(settings.state, clock) as ledger:
        trip = Trip(settings, request, ledger, seen.append, clock=clock)
        recover(ledger)
        _expire(trip)
        decided = take_in(trip, with_pulled(trip, look_around(trip)))
        arrange_all(trip)
        return planned(trip, decided, seen)


def _run(trip: Trip) -> Summary:
    settings, ledger = trip.settings, trip.ledger
    channels = every_destination(settings)
    check_clock(ledger, settings.state, trip.clock, is_right=trip.request.clock_is_right)
    untidy = ledger.untidy()
    number = ledger.begin_run()
    if untidy:
        remove_what_a_crash_left(settings)
    try:
        _work(trip, channels)
    except (Interrupted, LockedError) as ended:
        _close(trip, channels, untidy=untidy)
        _report(trip, number, ended.exit_code)
        raise
    _close(trip, channels, untidy=untidy)
    return _report(trip, number)


def _work(trip: Trip, channels: Destinations) -> None:
    hear(trip)
    for doubtful in recover(trip.ledger):
        tell(trip, doubtful, Outcome(doubtful.state, reason=doubtful.reason))
    _expire(trip)
    offer_elsewhere(trip)
    look_after(trip)
    if trip.ledger.moves:  # what has ended since may have stood in the way of the next
        with suppress(EnvironmentFault):
            withdraw_ended(trip.ledger, channels)
    if trip.settings.sources and not trip.request.paths:
        from pipeline.run.pulling import pull_new  # what fetches, and compares pictures

        pull_new(trip)
    take_in(trip, look(trip))
    arrange_all(trip)
    offering = destinations(trip.settings)
    turns = Turns(trip, offering)
    send_due(trip, _open(trip, offering, turns), turns)
    if trip.tally["offered"]:
        remember(trip.settings.state, "outbox", trip.settings.outbox)
    turns.tell()
    hear(trip)
    with suppress(EnvironmentFault):  # it's told in the end; what is handed over doesn't wait for servers
        withdraw_ended(trip.ledger, channels)
    mirror_due(trip, mirrors(trip.settings, trip.stop.requested, trip.clock), partial(made_for, trip))
    hear(trip)
    remind(trip)


def _close(trip: Trip, channels: Destinations, *, untidy: bool) -> None:
    if untidy or trip.ledger.moves:
        withdraw_ended(trip.ledger, channels)
    forget_old_renditions(trip)
    forget_pulled(trip)
    tidy_share(trip)


def _report(trip: Trip, number: int, exit_code: int | None = None) -> Summary:
    summary = summary_of(trip, number, exit_code)
    trip.ledger.end_run(number, summary.exit_code)
    trip.observe(summary)
    return summary


def _expire(trip: Trip) -> None:
    for delivery in trip.ledger.overdue(trip.now()):
        trip.stop.check()
        reason = "its time was over before it could be sent"
        if delivery.state in WAITING_FOR_SEND:
            reason = f"not confirmed within {delivery.lifetime_hours:g} hours"
        trip.ledger.move(delivery, lapse(delivery, State.EXPIRED, "expired", reason))
        trip.count("expired", delivered(delivery, Outcome(State.EXPIRED, reason=reason)))


def _open(trip: Trip, channels: Destinations, turns: Turns) -> Destinations:
    """The wanted destinations that something is due for and that can take it; the others say why not."""
    due = trip.ledger.due(trip.now(), list(filter(trip.wants, channels)))
    due = list(filter(turns.has_come, due))
    asked = channels.keys() & {delivery.destination for delivery in due}
    reasons = {name: reason for name in sorted(asked) if (reason := channels[name].blocked())}
    for name, reason in reasons.items():
        trip.count("blocked", Blocked(name, reason))
    if reasons:
        tell_outbox(trip)
    for delivery in due:
        if delivery.destination in reasons:
            trip.ledger.note(delivery, "blocked", reasons[delivery.destination])
    return {name: channels[name] for name in asked - reasons.keys()}
