"""Which state may follow which, and the events that later runs read."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import ENDED, State

_WAITING: frozenset[State] = frozenset(
    {State.OPENED, State.SHARED, State.CONFIRMED, State.SKIPPED, State.EXPIRED}
)

PUBLISHING = "publishing"
"""The event after which a delivery may be live."""
STOPPED = "stopped"
"""The event of a delivery that is parked because its whole lane stopped."""
ASKED = "asked"
"""The event of a delivery that is parked as it may repeat another; nothing of it has happened yet."""
LOOKED_FOR = "looked for"
NOT_LIVE = "not live"
CANNOT_TELL = "cannot tell"
RETRIED = "retried"
NOTIFIED = "notified"
"""The event of a message to the person, recorded before it is sent."""

FOLLOWS: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.ARMED, State.SKIPPED, State.EXPIRED, State.FAILED, State.PARKED}),
    State.ARMED: frozenset(
        {State.OFFERED, State.PUBLISHED, State.PARKED, State.UNKNOWN, State.FAILED, State.PLANNED}
    ),
    State.OFFERED: _WAITING,
    State.OPENED: _WAITING - {State.OPENED} | {State.OFFERED},
    State.SHARED: _WAITING - {State.OPENED, State.SHARED} | {State.OFFERED},
    State.CONFIRMED: frozenset({State.OFFERED}),
    State.PUBLISHED: frozenset(),
    State.SKIPPED: frozenset({State.PLANNED, State.OFFERED}),
    State.EXPIRED: frozenset({State.PLANNED, State.CONFIRMED}),
    State.FAILED: frozenset({State.PLANNED}),
    State.PARKED: frozenset({State.PLANNED, State.SKIPPED, State.EXPIRED}),
    State.UNKNOWN: frozenset({State.PLANNED, State.SKIPPED, State.PUBLISHED, State.CONFIRMED}),
}


def sources_of(target: State) -> frozenset[State]:
    """The states from which `target` may be reached."""
    return frozenset(state for state, following in FOLLOWS.items() if target in following)


OPEN = frozenset(State) - ENDED
