"""What holds a source back: its account was stopped or rests, or a run has just looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from pipeline.errors import DeliveryError, NeedsPerson
from pipeline.plan.origin import lane_of_source, lanes_of_source
from pipeline.report.events import Stopped
from pipeline.report.words import moment
from pipeline.run.trip import Trip
from pipeline.tools.files import write_hint


def why_not_now(trip: Trip, source: str, *, named: bool) -> str | None:
    """Why a source isn't asked now: the same account may be published to, and then shares its troubles.

    Who names it has acted, and it's tried although it was stopped.
    """
    for name in _lanes(trip, source):
        lane = trip.ledger.lane(name)
        if lane.stopped and not named:
            return lane.stopped
        if lane.rest_until is not None and lane.rest_until > trip.now():
            until = moment(lane.rest_until, trip.now(), trip.settings.timezone())
            return f"left alone until {until}: {lane.rest_reason}"
    return None


def just_looked(trip: Trip, source: str) -> str | None:
    """Why nothing is gained by another look, where somebody has looked a short time ago."""
    rest = timedelta(minutes=trip.settings.sources[source].rest_minutes)
    last = _last_look(trip, source)
    if last is None or not last <= trip.now() < last + rest:
        return None
    zone = trip.settings.timezone()
    asked, again = (moment(at, trip.now(), zone) for at in (last, last + rest))
    return f"asked at {asked}, and again from {again}; storyrelay pull {source} asks now"


def looked(trip: Trip, source: str) -> None:
    """Remember that somebody has looked, and go on if it was stopped before."""
    if trip.ledger.lane(lane_of_source(source)).stopped:
        trip.ledger.release(lane_of_source(source))
    if trip.settings.sources[source].rest_minutes:
        write_hint(_file(trip, source), trip.now().isoformat().encode())


def hold_back(trip: Trip, source: str, failure: DeliveryError) -> None:
    """Rest or stop all that the same account serves, as the failure says."""
    for name in _lanes(trip, source):
        if isinstance(failure, NeedsPerson):
            parked = trip.ledger.stop(name, str(failure))
            if name == lane_of_source(source) or parked:
                trip.count("stopped", Stopped(name, parked, str(failure)))
        elif failure.rest_until is not None:
            trip.ledger.rest(name, failure.rest_until, str(failure))


def _lanes(trip: Trip, source: str) -> tuple[str, ...]:
    settings = trip.settings
    return lanes_of_source(source, settings.sources[source].instagram, settings.destinations)


def _last_look(trip: Trip, source: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_file(trip, source).read_text())
    except (OSError, ValueError):
        return None


def _file(trip: Trip, source: str) -> Path:
    return trip.settings.state / "seen" / f"asked-{source}"
