"""Where a story can go: the protocol every destination follows, what it gets and what it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pipeline.model import Rendition, Texts


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to go; `delivery` is its number in the ledger, `story` its file's name.

    `upload_id` is that of an attempt before, which this one repeats; None for a first one.
    """

    delivery: int
    story: str
    rendition: Rendition
    texts: Texts
    expires_at: datetime
    upload_id: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """The parcel lies ready for a person, at `where`."""

    where: str


@dataclass(frozen=True, slots=True)
class Published:
    """The story is live under the server's id."""

    external_id: str


Receipt = Offered | Published


class Journal(Protocol):
    """The steps of one delivery under way, each committed to the ledger before the next begins."""

    def record(self, step: str, detail: Mapping[str, object]) -> None:
        """A step after which nothing is live yet: cut short here, the delivery is simply repeated."""

    def publishing(self, detail: Mapping[str, object]) -> None:
        """The next request may make the story live: cut short from here on, the delivery is in doubt.

        `detail` keeps what `Mirror.look` needs to find the story again.
        """


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
        """Why nothing can be delivered right now, or None.

        Raises NeedsPerson when only a person can help, TryAgain with `rest_until` when it must be left alone.
        """

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        """Do it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Withdraw everything that was offered, except these deliveries. Raises EnvironmentFault."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery that may be live.

    `known` are the server's ids that are surely other stories: those seen before the attempt and those of
    other deliveries. `detail` is what `publishing` recorded.
    """

    delivery: int
    rendition: Rendition
    known: frozenset[str]
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One story that is live now; `taken_at` is the server's time.

    `distance` tells how far its picture is from the rendition's, in differing bits of a 64-bit dHash;
    None when it couldn't be fetched.
    """

    external_id: str
    kind: Literal["photo", "video"]
    taken_at: datetime
    duration_s: float | None = None
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is live now, by the server's own time `seen_at`; known stories are left out."""

    seen_at: datetime
    sightings: tuple[Sighting, ...]


class Mirror(Destination, Protocol):
    """A destination that ends at a server, which can be asked what is live."""

    def look(self, doubt: Doubt) -> Look:
        """What is live and might be this delivery. Changes nothing there. Raises as `deliver` does."""
