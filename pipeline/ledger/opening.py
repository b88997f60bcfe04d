"""Opening a ledger: durable for the one writer, untouched for readers, never newer than this program."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import EnvironmentFault
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.migrations import APPLICATION_ID, MIGRATIONS, Steps
from pipeline.ledger.queries import Queries
from pipeline.tools.clock import Clock, now
from pipeline.tools.files import whole_file
from pipeline.tools.filesystem import network_filesystem

FILE_NAME = "ledger.sqlite3"
QUIET_TRIES = 3


@contextmanager
def open_ledger(state: Path, clock: Clock = now, steps: Steps = MIGRATIONS) -> Iterator[Ledger]:
    """The ledger of a state folder, for the holder of its lock; created or migrated when needed."""
    _refuse_network(state)
    path = state / FILE_NAME
    with named(path):
        db = sqlite3.connect(path, isolation_level=None)
        try:
            _prepare(db, path, clock(), steps)
            yield Ledger(db, clock)
        finally:
            db.close()


@contextmanager
def snapshot(state: Path, clock: Clock = now) -> Iterator[Ledger]:
    """A private copy in memory: whatever is done to it, nothing on the disk changes."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        path = state / FILE_NAME
        with named(path):
            if path.exists():
                _copy(path, db)
            _migrate(db, MIGRATIONS)
            yield Ledger(db, clock)
    finally:
        db.close()


@contextmanager
def reading(state: Path) -> Iterator[Queries]:
    """The ledger as it stands at this moment, for looking only, also while a run writes it.

    Quicker than a `snapshot`, which copies all of it; empty while there is none.
    """
    path = state / FILE_NAME
    with named(path):
        if path.exists():
            with closing(read_only(path, "mode=ro")) as db:
                db.isolation_level = None
                db.execute("BEGIN")
                if version_of(db) == len(MIGRATIONS):
                    yield Queries(db)
                    return
    with snapshot(state) as copy:  # made by another version, or none yet
        yield copy


def sqlite_version() -> str:
    """The SQLite library in use."""
    return sqlite3.sqlite_version


def _copy(path: Path, target: sqlite3.Connection) -> None:
    """Read without a trace; again when a run wrote meanwhile, at last with SQLite's own locks."""
    for _ in range(QUIET_TRIES):
        before = _stamps(path)
        try:
            with _untouched(path) as source:
                source.backup(target)
        except (sqlite3.DatabaseError, FileNotFoundError):
            if before == _stamps(path):
                raise
        if before == _stamps(path):
            return
    with closing(read_only(path, "mode=ro")) as source:
        source.backup(target)


@contextmanager
def _untouched(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that makes no file. With a -wal file even a reader writes an index beside the ledger."""
    if not wal_of(path).exists():
        with closing(read_only(path, "immutable=1")) as source:
            yield source
        return
    import shutil  # with all compressors, 2 ms
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="storyrelay-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(wal_of(path), wal_of(copy))
        with closing(sqlite3.connect(copy)) as source:
            yield source


def read_only(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that can change nothing; `mode` is `mode=ro` or `immutable=1`."""
    return sqlite3.connect(f"file:{quote(os.fsencode(path))}?{mode}", uri=True)


def wal_of(path: Path) -> Path:
    """Where the latest commits of a ledger lie until they are folded into it."""
    return path.with_name(f"{path.name}-wal")


def ledger_files(state: Path) -> tuple[Path, ...]:
    """Everything that a ledger is kept in, there or not; the last is only an index of the one before."""
    path = state / FILE_NAME
    return path, wal_of(path), path.with_name(f"{path.name}-shm")


def _stamps(path: Path) -> list[tuple[int, int]]:
    """What changes whenever a ledger is written."""
    files = [file.stat() for file in (path, wal_of(path)) if file.exists()]
    return [(found.st_size, found.st_mtime_ns) for found in files]


def _prepare(db: sqlite3.Connection, path: Path, at: datetime, steps: Steps) -> None:
    version = version_of(db)
    refuse_foreign(db, path, version)
    refuse_newer(version, steps)
    db.execute("PRAGMA journal_mode = WAL")
    # NORMAL loses the last commits in a power cut, and with them the knowledge that a story was sent.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    if 0 < version < len(steps):
        backup = path.with_name(f"{path.stem}-v{version}-{at:%Y%m%dT%H%M%S}.backup.sqlite3")
        with whole_file(backup) as temporary:
            db.execute("VACUUM INTO ?", (str(temporary),))
    _migrate(db, steps)
    path.chmod(0o600)


def version_of(db: sqlite3.Connection) -> int:
    """The version of the schema; 0 where there is none yet."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def refuse_foreign(db: sqlite3.Connection, path: Path, version: int) -> None:
    """Raise EnvironmentFault for what another program made."""
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark != APPLICATION_ID and (mark or version or tables):
        message = f"{path} isn't a ledger of storyrelay. Next: set `state` to a folder of its own"
        raise EnvironmentFault(message)


def refuse_newer(version: int, steps: Steps) -> None:
    """Raise EnvironmentFault for what a later version of this program made: it may mean other things."""
    if version > len(steps):
        message = (
            f"the ledger has version {version}, made by a newer storyrelay; this one knows {len(steps)}. "
            "Next: update storyrelay, or: storyrelay ledger restore FILE, with a backup made before"
        )
        raise EnvironmentFault(message)


def _migrate(db: sqlite3.Connection, steps: Steps) -> None:
    version = version_of(db)
    refuse_newer(version, steps)
    if version == len(steps):
        return
    db.execute("BEGIN EXCLUSIVE")
    try:
        for step in steps[version:]:
            step(db)
        db.execute(f"PRAGMA user_version = {len(steps)}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Turn SQLite's failures into one line that names the ledger and the way out."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        message = f"the ledger {path} can't be used: {fault}. Next: check free space and permissions"
        raise EnvironmentFault(message) from fault
    except sqlite3.DatabaseError as fault:
        if type(fault) is not sqlite3.DatabaseError:
            raise
        message = f"the ledger {path} is damaged: {fault}. Next: storyrelay ledger restore FILE"
        raise EnvironmentFault(message) from fault


def _refuse_network(state: Path) -> None:
    kind = network_filesystem(state)
    if kind:
        message = (
            f"the state folder {state} lies on {kind}, where locks and syncs can't be trusted. "
            "Next: set `state` to a folder on a local disk"
        )
        raise EnvironmentFault(message)
