"""Where a person can only be offered one story at a time: the others wait until they have answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.destination import Ahead
from pipeline.model import Delivery
from pipeline.report.events import Held
from pipeline.run.trip import Destinations, Trip


@dataclass(slots=True)
class Turns:
    """Whose turn it is. To wait for the person is no failure, so nothing of it counts as one."""

    trip: Trip
    channels: Destinations
    held: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def has_come(self, delivery: Delivery) -> bool:
        """Whether it may go out; if not, the ledger says why.

        Where there is another way, a story takes it; but no part goes before the person has answered for
        the one in front of it.
        """
        channel = self.channels.get(delivery.destination)
        ahead = channel.ahead() if channel else None
        if ahead is None or not (ahead.alone or self._follows(delivery, ahead)):
            return True
        self.trip.ledger.note(delivery, "held", ahead.reason)
        self.held[delivery.destination, ahead.reason].add(delivery.id)
        return False

    def tell(self) -> None:
        """One line for each destination and what it waits for."""
        for (name, reason), waiting in self.held.items():
            self.trip.observe(Held(name, len(waiting), reason, None))

    def _follows(self, delivery: Delivery, ahead: Ahead) -> bool:
        first = self.trip.ledger.delivery(ahead.delivery)
        return (
            first is not None
            and (first.asset, first.destination) == (delivery.asset, delivery.destination)
            and first.part < delivery.part
        )
