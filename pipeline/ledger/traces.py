"""What a delivery's events tell about its attempts to get published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pipeline.ledger import states
from pipeline.ledger.queries import Event, Queries
from pipeline.model import Delivery, Look, State
from pipeline.tools.plain import from_plain
from pipeline.values import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Trace:
    """How far the attempts have come.

    `armed` is what the latest attempt began with. `publishing` is what was recorded before the latest act
    whose end isn't certain, at `publishing_at`; None when there is none. `under_way` says that this act
    belongs to the latest attempt. `looks` were made since, the last one at `looked_at`, both on the local
    clock; `repeats` is how often a machine has let it be published again since a person last said so.
    """

    armed: Mapping[str, Any] = field(default_factory=dict)
    publishing: Mapping[str, Any] | None = None
    publishing_at: datetime | None = None
    under_way: bool = False
    looks: tuple[Look, ...] = ()
    looked_at: datetime | None = None
    repeats: int = 0
    asked: bool = False

    @property
    def settles_itself(self) -> bool:
        """Whether looking may still settle a doubt about it."""
        return self.publishing is not None and not self.asked


def trace(ledger: Queries, delivery: int) -> Trace:
    """What the ledger knows about a delivery's attempts."""
    return trace_of(ledger.events_of(delivery))


def doubts(ledger: Queries, destination: str | None = None) -> list[tuple[Delivery, Trace]]:
    """Everything in doubt that looking may settle, oldest first."""
    found = [(delivery, trace(ledger, delivery.id)) for delivery in ledger.in_doubt(destination)]
    return [(delivery, traced) for delivery, traced in found if traced.settles_itself]


def trace_of(events: Iterable[Event]) -> Trace:
    """The same from a delivery's events, oldest first."""
    traced = Trace()
    for event in events:
        traced = _after(traced, event)
    return traced


def _after(traced: Trace, event: Event) -> Trace:
    if event.from_state is State.PLANNED and event.to_state is State.ARMED:
        return replace(traced, armed=event.detail, under_way=False)
    if event.from_state is State.ARMED and event.to_state not in (State.ARMED, State.UNKNOWN):
        return _answered(traced)
    match event.event:
        case states.PUBLISHING:
            return replace(
                _without_doubt(traced), publishing=event.detail, publishing_at=event.at, under_way=True
            )
        case states.LOOKED_FOR:
            looks = (*traced.looks, from_plain(Look, event.detail))
            return replace(traced, looks=looks, looked_at=event.at)
        case states.NOT_LIVE:
            return replace(traced, repeats=traced.repeats + 1)
        case states.CANNOT_TELL:
            return replace(traced, asked=True)
        case states.RETRIED:
            return replace(traced, repeats=0, asked=False)
    return traced


def _answered(traced: Trace) -> Trace:
    """The attempt ended for certain; an earlier doubt stays when this one never came so far."""
    return _without_doubt(traced) if traced.under_way else traced


def _without_doubt(traced: Trace) -> Trace:
    return replace(
        traced, publishing=None, publishing_at=None, under_way=False, looks=(), looked_at=None, asked=False
    )
