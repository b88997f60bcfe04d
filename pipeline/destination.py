"""Where a story can go: the protocol every destination follows, what it gets and what it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from pipeline.model import Look, Rendition, Sighting, Texts
from pipeline.values import dataclass, field

__all__ = [
    "Ahead",
    "Destination",
    "Doubt",
    "Handoff",
    "Journal",
    "Look",
    "Mirror",
    "Offered",
    "Parcel",
    "Published",
    "Receipt",
    "Sighting",
]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to go; `delivery` is its number in the ledger, `story` its file's name.

    `earlier` is what `publishing` recorded in an attempt that stayed in doubt and came to nothing, so that
    the server can be asked for the same thing again and not for another.
    """

    delivery: int
    story: str
    rendition: Rendition
    texts: Texts
    expires_at: datetime
    earlier: Mapping[str, object] = field(default_factory=dict)


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

        `detail` keeps what `Mirror.look` needs to find the story again, and what tells it from others:
        `before` (the ids of all own stories that were live), `server_at` (ISO 8601, by the server's clock),
        `kind` and `duration_s`. Raises OutcomeUnknown when an earlier attempt seems to be live after all:
        the request must not be made then.
        """


class Destination(Protocol):
    """A channel to people or to a server. It only ever offers or publishes; it decides nothing.

    One that delivers without `journal.publishing` promises that twice leaves the same result as once: what
    a dead run was delivering is simply delivered again.
    """

    @property
    def name(self) -> str:
        """What it is called in the config."""

    def blocked(self) -> str | None:
        """Why nothing can be delivered right now, or None.

        Raises NeedsPerson when only a person can help, TryAgain with `rest_until` when it must be left alone.
        """

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        """Do it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Withdraw everything that was offered, except these deliveries. Raises EnvironmentFault."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The delivery that stands where only one can; `alone` says that there is no other way meanwhile."""

    delivery: int
    alone: bool = True

    @property
    def reason(self) -> str:
        """Why the next one waits, and what ends that."""
        number = self.delivery
        return (
            f"delivery {number} stands in WhatsApp on the phone and comes first. Next: press Send there, "
            f"then storyrelay confirm {number} (or storyrelay skip {number})"
        )


class Handoff(Destination, Protocol):
    """A destination that ends at a person."""

    def ahead(self) -> Ahead | None:
        """What the person must answer for before another one can go there; None where any number lies."""


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


class Mirror(Destination, Protocol):
    """A destination that ends at a server, which can be asked what is live."""

    def look(self, doubt: Doubt) -> Look:
        """What is live and might be this delivery. Changes nothing there.

        Raises as `deliver` does; then nothing was learnt, and a later run looks again.
        """
