"""Publishing to accounts: one after the other, each story in its turn, after everything else is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.deliver import deliver
from pipeline.destination import Mirror
from pipeline.errors import DeliveryError, NeedsPerson
from pipeline.model import Delivery, Rendition, State
from pipeline.plan.following import GiveUp, Go, Wait
from pipeline.plan.pace import Turn
from pipeline.report.events import Blocked, Held, Postponed, Stopped, Waiting
from pipeline.report.lanes import accounts, lane_of, turn_of
from pipeline.run.arranging import has_no_moment
from pipeline.run.doubts import look_for, to_look_for
from pipeline.run.following import may_follow
from pipeline.run.presence import in_place
from pipeline.run.telling import tell
from pipeline.run.trip import Mirrors, Trip
from pipeline.run.waiting import wait_until
from pipeline.tools.files import sha256_of

GO_ON = frozenset({State.PUBLISHED, State.FAILED})
"""After these the next story has its turn; anything else is a reason to leave the account alone."""
Maker = Callable[[Delivery], Rendition | None]


@dataclass(slots=True)
class Round:
    """One account's part of a run; stories in `passed` wait for another run."""

    trip: Trip
    name: str
    mirror: Mirror
    made: Maker
    wait_left_s: float
    passed: set[str] = field(default_factory=set)

    def turn(self) -> Turn | None:
        """Now, or after a pause that is short enough; None when it's too long, or more than a pause.

        Who waits holds the lock, and new files for other destinations wait too.
        """
        trip = self.trip
        turn = turn_of(trip.ledger, trip.settings, self.name, trip.now())
        wait_s = (turn.at - trip.now()).total_seconds()
        return turn if turn.is_near and wait_s <= min(self.wait_left_s, trip.time_left_s()) else None

    def wait_for(self, turn: Turn) -> bool:
        """Wait for it; whether it has come before the time was over."""
        if turn.at > self.trip.now():
            self.trip.observe(Waiting(self.name, turn.at, turn.reason or ""))
            self.wait_left_s -= wait_until(self.trip, turn.at)
        return turn.at <= self.trip.now()

    def next(self) -> Delivery | None:
        """The first story that is due; a part waits for those before it."""
        trip, waits = self.trip, set[str]()
        for delivery in trip.ledger.due_there(self.name, trip.now()):
            if delivery.asset in self.passed | waits or not trip.has_room_for(delivery.asset):
                continue
            match may_follow(trip, delivery):
                case Wait(ended=False):
                    waits.add(delivery.asset)
                    continue
                case Wait() | GiveUp():
                    continue
            if has_no_moment(trip, delivery):
                continue
            if in_place(trip, delivery):
                return delivery
            self.passed.add(delivery.asset)
        return None


def mirror_due(trip: Trip, mirrors: Mirrors, made: Maker) -> None:
    """Settle what is in doubt and publish what is due, as the accounts' pace allows."""
    for name, account in accounts(trip.settings):
        if name in mirrors and trip.wants(name):
            trip.stop.check()
            _serve(Round(trip, name, mirrors[name], made, account.pace.wait_minutes * 60))


def _serve(round_: Round) -> None:
    trip, name = round_.trip, round_.name
    stopped = trip.ledger.lane(name).stopped
    if stopped:
        trip.ledger.stop(name, stopped)  # what has become due since is parked with the rest
        _tell_held(round_)
        return
    doubtful = to_look_for(trip, name)
    if doubtful or (not trip.out_of_time() and round_.turn() and round_.next()):
        try:
            if _is_open(round_):
                for delivery in doubtful:
                    trip.stop.check()
                    look_for(trip, delivery, round_.mirror)
                _publish(round_)
        except NeedsPerson as failure:
            _stop(round_, str(failure))
    _tell_held(round_)


def _is_open(round_: Round) -> bool:
    """Whether the account can be used now; if not, what is due says why not."""
    trip, name = round_.trip, round_.name
    try:
        reason = round_.mirror.blocked()
    except NeedsPerson:
        raise
    except DeliveryError as failure:
        reason = str(failure)
        if failure.rest_until is not None:
            trip.ledger.rest(name, failure.rest_until, reason)
    if reason is None:
        return True
    trip.count("blocked", Blocked(name, reason))
    first = next(trip.ledger.due_there(name, trip.now()), None)
    if first is not None:
        trip.ledger.note(first, "blocked", reason)
    return False


def _publish(round_: Round) -> None:
    trip = round_.trip
    while not trip.out_of_time():
        turn = round_.turn()
        delivery = round_.next() if turn else None
        if turn is None or delivery is None:
            return
        trip.stop.check()
        rendition = round_.made(delivery)
        if rendition is None:
            round_.passed.add(delivery.asset)
            continue
        if not round_.wait_for(turn):
            continue
        now = trip.ledger.delivery(delivery.id)
        if now is None or now.state is not State.PLANNED or may_follow(trip, now) != Go():
            continue  # an answer has come meanwhile
        if not _is_intact(trip, now, rendition):
            round_.passed.add(delivery.asset)
        elif not _send(round_, now, rendition):
            return


def _is_intact(trip: Trip, delivery: Delivery, rendition: Rendition) -> bool:
    """Whether the file still is what was verified; else it's made anew by the next run."""
    if rendition.path.exists() and sha256_of(rendition.path) == rendition.sha256:
        return True
    rendition.path.unlink(missing_ok=True)
    reason = "what was made of it is damaged; the next run makes it anew"
    trip.count("postponed", Postponed(delivery.path, reason))
    return False


def _send(round_: Round, delivery: Delivery, rendition: Rendition) -> bool:
    """Whether the account may take another one after this."""
    trip = round_.trip
    trip.stories.add(delivery.asset)
    outcome = deliver(delivery, rendition, round_.mirror, trip.ledger, trip.clock)
    tell(trip, delivery, outcome)
    own_matter = outcome.state is State.PARKED and trip.ledger.lane(round_.name).stopped is None
    return outcome.state in GO_ON or own_matter


def _stop(round_: Round, reason: str) -> None:
    parked = round_.trip.ledger.stop(round_.name, reason)
    round_.trip.count("stopped", Stopped(round_.name, parked, reason))


def _tell_held(round_: Round) -> None:
    trip, name = round_.trip, round_.name
    standing = lane_of(trip.ledger, trip.settings, name, trip.now())
    parked = len(trip.ledger.stopped_with_its_lane(name)) if standing.stopped else 0
    held = standing.held + parked
    if not held or standing.reason is None:
        return
    until = None if standing.stopped else standing.turn.at
    trip.observe(Held(name, held, standing.reason, until))
