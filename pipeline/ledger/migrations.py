"""The ledger's schema, as named steps; step n brings a ledger to version n."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from pipeline.ledger.packing import LONG, detail_of, detail_row

APPLICATION_ID = 0x53544F52  # "STOR"


def _first_schema(db: sqlite3.Connection) -> None:
    tables = (_ASSETS, _FILES, _RECIPES, _DELIVERIES, _EVENTS, _RUNS)
    for statement in (*tables, *_INDEXES, *append_only("events")):
        db.execute(statement)


def _lanes(db: sqlite3.Connection) -> None:
    """What holds a destination back as a whole, and what was tried there."""
    for statement in (_LANES, _LANE_EVENTS, _ATTEMPTS, *append_only("lane_events")):
        db.execute(statement)


def _schedule(db: sqlite3.Connection) -> None:
    """The moments that waiting stories are given."""
    for statement in _SCHEDULE:
        db.execute(statement)


def _adopted(db: sqlite3.Connection) -> None:
    """What lay in the inbox before the person began: known by content, never decided upon."""
    db.execute(_ADOPTED)


def _pictures(db: sqlite3.Connection) -> None:
    """What files show, to know them again when only their data have changed."""
    for statement in _PICTURES:
        db.execute(statement)


def _folders(db: sqlite3.Connection) -> None:
    """Folders in which all is known: one look tells that none of their files needs another."""
    for statement in _FOLDERS:
        db.execute(statement)


def _shorter(db: sqlite3.Connection) -> None:
    """What was written twice, and moments that nobody reads, go; long details are packed."""
    db.execute("UPDATE files SET seen_at = ''")
    db.execute(
        "UPDATE assets SET first_seen_at = '', plain = json_remove(plain, '$.path', '$.sha256')"
        " WHERE json_valid(plain)"
    )
    db.execute("DROP TRIGGER events_no_update")
    db.create_function("packed", 1, _repacked, deterministic=True)
    db.execute("UPDATE events SET detail = packed(detail) WHERE length(detail) >= ?", (LONG,))
    db.execute(append_only("events")[0])


def _ended(db: sqlite3.Connection) -> None:
    """What has ended lately is found, and all that has is counted, without reading every delivery."""
    db.execute(_ENDED)


def _identity(db: sqlite3.Connection) -> None:
    """What tells this ledger and its copies from all others."""
    db.execute("CREATE TABLE identity (id TEXT NOT NULL) STRICT")
    db.execute("INSERT INTO identity VALUES (lower(hex(randomblob(16))))")


def _pulled(db: sqlite3.Connection) -> None:
    """What was pulled from sources."""
    db.execute(_PULLED)


def _repacked(text: str) -> str:
    try:
        return detail_row(detail_of(text))
    except ValueError:  # damaged: it stays for `ledger check` to tell
        return text


def append_only(table: str) -> tuple[str, ...]:
    """The triggers that keep the rows of a table as they were written."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    )


Step = Callable[[sqlite3.Connection], None]
Steps = Sequence[Step]

MIGRATIONS: Steps = (
    _first_schema,
    _lanes,
    _schedule,
    _adopted,
    _pictures,
    _folders,
    _ended,
    _shorter,
    _identity,
    _pulled,
)

# Paths are bytes: a file name needn't be valid UTF-8.
_ASSETS = """
CREATE TABLE assets (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    path BLOB NOT NULL,
    plain TEXT NOT NULL,
    first_seen_at TEXT NOT NULL
) STRICT"""

_FILES = """
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    asset INTEGER REFERENCES assets (id),
    problem TEXT,
    seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID"""

_RECIPES = """
CREATE TABLE recipes (
    hash TEXT PRIMARY KEY,
    plain TEXT NOT NULL
) STRICT, WITHOUT ROWID"""

_DELIVERIES = """
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asset INTEGER NOT NULL REFERENCES assets (id),
    destination TEXT NOT NULL,
    part INTEGER NOT NULL CHECK (part BETWEEN 1 AND parts),
    parts INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'armed', 'offered', 'opened', 'shared', 'confirmed',
        'skipped', 'expired', 'published', 'parked', 'unknown', 'failed')),
    recipe TEXT NOT NULL REFERENCES recipes (hash),
    texts TEXT NOT NULL,
    lifetime_hours REAL NOT NULL,
    since TEXT NOT NULL,
    due_at TEXT,
    not_after TEXT,
    expires_at TEXT,
    reason TEXT,
    external_id TEXT,
    UNIQUE (asset, destination, part),
    UNIQUE (destination, external_id)
) STRICT"""

_EVENTS = """
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT"""

_RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exit_code INTEGER,
    last_event INTEGER
) STRICT"""

_INDEXES = (
    "CREATE INDEX open_deliveries ON deliveries (state, due_at)"
    " WHERE state NOT IN ('confirmed', 'skipped', 'expired', 'published', 'failed')",
    "CREATE UNIQUE INDEX one_open_intent ON deliveries (destination) WHERE state = 'armed'",
    "CREATE INDEX events_of_delivery ON events (delivery)",
    "CREATE INDEX files_of_asset ON files (asset)",
    "CREATE INDEX problem_files ON files (problem) WHERE problem IS NOT NULL",
)

# A lane is served in turn; today each has the name of a destination.
_LANES = """
CREATE TABLE lanes (
    name TEXT PRIMARY KEY,
    rest_until TEXT,
    rest_reason TEXT,
    stopped TEXT,
    stopped_at TEXT
) STRICT, WITHOUT ROWID"""

_LANE_EVENTS = """
CREATE TABLE lane_events (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT"""

_ATTEMPTS = "CREATE INDEX attempts ON events (at) WHERE from_state = 'armed'"

# A moment stays when its story has gone out.
_SCHEDULE = (
    """CREATE TABLE schedule (
    asset INTEGER NOT NULL REFERENCES assets (id),
    destination TEXT NOT NULL,
    moment TEXT,
    turn INTEGER NOT NULL,
    PRIMARY KEY (asset, destination)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX moments ON schedule (destination, moment) WHERE moment IS NOT NULL",
)

_ADOPTED = """
CREATE TABLE adopted (
    sha256 TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID"""

_PICTURES = (
    "CREATE INDEX pictures ON assets (json_extract(plain, '$.picture'))"
    " WHERE json_extract(plain, '$.picture') IS NOT NULL",
    "ALTER TABLE adopted ADD COLUMN picture TEXT",
    "CREATE INDEX adopted_pictures ON adopted (picture) WHERE picture IS NOT NULL",
)

_ENDED = (
    "CREATE INDEX ended_deliveries ON deliveries (state, since)"
    " WHERE state IN ('confirmed', 'skipped', 'expired', 'published', 'failed')"
)

# What was known by a row that is gone must be looked at again, though nothing has changed on the disk.
_FOLDERS = (
    """CREATE TABLE folders (
    path BLOB PRIMARY KEY,
    digest BLOB NOT NULL,
    seen INTEGER NOT NULL,
    ignored INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
    "CREATE TRIGGER files_forgotten AFTER DELETE ON files BEGIN DELETE FROM folders; END",
)

# The path is the one below the source's own folder; a key may be a path too.
_PULLED = """
CREATE TABLE pulled (
    source TEXT NOT NULL,
    key BLOB NOT NULL,
    mark TEXT NOT NULL,
    path BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID"""
