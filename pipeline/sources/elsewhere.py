"""A folder elsewhere as a source: on S3, SFTP, WebDAV, or whatever else fsspec knows. It's only read."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.config.folder_address import revealed
from pipeline.errors import NotReadyError
from pipeline.load.settled import check_settled
from pipeline.model import Remote
from pipeline.sources.choosing import Terms, needs_of, remotes_of
from pipeline.sources.copying import OurDisk, copy
from pipeline.sources.failures import as_told, of_a_file
from pipeline.sources.stores import Address, Store, open_store
from pipeline.sources.tree import Tree, look_through
from pipeline.tools.attending import Patience, Pulse, Stopped, attended
from pipeline.tools.clock import Clock, monotonic_s, now, pause

if TYPE_CHECKING:
    from pipeline.config.sources import SourceSettings

T = TypeVar("T")
LISTING_S = 1800.0
FOLDER = 3
"""A large folder takes so many times as long to list as an answer may."""
SECOND_LOOK_S = 5.0
"""Files that may grow are looked at twice, so long apart at most."""
TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a source goes by that isn't its own: patience, who may stop it, the clock, and our disk's ways."""

    settle_seconds: float
    stop: Callable[[], bool] = lambda: False
    clock: Clock = now
    folds_case: bool = False
    connect_s: float = 15.0
    answer_s: float = 60.0
    slowest_kbps: float = 250.0


@dataclass(slots=True)
class Elsewhere:
    """One folder; a connection lasts from its first use to `close`."""

    name: str
    section: SourceSettings
    conditions: Conditions
    _address: Address | None = None
    _secrets: frozenset[str] = field(default=frozenset(), repr=False)
    _store: Store | None = None
    _tree: Tree = field(default_factory=Tree)
    _listed_s: float = 0.0
    _needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)

    def listing(self) -> Sequence[Remote]:
        """All that counts there, sidecars and materials first; what waits or isn't trusted with why.

        Raises TryAgain while it's away, NeedsPerson when a login is refused, EnvironmentFault when a package
        is missing, ConfigError for an address that can't be used.
        """
        conditions, self._failed = self.conditions, set()
        self._tree = self._asked(lambda pulse: look_through(self._opened(), pulse.beat))
        self._listed_s, self._needs = monotonic_s(), needs_of(self._tree)
        terms = Terms(conditions.settle_seconds, conditions.clock(), conditions.folds_case)
        return remotes_of(self._tree, terms)

    def fetch(self, remote: Remote, into: Path) -> None:
        """Write the whole of a file to `into`, dated as there.

        Raises TryAgain; NotReadyError or Rejected, which say nothing of other files; OSError of our disk.
        """
        lacking = self._failed & self._needs.get(remote.key, frozenset())
        if lacking:
            raise NotReadyError(f"{min(lacking)}, which it needs, couldn't be fetched")
        try:
            self._fetch(remote, into)
        except BaseException:
            self._failed.add(remote.key)
            raise

    def gone(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these were removed there, by the last listing; none where nothing is left at all."""
        unread = tuple(f"{folder}/" for folder in self._tree.unread)
        there = {lying.path for lying in self._tree.files}
        if not there:
            return frozenset()
        return frozenset(key for key in keys if key not in there and not key.startswith(unread))

    def looked_at(self) -> int:
        """How many files and folders lie in it, its own folders left closed. Raises as `listing`."""
        return self._asked(lambda _: len(self._opened().entries("")))

    def close(self) -> None:
        """Leave the server."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _asked(self, act: Callable[[Pulse], T]) -> T:
        """Something of the whole folder."""
        address = self._known()
        try:
            return attended(act, Patience(FOLDER * self._silence_s(), LISTING_S), self.conditions.stop)
        except Exception as fault:  # noqa: BLE001 - every store has failures of its own
            self.close()
            raise as_told(fault, address, self._secrets) from None

    def _fetch(self, remote: Remote, into: Path) -> None:
        conditions = self.conditions
        bytes_ = remote.bytes or 0
        total_s = self._silence_s() + bytes_ * 8 / 1000 / conditions.slowest_kbps
        try:
            store = self._opened()
            self._let_settle(store, remote)
            attended(
                lambda pulse: copy(store, remote, into, pulse.beat),
                Patience(self._silence_s(), total_s),
                conditions.stop,
            )
        except OurDisk as ours:
            raise ours.fault from None
        except Exception as fault:  # noqa: BLE001 - every store has failures of its own
            self.close()
            raise of_a_file(fault, self._secrets) from None
        self._date(remote, into)

    def _let_settle(self, store: Store, remote: Remote) -> None:
        """What may still grow gets a moment between the listing and the next look at it."""
        if store.appears_whole:
            return
        until_s = self._listed_s + min(self.conditions.settle_seconds, SECOND_LOOK_S)
        while monotonic_s() < until_s:
            if self.conditions.stop():
                raise Stopped
            pause(TICK_S)
        if store.scheme == "file":
            check_settled(Path(store.root, remote.key), self.conditions.settle_seconds)

    def _date(self, remote: Remote, into: Path) -> None:
        """Stories may go in the order of their files' dates."""
        if remote.changed_at is not None:
            with suppress(OSError, OverflowError, ValueError):
                os.utime(into, (remote.changed_at.timestamp(),) * 2)

    def _opened(self) -> Store:
        if self._store is None:
            self._store = open_store(self._known())
        return self._store

    def _known(self) -> Address:
        """Where it is; its secrets are looked up once. Raises ConfigError."""
        if self._address is None:
            url, options, self._secrets = revealed(self.name, self.section)
            self._address = Address(
                self.name, url, options, self.conditions.connect_s, self.conditions.answer_s
            )
        return self._address

    def _silence_s(self) -> float:
        return self.conditions.connect_s + self.conditions.answer_s
