"""Copies of the ledger: made while a run writes it, checked before anybody relies on them, put back whole."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.errors import EnvironmentFault
from pipeline.ledger.migrations import MIGRATIONS
from pipeline.ledger.opening import (
    FILE_NAME,
    named,
    read_only,
    refuse_foreign,
    refuse_newer,
    version_of,
    wal_of,
)
from pipeline.tools.files import TEMPORARY_PREFIX, sync_folder, whole_file

FOLDER = "backups"
KEEP = 10
ROOM_FOR_NUMBERS = 10_000
"""How many deliveries may have got numbers since a backup was made: theirs aren't given again."""
_OURS = re.compile(r"ledger-\d{8}T\d{6}Z\.sqlite3")
_COMPANIONS = ("-wal", "-shm", "-journal")


def backup(state: Path, at: datetime, target: Path | None = None) -> Path:
    """Copy the ledger as it stands at this moment, also while a run writes it; where the copy lies.

    Without a target it goes to `state/backups`, where the newest KEEP stay. Raises EnvironmentFault.
    """
    path = state / FILE_NAME
    if not path.exists():
        raise EnvironmentFault(f"there is no ledger in {state} yet. Next: storyrelay run")
    own = state / FOLDER / f"ledger-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite3"
    target = own if target is None else target
    _refuse_target(path, target)
    if target == own:
        target.parent.mkdir(mode=0o700, exist_ok=True)
    with whole_file(target) as temporary:
        copy_to(path, temporary)
        _check_copy(temporary, target)
    if target == own:
        _keep_the_newest(target.parent)
    return target


def copy_to(path: Path, target: Path) -> None:
    """Copy a ledger to a file of its own, readable by its owner alone."""
    target.touch(mode=0o600)
    target.chmod(0o600)
    with named(path), closing(read_only(path, "mode=ro")) as source, closing(sqlite3.connect(target)) as copy:
        refuse_foreign(source, path, version_of(source))
        source.backup(copy)  # all pages in one step: one moment, whoever writes meanwhile
        copy.execute("PRAGMA journal_mode = DELETE")  # a copy is one file


def check_backup(file: Path) -> int:
    """The version of a file that is a whole ledger which this program knows; else raises EnvironmentFault."""
    if not file.is_file():
        raise EnvironmentFault(f"there is no backup {file}. Next: ls {FOLDER} in the state folder")
    with _private_copy(file) as copy, named(file), closing(read_only(copy, "mode=ro")) as db:
        version = version_of(db)
        refuse_foreign(db, file, version)
        if version == 0:
            raise EnvironmentFault(f"{file} is empty, no backup of a ledger. Next: choose another")
        refuse_newer(version, MIGRATIONS)
        _refuse_damaged(db, file)
        return version


@contextmanager
def bench(state: Path, file: Path) -> Iterator[Path]:
    """A folder inside `state` that holds a copy of a backup, to be made ready there before it's put back."""
    scratch = state / "scratch"  # where a run clears up what a crash left
    scratch.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(prefix=f"{TEMPORARY_PREFIX}restore-", dir=scratch) as folder:
        with _private_copy(file) as copy:
            copy_to(copy, Path(folder) / FILE_NAME)
        yield Path(folder)


def put_back(state: Path, ready: Path, at: datetime) -> Path | None:
    """Make the ledger of the folder `ready` the ledger; where the one before lies now, if there was one.

    The caller holds the lock. Killed at any moment it leaves the one or the other, whole.
    """
    path = state / FILE_NAME
    aside = _set_aside(path, at) if path.exists() else None
    _fold(ready / FILE_NAME)
    _fold(path)
    with whole_file(path) as temporary:
        (ready / FILE_NAME).replace(temporary)
    return aside


def skip_numbers(state: Path, ready: Path) -> None:
    """Give no delivery of the folder `ready` a number that another one got in `state` since the backup."""
    with named(ready / FILE_NAME), closing(sqlite3.connect(ready / FILE_NAME, isolation_level=None)) as db:
        known = _last_number(state / FILE_NAME)
        db.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'deliveries', 0 WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_sequence WHERE name = 'deliveries')"
        )
        after = "seq + ?" if known is None else "max(seq, ?)"
        by = ROOM_FOR_NUMBERS if known is None else known
        db.execute(f"UPDATE sqlite_sequence SET seq = {after} WHERE name = 'deliveries'", (by,))  # noqa: S608 - our own words


def keep_pulled(state: Path, ready: Path) -> None:
    """Pull nothing a second time that was pulled into `state` since the backup in the folder `ready`.

    What of it hasn't gone out lies there still, and is found by the next look.
    """
    path = state / FILE_NAME
    if not path.exists():
        return
    with named(ready / FILE_NAME), closing(sqlite3.connect(ready / FILE_NAME, isolation_level=None)) as db:
        try:
            with closing(read_only(path, "mode=ro")) as now:
                rows = now.execute("SELECT source, key, mark, path, at FROM pulled").fetchall()
        except sqlite3.DatabaseError:  # damaged, or made before there were sources
            return
        db.executemany("INSERT OR REPLACE INTO pulled VALUES (?, ?, ?, ?, ?)", rows)


def _last_number(path: Path) -> int | None:
    """The highest number of a ledger; None when it can't tell."""
    try:
        with closing(read_only(path, "mode=ro")) as db:
            row = db.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'deliveries'").fetchone()
            return int(row[0] or 0)
    except sqlite3.DatabaseError:
        return None


def _set_aside(path: Path, at: datetime) -> Path:
    """A copy of the present ledger under a dated name; byte for byte where it's too damaged to be read."""
    aside = path.with_name(f"{path.stem}-before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite3")
    try:
        with whole_file(aside) as temporary:
            copy_to(path, temporary)
    except EnvironmentFault:
        for source in (path, wal_of(path)):
            if source.exists():
                with whole_file(source.with_name(source.name.replace(path.name, aside.name))) as temporary:
                    shutil.copyfile(source, temporary)
                    temporary.chmod(0o600)
    return aside


def _fold(path: Path) -> None:
    """Make a ledger one file: commits left beside it would be taken for those of whatever gets its name."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as fault:
        raise EnvironmentFault(f"{path} is in use: {fault}. Next: stop what reads it, then again") from fault
    except sqlite3.DatabaseError:  # damaged: what is left of it was set aside
        for suffix in _COMPANIONS:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def _private_copy(file: Path) -> Iterator[Path]:
    """A copy of a backup, with the commits beside it, so that looking at it leaves no trace there."""
    with TemporaryDirectory(prefix="storyrelay-") as folder:
        copy = Path(folder) / "backup.sqlite3"
        try:
            shutil.copyfile(file, copy)
            if wal_of(file).exists():
                shutil.copyfile(wal_of(file), wal_of(copy))
        except OSError as fault:
            raise EnvironmentFault(
                f"{file} can't be read: {fault.strerror}. Next: check its rights"
            ) from fault
        yield copy


def _refuse_target(path: Path, target: Path) -> None:
    if not target.exists():
        return
    if target.is_dir():
        raise EnvironmentFault(f"{target} is a folder. Next: name a file in it")
    if target.samefile(path):
        raise EnvironmentFault(f"{target} is the ledger itself. Next: name another file")
    with target.open("rb") as file:
        start = file.read(72)
    if start and start[68:72] != b"STOR":  # where SQLite keeps the application id
        raise EnvironmentFault(f"{target} is there already and no ledger. Next: name another file")


def _check_copy(copy: Path, target: Path) -> None:
    with named(target), closing(sqlite3.connect(copy)) as db:
        _refuse_damaged(db, target)


def _refuse_damaged(db: sqlite3.Connection, file: Path) -> None:
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        what = str(found).splitlines()[0]
        raise EnvironmentFault(
            f"{file} is damaged: {what}. Next: storyrelay ledger restore FILE, with a whole one"
        )


def _keep_the_newest(folder: Path) -> None:
    ours = sorted(file for file in folder.iterdir() if _OURS.fullmatch(file.name))
    for file in ours[:-KEEP]:
        file.unlink(missing_ok=True)
