"""What waits for a person or needs one, and when they were told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipeline.ledger.queries import Event, Queries
from pipeline.ledger.states import NOTIFIED, STOPPED
from pipeline.ledger.traces import doubts
from pipeline.model import NEEDS_A_PERSON, WAITING_FOR_SEND, State
from pipeline.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Notice:
    """A delivery that calls for a person `since` then, and every moment they were `told` since.

    `alone` says that it's parked for a reason of its own, not with its whole lane.
    """

    delivery: int
    state: State
    since: datetime
    told: tuple[datetime, ...] = ()
    alone: bool = True


def notices(ledger: Queries) -> list[Notice]:
    """What the person is to send, and what only they can settle.

    The former waits since it was offered, also when an answer was taken back. The latter is parked for a
    reason of its own, or in doubt so that looking can't tell.
    """
    found = _notices(ledger.history_of_those_in(WAITING_FOR_SEND | NEEDS_A_PERSON))
    doubtful = any(one.state is State.UNKNOWN for one in found)
    settling = {delivery.id for delivery, _ in doubts(ledger)} if doubtful else set()
    return [one for one in found if one.alone and one.delivery not in settling]


def _notices(events: Iterable[Event]) -> list[Notice]:
    found: dict[int, Notice] = {}
    for event in events:
        known = found.get(event.delivery)
        if event.event == NOTIFIED and known:
            told_at = max(event.at, known.since)  # the clock may have been set back meanwhile
            found[event.delivery] = replace(known, told=(*known.told, told_at))
        elif known is None or event.from_state is State.ARMED or event.to_state in NEEDS_A_PERSON:
            alone = event.event != STOPPED
            found[event.delivery] = Notice(event.delivery, event.to_state, event.at, alone=alone)
        else:
            found[event.delivery] = replace(known, state=event.to_state)
    return list(found.values())
