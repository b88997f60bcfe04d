"""The channel `page`: the story lies ready on the share page, which the person opens on their phone."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.destination import Ahead, Journal, Offered, Parcel
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.paired import Phones
from pipeline.values import dataclass

WHERE = "the page on your phone (storyrelay serve)"


@dataclass(frozen=True, slots=True)
class Page:
    """To offer is to say so: the page shows what the ledger says, and takes the file from the store."""

    phones: Phones

    @property
    def kind(self) -> str:
        """Its name among the channels."""
        return "page"

    def ahead(self) -> Ahead | None:
        """Nothing: it shows any number."""
        return None

    def blocked(self) -> str | None:
        """Why nobody would see it there, or None."""
        try:
            return None if self.phones.all() else "no phone is paired. Next: storyrelay phone pair"
        except EnvironmentFault as fault:
            return str(fault)

    def deliver(self, parcel: Parcel, journal: Journal) -> Offered:  # noqa: ARG002 - nothing is carried anywhere
        """Offer it. Raises TryAgain when no phone is paired any more."""
        reason = self.blocked()
        if reason:
            raise TryAgain(reason)
        return Offered(WHERE)

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Nothing lies anywhere: what has ended isn't shown any more."""
