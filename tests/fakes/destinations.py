"""Destinations without a world behind them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.destination import Ahead, Journal, Offered, Parcel, Receipt
from pipeline.handoff.folder import Folder


def offered(parcel: Parcel) -> Receipt:
    """What a folder answers."""
    return Offered(f"outbox/{parcel.delivery}.jpg")


def raises(failure: Exception) -> Callable[[Parcel], Receipt]:
    """An act that ends with `failure`."""

    def act(parcel: Parcel) -> Receipt:
        raise failure

    return act


@dataclass(slots=True)
class Recorder:
    """Answers as it is told, and keeps what it got."""

    name: str = "whatsapp"
    act: Callable[[Parcel], Receipt] = offered
    reason: str | None = None
    kind: str = "folder"
    refuses: Exception | None = None
    parcels: list[Parcel] = field(default_factory=list)
    kept: list[frozenset[int]] = field(default_factory=list)
    standing: Ahead | None = None

    def ahead(self) -> Ahead | None:
        return self.standing

    def blocked(self) -> str | None:
        return self.reason

    def deliver(self, parcel: Parcel, journal: Journal) -> Receipt:
        self.parcels.append(parcel)
        return self.act(parcel)

    def keep_only(self, deliveries: Collection[int]) -> None:
        if self.refuses:
            raise self.refuses
        self.kept.append(frozenset(deliveries))


@dataclass(frozen=True, slots=True)
class Hasty(Folder):
    """A channel that does it wrong: it writes media in place, bit by bit. The crash tests must catch it."""

    def deliver(self, parcel: Parcel, journal: Journal | None = None) -> Offered:
        self.folder.mkdir(parents=True, exist_ok=True)
        first = Folder(self.name, self.folder).deliver(parcel)
        content = parcel.rendition.path.read_bytes()
        media = Path(first.where)
        media.write_bytes(content[: len(content) // 2])
        with media.open("ab") as rest:
            rest.write(content[len(content) // 2 :])
        return first


@dataclass(frozen=True, slots=True)
class Forgetful(Folder):
    """Another one: it leaves what it did when it was cut short, under a name of its own."""

    def deliver(self, parcel: Parcel, journal: Journal | None = None) -> Offered:
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parcel.rendition.path, self.folder / f"{parcel.expires_at:%H%M%S%f}.jpg")
        return Folder(self.name, self.folder).deliver(parcel)
