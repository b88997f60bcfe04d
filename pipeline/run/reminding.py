"""Word to the person at the end of a run: at most one message, recorded before it is sent.

A run that dies in between has told nobody, and doesn't try again: a lost message is only that, and a
reminder follows, while one that comes twice would be no help.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault
from pipeline.ledger import Lane
from pipeline.ledger.notices import notices
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND, Delivery
from pipeline.notify import Address, Message, Sent, addresses, send
from pipeline.plan.reminders import Manner, Waiting, is_due, is_quiet
from pipeline.report.events import Notified, Unheard
from pipeline.report.lanes import accounts
from pipeline.report.sources import stopped_sources
from pipeline.report.tidings import Tidings, message_of
from pipeline.run.tokens import tell_of_tokens
from pipeline.run.trip import Trip

if TYPE_CHECKING:
    from pipeline.config import Settings


def remind(trip: Trip) -> None:
    """Tell the person what they should know by now; a notifier that fails is only told of."""
    settings, tokens = trip.settings, tell_of_tokens(trip)
    if not settings.notify.urls or is_quiet(_manner(settings), trip.now()):
        return
    tidings = _tidings(trip, tokens if settings.notify.trouble else ())
    if not (tidings.to_send or tidings.stuck or tidings.stopped or tidings.warnings):
        return
    trip.ledger.notify((*tidings.to_send, *tidings.stuck), [lane.name for lane, _ in tidings.stopped])
    message = message_of(tidings, settings.notify.link or settings.page.url)
    outcomes = _sent(addresses(settings), message)
    if any(one.why is None for one in outcomes):
        trip.observe(Notified(message.title))
    for one in outcomes:
        if one.why is not None:
            trip.count("unheard", Unheard(one.name, one.why))


def _sent(to: list[Address], message: Message) -> list[Sent]:
    try:
        return send(to, message)
    except EnvironmentFault as missing:
        return [Sent("notify", str(missing))]


def _tidings(trip: Trip, warnings: tuple[str, ...]) -> Tidings:
    """Once anything is due to be told, all that waits for Send is told with it."""
    at, manner, trouble = trip.now(), _manner(trip.settings), trip.settings.notify.trouble
    calls = [(one, found) for one in notices(trip.ledger) if (found := trip.ledger.delivery(one.delivery))]
    waiting = [(one, found) for one, found in calls if found.state in WAITING_FOR_SEND]
    due = any(is_due(Waiting(one.since, found.expires_at, one.told), manner, at) for one, found in waiting)
    good = [(one, found) for one, found in waiting if due and not _is_over(found, at)]
    return Tidings(
        at,
        fresh=tuple(found for one, found in good if not one.told),
        still=tuple(found for one, found in good if one.told),
        stuck=tuple(found for one, found in calls if _is_stuck(found) and not one.told and trouble),
        stopped=tuple(_stopped(trip)) if trouble else (),
        warnings=warnings,
    )


def _stopped(trip: Trip) -> Iterable[tuple[Lane, str]]:
    served = {name: trip.settings.destinations[name].account or "" for name, _ in accounts(trip.settings)}
    served |= dict(stopped_sources(trip.settings))
    for lane in trip.ledger.stopped_untold() if served else ():
        if lane.name in served:
            yield lane, served[lane.name]


def _is_stuck(delivery: Delivery) -> bool:
    return delivery.state in NEEDS_A_PERSON


def _is_over(delivery: Delivery, at: datetime) -> bool:
    return delivery.expires_at is not None and delivery.expires_at <= at


def _manner(settings: Settings) -> Manner:
    chosen = settings.notify
    return Manner(
        ready=chosen.ready,
        after=tuple(timedelta(hours=hours) for hours in chosen.remind_hours),
        before_end=None if chosen.last_hours is None else timedelta(hours=chosen.last_hours),
        quiet=chosen.quiet_hours or settings.schedule.quiet_hours,
        zone=settings.timezone(),
    )
