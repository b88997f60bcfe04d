"""Publishing to accounts: one story after the other, each in its turn, after everything else is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from pipeline.run.asking import Asked, first_answered
from pipeline.run.doubts import look_for, to_look_for
from pipeline.run.following import may_follow
from pipeline.run.presence import in_place
from pipeline.run.telling import tell
from pipeline.run.trip import Mirrors, Trip
from pipeline.run.waiting import wait_until
from pipeline.tools.files import sha256_of

GO_ON = frozenset({State.PUBLISHED, State.FAILED})
"""After these the next story has its turn; anything else is a reason to leave the account alone."""
SEVERAL = 2
Maker = Callable[[Delivery], Rendition | None]


@dataclass(slots=True)
class Round:
    """One account's part of a run; stories in `passed` wait for another run, what is next is `ready`."""

    trip: Trip
    name: str
    mirror: Mirror
    made: Maker
    wait_left_s: float
    passed: set[str] = field(default_factory=set)
    ready: tuple[Delivery, Rendition] | None = None
    asked: Asked | None = None

    def has_work(self) -> bool:
        """Whether there is anything to ask the account for."""
        trip = self.trip
        if trip.ledger.lane(self.name).stopped:
            return False
        return bool(to_look_for(trip, self.name)) or (
            not trip.out_of_time() and self.turn() is not None and self.next() is not None
        )

    def blocked(self) -> str | None:
        """Why the account can't be used now; asked once, perhaps long ago. Raises as a mirror does."""
        asked, self.asked = self.asked, None
        return asked.answer() if asked else self.mirror.blocked()

    def turn(self) -> Turn | None:
        """Now, or after a pause that is short enough; None when it's too long, or more than a pause.

        Who waits holds the lock, and new files for other destinations wait too.
        """
        trip = self.trip
        turn = turn_of(trip.ledger, trip.settings, self.name, trip.now())
        wait_s = (turn.at - trip.now()).total_seconds()
        return turn if turn.is_near and wait_s <= min(self.wait_left_s, trip.time_left_s()) else None

    def wait_for(self, turn: Turn) -> None:
        """Wait for it, until the time is over."""
        if turn.at > self.trip.now():
            self.trip.observe(Waiting(self.name, turn.at, turn.reason or ""))
            self.wait_left_s -= wait_until(self.trip, turn.at)

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
    """Settle what is in doubt and publish what is due, as the accounts' pace allows.

    What has its turn goes out at every account before anything is waited for, and then they wait together:
    100 accounts with pauses of 2 minutes, one after the other, were a run of some ten hours.
    """
    waiting: list[tuple[Round, Turn]] = []
    rounds = [
        Round(trip, name, mirrors[name], made, account.pace.wait_minutes * 60)
        for name, account in accounts(trip.settings)
        if name in mirrors and trip.wants(name)
    ]
    for round_ in _as_networks_answer(trip, rounds):
        trip.stop.check()
        round_.mirror.keep_only(())
        later = _serve(round_)
        waiting += [(round_, later)] if later else []
    while waiting:
        first = min(waiting, key=lambda one: one[1].at)
        waiting.remove(first)
        round_, turn = first
        round_.wait_for(turn)
        later = _publish(round_)
        if later is None:
            _tell_held(round_)
        waiting += [(round_, later)] if later else []


def _as_networks_answer(trip: Trip, rounds: list[Round]) -> Iterator[Round]:
    """All rounds; those of a network that is slow to answer, or never does, come after all others.

    Each network is asked by the first account there that has anything to do.
    """
    by_network: dict[tuple[str, str], list[Round]] = {}
    for round_ in rounds:
        chosen = trip.settings.destinations[round_.name]
        by_network.setdefault((chosen.via, chosen.platform), []).append(round_)
    if len(by_network) < SEVERAL:
        yield from rounds
        return
    busy = {network: first for network, theirs in by_network.items() if (first := _first_busy(theirs))}
    for network in by_network.keys() - busy.keys():
        yield from by_network[network]
    asked = {network: Asked(round_.mirror.blocked) for network, round_ in busy.items()}
    for network, round_ in busy.items():
        round_.asked = asked[network]
    while asked:
        network = first_answered(asked, trip.stop)
        yield from by_network[network]
        del asked[network]


def _first_busy(rounds: list[Round]) -> Round | None:
    return next((round_ for round_ in rounds if round_.has_work()), None)


def _serve(round_: Round) -> Turn | None:
    """All that can be done at an account now; the turn that is worth waiting for then."""
    trip, name, later = round_.trip, round_.name, None
    stopped = trip.ledger.lane(name).stopped
    if stopped:
        trip.ledger.stop(name, stopped)  # what has become due since is parked with the rest
        _tell_held(round_)
        return None
    if round_.asked or round_.has_work():
        doubtful = to_look_for(trip, name)
        try:
            if _is_open(round_):
                for delivery in doubtful:
                    trip.stop.check()
                    look_for(trip, delivery, round_.mirror)
                later = _publish(round_)
        except NeedsPerson as failure:
            _stop(round_, str(failure))
    if later is None:
        _tell_held(round_)
    return later


def _is_open(round_: Round) -> bool:
    """Whether the account can be used now; if not, what is due says why not."""
    trip, name = round_.trip, round_.name
    try:
        reason = round_.blocked()
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


def _publish(round_: Round) -> Turn | None:
    """Publish what has its turn now; the next one's turn, if it's worth waiting for."""
    trip = round_.trip
    while not trip.out_of_time():
        turn = round_.turn()
        if turn is None or not _prepare(round_):
            return None
        if turn.at > trip.now():
            return turn
        if not _goes_on(round_):
            return None
    return None


def _prepare(round_: Round) -> bool:
    """Make what is next, while its turn may still be to come; whether there is anything."""
    trip = round_.trip
    while not trip.out_of_time() and (delivery := round_.next()):
        if round_.ready and round_.ready[0].id == delivery.id:
            return True
        trip.stop.check()
        rendition = round_.made(delivery)
        if rendition is not None:
            round_.ready = (delivery, rendition)
            return True
        round_.passed.add(delivery.asset)
    return False


def _goes_on(round_: Round) -> bool:
    """Send what is ready; whether the account may take another one after it."""
    trip = round_.trip
    if round_.ready is None:
        return True
    (delivery, rendition), round_.ready = round_.ready, None
    now = trip.ledger.delivery(delivery.id)
    if now is None or now.state is not State.PLANNED or may_follow(trip, now) != Go():
        return True  # an answer has come meanwhile
    if _is_intact(trip, now, rendition):
        return _send(round_, now, rendition)
    round_.passed.add(delivery.asset)
    return True


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
