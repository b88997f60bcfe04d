"""Whether a ledger is whole: SQLite's own checks, then what must be true of every delivery."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LockedError
from pipeline.ledger.lock import exclusive
from pipeline.ledger.migrations import MIGRATIONS
from pipeline.ledger.opening import FILE_NAME, named, read_only, refuse_foreign, refuse_newer, version_of
from pipeline.ledger.packing import asset_of
from pipeline.ledger.rows import DELIVERIES, delivery_of
from pipeline.model import State

RESTORE = ("ledger", "restore", "FILE")
MOST = 20
"""How much of one kind is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that isn't as it must be, and the words after the program's name that help."""

    what: str
    next: tuple[str, ...] = RESTORE


def findings(state: Path) -> list[Finding]:
    """Everything that is wrong with the ledger of a state folder, which may be in use.

    Raises EnvironmentFault when it can't even be opened.
    """
    path = state / FILE_NAME
    if not path.exists():
        return []
    with named(path), closing(read_only(path, "mode=ro")) as db:
        version = version_of(db)
        refuse_foreign(db, path, version)
        refuse_newer(version, MIGRATIONS)
        db.row_factory = sqlite3.Row
        idle = _begin(db, state)
        broken = [*_broken(db)]
        if broken or version < len(MIGRATIONS):
            return broken
        return [*_unreadable(db), *_twice(db), *_out_of_step(db), *(_left_armed(db) if idle else ())]


def _begin(db: sqlite3.Connection, state: Path) -> bool:
    """Begin to read at one moment; whether nobody wrote at it."""
    try:
        with exclusive(state, brief=True):
            db.execute("BEGIN")
            version_of(db)  # the moment is that of the first reading
            return True
    except LockedError:
        db.execute("BEGIN")
        return False


def _broken(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute(f"PRAGMA integrity_check({MOST})"):
        if row[0] != "ok":
            yield Finding(str(row[0]).splitlines()[0])
    for row in db.execute("PRAGMA foreign_key_check").fetchmany(MOST):
        yield Finding(
            f"row {row['rowid']} of {row['table']} names something in {row['parent']} that isn't there"
        )


def _unreadable(db: sqlite3.Connection) -> Iterator[Finding]:
    """A delivery without its asset or recipe is among what isn't there; here it's what they say."""
    for row in db.execute(DELIVERIES):
        try:
            delivery_of(row)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            yield Finding(f"delivery {row['id']} can't be read: {fault}")
    for row in db.execute("SELECT id, plain, path, sha256 FROM assets"):
        try:
            asset_of(row["plain"], os.fsdecode(row["path"]), row["sha256"])
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            yield Finding(f"asset {row['id']} can't be read: {fault}")


def _twice(db: sqlite3.Connection) -> Iterator[Finding]:
    """What the indexes forbid, asked of the tables themselves."""
    kinds = {
        "asset, destination, part": "1",
        "destination, external_id": "external_id IS NOT NULL",
        "destination": "state = 'armed'",
    }
    for columns, condition in kinds.items():
        rows = db.execute(
            f"SELECT min(id) AS id, count(*) AS n FROM deliveries NOT INDEXED WHERE {condition}"  # noqa: S608 - our own words
            f" GROUP BY {columns} HAVING n > 1"
        )
        for row in rows.fetchmany(MOST):
            yield Finding(f"delivery {row['id']} is there {row['n']} times by {columns}")


def _out_of_step(db: sqlite3.Connection) -> Iterator[Finding]:
    """A delivery stands where its last move says: both are written at once."""
    rows = db.execute(
        "SELECT d.id, d.state, (SELECT e.to_state FROM events e WHERE e.delivery = d.id"
        " AND e.from_state IS NOT e.to_state ORDER BY e.id DESC LIMIT 1) AS told"
        " FROM deliveries d WHERE told IS NOT d.state"
    )
    for row in rows.fetchmany(MOST):
        yield Finding(
            f"delivery {row['id']} is {row['state']}, but its last move says {row['told'] or 'nothing'}"
        )


def _left_armed(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute("SELECT id FROM deliveries WHERE state = ?", (State.ARMED,)):
        yield Finding(
            f"delivery {row['id']} is armed though no run is under way: one was cut short", ("run",)
        )
