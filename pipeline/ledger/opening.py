"""Opening a ledger: durable for the one writer, untouched for readers, never newer than this program."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import EnvironmentFault
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.migrations import APPLICATION_ID, MIGRATIONS, VERSION
from pipeline.tools.clock import Clock, now
from pipeline.tools.filesystem import network_filesystem

FILE_NAME = "ledger.sqlite3"


@contextmanager
def open_ledger(state: Path, clock: Clock = now) -> Iterator[Ledger]:
    """The ledger of a state folder, for the holder of its lock; created or migrated when needed."""
    _refuse_network(state)
    path = state / FILE_NAME
    with _named(path):
        db = sqlite3.connect(path, isolation_level=None)
        try:
            _prepare(db, path, clock())
            yield Ledger(db, clock)
        finally:
            db.close()


@contextmanager
def snapshot(state: Path, clock: Clock = now) -> Iterator[Ledger]:
    """A private copy in memory: whatever is done to it, nothing on the disk changes."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        path = state / FILE_NAME
        with _named(path):
            if path.exists():
                _copy(path, db)
            _migrate(db)
            yield Ledger(db, clock)
    finally:
        db.close()


def sqlite_version() -> str:
    """The SQLite library in use."""
    return sqlite3.sqlite_version


def _copy(path: Path, target: sqlite3.Connection) -> None:
    # Without a -wal file nobody is writing, and `immutable` keeps SQLite from making one.
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    source = sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True)
    try:
        source.backup(target)
    finally:
        source.close()


def _prepare(db: sqlite3.Connection, path: Path, at: datetime) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    # NORMAL loses the last commits in a power cut, and with them the knowledge that a story was sent.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    version = _version(db)
    if 0 < version < VERSION:
        backup = path.with_name(f"{path.stem}-v{version}-{at:%Y%m%dT%H%M%S}.backup.sqlite3")
        db.execute("VACUUM INTO ?", (str(backup),))
    _migrate(db)
    path.chmod(0o600)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection) -> None:
    version = _version(db)
    if version > VERSION:
        message = (
            f"the ledger has version {version}, made by a newer storyrelay; this one knows {VERSION}. "
            "Next: update storyrelay, or restore a backup from the state folder"
        )
        raise EnvironmentFault(message)
    if version == VERSION:
        return
    db.execute("BEGIN EXCLUSIVE")
    try:
        for step in MIGRATIONS[version:]:
            step(db)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn SQLite's failures into one line that names the ledger and the way out."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        message = f"the ledger {path} can't be used: {fault}. Next: check free space and permissions"
        raise EnvironmentFault(message) from fault
    except sqlite3.DatabaseError as fault:
        if type(fault) is not sqlite3.DatabaseError:
            raise
        message = f"the ledger {path} is damaged: {fault}. Next: restore a backup from the same folder"
        raise EnvironmentFault(message) from fault


def _refuse_network(state: Path) -> None:
    kind = network_filesystem(state)
    if kind:
        message = (
            f"the state folder {state} lies on {kind}, where locks and syncs can't be trusted. "
            "Next: set `state` to a folder on a local disk"
        )
        raise EnvironmentFault(message)
