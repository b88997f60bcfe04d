"""Stories for accounts that go after the person has sent them: each keeps its place until then."""

from __future__ import annotations

from typing import assert_never

from pipeline.deliver import Outcome
from pipeline.ledger import Move
from pipeline.model import Delivery, State
from pipeline.plan.following import GiveUp, Go, Verdict, Wait
from pipeline.report.following import follow_of
from pipeline.run.telling import tell
from pipeline.run.trip import Trip


def may_follow(trip: Trip, delivery: Delivery) -> Verdict:
    """Whether it may be published; what may not says why, or is given up with what it followed."""
    found = follow_of(trip.ledger, trip.settings, delivery, trip.now())
    match found:
        case Go():
            pass
        case Wait(reason):
            trip.ledger.note(delivery, "waits", reason)
        case GiveUp(reason):
            if trip.ledger.move(delivery, Move(State.SKIPPED, "given up", reason)):
                tell(trip, delivery, Outcome(State.SKIPPED, reason=reason))
        case _:
            assert_never(found)
    return found
