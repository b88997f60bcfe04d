"""Where a story can go: the protocol every destination follows, what it gets and what it answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.model import Rendition, Texts


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to go; `delivery` is its number in the ledger, `story` its file's name."""

    delivery: int
    story: str
    rendition: Rendition
    texts: Texts
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """The parcel lies ready for a person, at `where`."""

    where: str


@dataclass(frozen=True, slots=True)
class Published:
    """The story is live under the server's id."""

    external_id: str


Receipt = Offered | Published


class Destination(Protocol):
    """A channel to people or to a server. It only ever offers or publishes; it decides nothing.

    A repeatable one promises that delivering the same parcel twice leaves the same result as once.
    """

    @property
    def name(self) -> str:
        """What it is called in the config."""

    @property
    def repeatable(self) -> bool:
        """Whether doing it twice is harmless."""

    def blocked(self) -> str | None:
        """Why nothing can be delivered right now, or None."""

    def deliver(self, parcel: Parcel) -> Receipt:
        """Do it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Withdraw everything that was offered, except these deliveries. Raises EnvironmentFault."""
