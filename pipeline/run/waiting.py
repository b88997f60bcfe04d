"""What goes on between two acts: the person's answers are heard, and a turn is waited for."""

from __future__ import annotations

from datetime import datetime

from pipeline.ledger.answers import apply, take
from pipeline.run.trip import Trip

BREATH_S = 1.0
"""How long a signal or an answer may go unheard."""


def hear(trip: Trip) -> None:
    """Carry out what the person has said meanwhile."""
    for said in take(trip.settings.state):
        apply(trip.ledger, said)


def wait_until(trip: Trip, moment: datetime) -> float:
    """Wait, with no transaction open; the seconds that it took. Raises Interrupted when asked to stop.

    It ends early when the caller's time is over. A clock that is set back meanwhile doesn't prolong it.
    """
    needed_s = max(0.0, (moment - trip.now()).total_seconds())
    waited_s = 0.0
    while waited_s < needed_s and trip.now() < moment and not trip.out_of_time():
        trip.stop.check()
        breath_s = min(BREATH_S, needed_s - waited_s)
        trip.pause(breath_s)
        waited_s += breath_s
        hear(trip)
    trip.stop.check()
    return waited_s
