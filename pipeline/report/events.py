"""What happens in a run, as plain values for whoever listens: a terminal, a log, another program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.model import Action, State


@dataclass(frozen=True, slots=True)
class Scanned:
    """The folders were read: files seen, new or changed ones, and those that are no media."""

    seen: int
    changed: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A file was fetched from a source; it lies at `path` now, where the run finds it.

    A dry pull tells so of what it would fetch; `bytes` is None where the source doesn't say.
    """

    source: str
    path: Path
    bytes: int | None


@dataclass(frozen=True, slots=True)
class NotPulled:
    """Something new at a source stays there for now; `path` None means all of it."""

    source: str
    path: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A new or changed file was read, and what becomes of it is decided."""

    path: Path


@dataclass(frozen=True, slots=True)
class Refused:
    """A file can't become a story; `destination` None means at none of them."""

    path: Path
    reason: str
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """A file is still being written, or isn't there at the moment; a later run takes it."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Surge:
    """So many new files came at once that none of them is sent before the person has said so."""

    folder: Path
    files: int
    reason: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """The machine keeps a run from doing all it should; `about` is a word for what it is, such as disk."""

    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A file holds what is already known from another place; it isn't sent again."""

    path: Path
    known_as: Path


@dataclass(frozen=True, slots=True)
class Asked:
    """A new file may repeat an earlier one; nothing of it is sent there before the person has said so."""

    path: Path
    destinations: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """So many parts are to be made or fetched from the store; together they last `seconds`."""

    parts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Reformatting:
    """Work on a part has come this far: `fraction` goes from 0 to 1. It lasts `seconds`, a photo 0."""

    path: Path
    part: int
    parts: int
    fraction: float
    seconds: float = 0.0
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Reformatted:
    """A rendition is ready."""

    path: Path
    part: int
    parts: int
    action: Action
    bytes: int
    cached: bool
    seconds: float = 0.0
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery was tried; `state` says how it stands now."""

    delivery: int
    path: Path
    destination: str
    part: int
    parts: int
    state: State
    where: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Blocked:
    """A destination can't take anything now; the next run tries again."""

    destination: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The run waits until then for the turn of a destination's account."""

    destination: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """So many deliveries have their time but not the turn of their account, which comes at `until`.

    `until` None means not before a person has acted.
    """

    destination: str
    deliveries: int
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing goes to a destination any more until a person has acted; so many deliveries are parked."""

    destination: str
    deliveries: int
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The account was looked at for a delivery in doubt; `state` says how it stands now.

    `candidates` are the server's ids of what might be it.
    """

    delivery: int
    path: Path
    destination: str
    part: int
    parts: int
    state: State
    external_id: str | None = None
    reason: str | None = None
    candidates: tuple[str, ...] = ()
    needs_person: bool = False


@dataclass(frozen=True, slots=True)
class Notified:
    """A message to the person got out; `title` is its first line."""

    title: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """A message to the person didn't get out at an address, which is named as in the config."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, and what is left: `waiting` wait for the person's Send, `planned` for their time.

    `needs_person` are parked, or in doubt so that only a person can tell. `doubtful` are in doubt too, but a
    later run looks. `held` have their time but not the turn of their account. `settled` is how many doubts
    this run has ended. `next_due_at` is when the earliest planned story is due. `places` are where what
    waits for the Send lies, or stands. `surge` files are held as too many at once, `adopted` taken as seen,
    `pulled` fetched from sources.
    """

    run: int
    seen: int
    refused: int
    postponed: int
    reformatted: int
    offered: int
    published: int
    failed: int
    expired: int
    waiting: int
    planned: int
    needs_person: int
    next_due_at: datetime | None
    seconds: float
    exit_code: int
    held: int = 0
    doubtful: int = 0
    settled: int = 0
    stopped: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    surge: int = 0
    adopted: int = 0
    pulled: int = 0


Event = (
    Scanned
    | Pulled
    | NotPulled
    | Taken
    | Refused
    | Postponed
    | Surge
    | Alarm
    | Repeated
    | Asked
    | Due
    | Reformatting
    | Reformatted
    | Delivered
    | Blocked
    | Waiting
    | Held
    | Stopped
    | Looked
    | Notified
    | Unheard
    | Summary
)
Observer = Callable[[Event], None]
