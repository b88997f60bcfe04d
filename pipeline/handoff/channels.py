"""A destination's ways to the person, in the order of the config: the first that can takes a story."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from pipeline.destination import Ahead, Journal, Parcel, Receipt
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.values import dataclass, replace


class Member(Protocol):
    """One way to the person; doing the same twice must be harmless."""

    @property
    def kind(self) -> str:
        """Its name in the config."""

    def ahead(self) -> Ahead | None:
        """What must be answered before it takes another; None for a way that takes any number."""

    def blocked(self) -> str | None:
        """Why it can't take anything now, or None."""

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        """Offer a story. TryAgain sends it to the next member."""

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Withdraw everything but these. Raises EnvironmentFault."""


@dataclass(frozen=True, slots=True)
class Channels:
    """One destination over all its ways; `retired` ones only withdraw what they laid out when chosen."""

    name: str
    members: tuple[Member, ...]
    retired: tuple[Member, ...] = ()

    def ahead(self) -> Ahead | None:
        """What stands in the way of one member at least, and whether that leaves no other."""
        standing = [ahead for member in self.members if (ahead := member.ahead())]
        return replace(standing[0], alone=len(standing) == len(self.members)) if standing else None

    def blocked(self) -> str | None:
        """None as soon as one member can take something; else every member's reason."""
        reasons = []
        for member in self.members:
            reason = member.blocked()
            if reason is None:
                return None
            reasons.append(self._named(member, reason))
        return "; ".join(reasons)

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        """Offer it by the first member that takes it. Raises TryAgain with every member's reason."""
        reasons = []
        for member in self.members:
            try:
                return member.deliver(parcel, journal)
            except TryAgain as failure:
                reasons.append(self._named(member, str(failure)))
        raise TryAgain("; ".join(reasons))

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Withdraw from every way, also when one refuses. Raises EnvironmentFault afterwards."""
        faults = []
        for member in (*self.members, *self.retired):
            try:
                member.keep_only(deliveries)
            except EnvironmentFault as fault:
                faults.append(fault)
        if faults:
            raise faults[0]

    def _named(self, member: Member, reason: str) -> str:
        return reason if len(self.members) == 1 else f"{member.kind}: {reason}"
