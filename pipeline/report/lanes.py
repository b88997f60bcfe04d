"""How the accounts stand that stories are published to: whose turn it is when, and what holds them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.ledger import Ledger, Trace, doubts
from pipeline.ledger.attempts import Ended
from pipeline.model import Delivery, State
from pipeline.plan.pace import Limits, Quiet, Tried, Turn, turn
from pipeline.report.following import followers
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import Account, Settings

MAY_BE_LIVE = frozenset({State.PUBLISHED, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """One account's lane: `held` deliveries have their time but not their turn.

    `stopped` says why a person must act before anything goes on. `next_look_at` is when the first of the
    doubtful deliveries is looked at.
    """

    destination: str
    account: str
    turn: Turn
    held: int
    stopped: str | None = None
    doubtful: int = 0
    next_look_at: datetime | None = None

    @property
    def reason(self) -> str | None:
        """What holds the lane back; None when its turn is now."""
        return self.stopped or self.turn.reason


def accounts(settings: Settings) -> Iterator[tuple[str, Account]]:
    """Every destination that is published to, with its account."""
    for name, chosen in settings.destinations.items():
        if chosen.enabled and chosen.account is not None:
            yield name, settings.accounts[chosen.account]


def account_of(settings: Settings, name: str) -> Account:
    """The account of one destination that is published to."""
    return settings.accounts[settings.destinations[name].account or ""]


def lanes_of(ledger: Ledger, settings: Settings, at: datetime) -> tuple[LaneStatus, ...]:
    """How every account stands at a moment."""
    return tuple(lane_of(ledger, settings, name, at) for name, _ in accounts(settings))


def lane_of(ledger: Ledger, settings: Settings, name: str, at: datetime) -> LaneStatus:
    """How one destination's account stands, from the ledger alone."""
    settle = settle_of(settings, name)
    open_doubts = doubts(ledger, name)
    return LaneStatus(
        name,
        settings.destinations[name].account or "",
        turn_of(ledger, settings, name, at),
        ledger.count_due(name, at) - sum(1 for _ in followers(ledger, settings, name, at)),
        ledger.lane(name).stopped,
        len(open_doubts),
        min((next_look_at(traced, settle) for _, traced in open_doubts), default=None),
    )


def turn_of(ledger: Ledger, settings: Settings, name: str, at: datetime) -> Turn:
    """When the account's next story may go out, and why not before."""
    account = account_of(settings, name)
    lane = ledger.lane(name)
    limits = Limits(
        account.pace,
        settle_of(settings, name),
        quiet=_quiet(settings, name, account),
        rest_until=lane.rest_until,
        rest_reason=lane.rest_reason and f"the account rests: {lane.rest_reason}",
    )
    tried = [_tried(ended) for ended in ledger.attempts(name, at - limits.memory)]
    return _after_doubts(turn(tried, limits, at), doubts(ledger, name), limits.settle)


def settle_of(settings: Settings, name: str) -> timedelta:
    """How long a story may take to show up there."""
    return timedelta(minutes=account_of(settings, name).patience.settle_minutes)


def next_look_at(traced: Trace, settle: timedelta) -> datetime:
    """When it's worth while to look: a settle after the act, then a settle after each look.

    On the local clock, as nobody asks the server for its time before. What a look tells is counted by the
    server's clock alone.
    """
    last = traced.looked_at or traced.publishing_at
    if last is None:
        raise ValueError("nothing was published that could be looked for")
    return last + settle


def _tried(ended: Ended) -> Tried:
    return Tried(ended.at, ended.to_state in MAY_BE_LIVE, ended.to_state is State.UNKNOWN)


def _after_doubts(turn: Turn, open_doubts: Sequence[tuple[Delivery, Trace]], settle: timedelta) -> Turn:
    """Nothing is published while a doubt may settle itself: its story and the next would be mixed up."""
    if not open_doubts:
        return turn
    first_look_at = min(next_look_at(traced, settle) for _, traced in open_doubts)
    names = ", ".join(str(delivery.id) for delivery, _ in open_doubts)
    return Turn(max(turn.at, first_look_at), f"delivery {names} is in doubt, and is looked for first")


def _quiet(settings: Settings, name: str, account: Account) -> tuple[Quiet, ...]:
    from pipeline.config.hours import zone

    everywhere = settings.timezone()
    own = zone(account.timezone) if account.timezone else everywhere
    return (Quiet(settings.schedule_of(name).quiet_hours, everywhere), Quiet(account.pace.quiet_hours, own))
