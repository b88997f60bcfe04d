"""Everything that is asked of the ledger."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.ledger.attempts import Attempts, Ended
from pipeline.ledger.packing import asset_of, detail_of
from pipeline.ledger.rows import DELIVERIES, delivery_of, moment_row, path_of, path_row
from pipeline.ledger.states import NOTIFIED, OPEN
from pipeline.model import WAITING_FOR_SEND, Asset, Delivery, Refusal, State
from pipeline.values import dataclass

SHORTEST_PREFIX = 6
MOST_DIGITS = 18
"""SQLite's integers end at 19 digits."""

# An earlier part of the same story that isn't out and was neither skipped nor given up.
_IN_ITS_WAY = """SELECT 1 FROM deliveries e
    WHERE e.asset = d.asset AND e.destination = d.destination AND e.part < d.part
    AND (e.state IN ('armed', 'parked', 'unknown', 'failed') OR (e.state = 'planned' AND e.due_at > ?))"""

# Word for word as the indexes say it, or SQLite doesn't see that it may use them; the two make a whole.
IS_OPEN = "state NOT IN ('confirmed', 'skipped', 'expired', 'published', 'failed')"
HAS_ENDED = "state IN ('confirmed', 'skipped', 'expired', 'published', 'failed')"

# Only what is live has an id, so an index leads to what isn't, past all that a lane has published before.
_UNPUBLISHED = "d.external_id IS NULL"

# Left to itself, SQLite reads all files, as they lie in order.
_PROBLEMS = "SELECT path, problem FROM files INDEXED BY problem_files WHERE problem IS NOT NULL ORDER BY path"

# A part waits for those before it, as their story has one moment.
_GIVEN = "(SELECT s.{} FROM schedule s WHERE s.asset = d.asset AND s.destination = d.destination)"
_IN_TURN = f"ORDER BY {_GIVEN.format('moment')}, {_GIVEN.format('turn')}, d.id"

# The place of an asset or of any copy of it.
_HELD_AT = """d.asset IN (SELECT id FROM assets WHERE {0} UNION SELECT asset FROM files WHERE {0})"""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a delivery's history."""

    delivery: int
    at: datetime
    event: str
    from_state: State | None
    to_state: State
    detail: Mapping[str, Any]


class Queries:
    """The reading half of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        self._db = db
        self._attempts = Attempts()

    def known_files(self, below: bytes | None = None) -> dict[bytes, bytes]:
        """Every path ever decided upon, or those below a folder, with the fingerprint it had then."""
        start = b"" if below is None else below.rstrip(b"/")
        bounds = (start + b"/", start + b"0") if start else (b"", b"\xff")  # 0 comes after /
        rows = self._db.execute("SELECT path, fingerprint FROM files WHERE path > ? AND path < ?", bounds)
        rows.row_factory = None
        return dict(rows.fetchall())

    def known_folders(self) -> dict[bytes, tuple[bytes, int, int]]:
        """The folders in which all was known, as they were then: a digest, media, and what isn't."""
        rows = self._db.execute("SELECT path, digest, seen, ignored FROM folders WHERE path > ?", (b"",))
        rows.row_factory = None
        return {path: (digest, seen, ignored) for path, digest, seen, ignored in rows}

    def is_adopted(self, sha256: str) -> bool:
        """Whether this content was there before the person began."""
        return self._db.execute("SELECT 1 FROM adopted WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def adopted(self) -> int:
        """How many contents were taken as seen, and not sent by name since."""
        count = "SELECT count(*) FROM adopted WHERE sha256 NOT IN (SELECT sha256 FROM assets)"
        return int(self._db.execute(count).fetchone()[0])

    def problems(self) -> list[Refusal]:
        """The files that can't become stories, as they are now."""
        rows = self._db.execute(_PROBLEMS)
        return [Refusal(path_of(row["path"]), row["problem"]) for row in rows]

    def asset(self, sha256: str) -> Asset | None:
        """An asset as it was last seen."""
        row = self._db.execute("SELECT plain, path FROM assets WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else asset_of(row["plain"], os.fsdecode(row["path"]), sha256)

    def home_of(self, sha256: str) -> Path | None:
        """Where an asset was last seen; None when that file holds something else by now."""
        row = self._db.execute(
            "SELECT a.path FROM assets a JOIN files f ON f.path = a.path AND f.asset = a.id"
            " WHERE a.sha256 = ?",
            (sha256,),
        ).fetchone()
        return None if row is None else path_of(row["path"])

    def places_of(self, sha256: str) -> list[Path]:
        """Every path at which an asset was last seen."""
        rows = self._db.execute(
            "SELECT f.path FROM files f JOIN assets a ON a.id = f.asset WHERE a.sha256 = ? ORDER BY f.path",
            (sha256,),
        )
        return [path_of(row["path"]) for row in rows]

    def delivery(self, number: int) -> Delivery | None:
        """One delivery by its number."""
        rows = self._deliveries("WHERE d.id = ?", number)
        return rows[0] if rows else None

    def deliveries_of(self, sha256: str) -> list[Delivery]:
        """All deliveries of an asset."""
        return self._deliveries("WHERE a.sha256 = ? ORDER BY d.destination, d.part", sha256)

    def every_delivery(self) -> Iterator[tuple[Delivery, list[Event]]]:
        """All deliveries with their histories, oldest first; one at a time is in memory."""
        rows = self._db.execute(f"{DELIVERIES} ORDER BY d.id")
        yield from ((one, self.events_of(one.id)) for one in map(delivery_of, rows))

    def in_states(self, states: Collection[State]) -> list[Delivery]:
        """All deliveries in these states, oldest first."""
        marks = ", ".join("?" * len(states))
        by_index = f" AND d.{IS_OPEN}" if OPEN.issuperset(states) else ""
        return self._deliveries(f"WHERE d.state IN ({marks}){by_index} ORDER BY d.id", *sorted(states))

    def in_doubt(self, destination: str | None = None) -> list[Delivery]:
        """What may be live or not, everywhere or at one destination, oldest first."""
        there, names = ("", ()) if destination is None else ("AND d.destination = ?", (destination,))
        return self._deliveries(f"WHERE d.state = 'unknown' AND d.{IS_OPEN} {there} ORDER BY d.id", *names)

    def open_deliveries(self) -> list[Delivery]:
        """All deliveries that haven't ended, oldest first."""
        return self.in_states(OPEN)

    def recently_ended(self, since: datetime) -> list[Delivery]:
        """Deliveries that ended after `since`, oldest first."""
        return self._deliveries(f"WHERE d.{HAS_ENDED} AND d.since >= ? ORDER BY d.id", moment_row(since))

    def due(self, at: datetime, destinations: Collection[str] | None = None) -> list[Delivery]:
        """What may be delivered now, by moment, then as it was planned; a part waits for those before it."""
        moment = moment_row(at)
        there = "" if destinations is None else "AND d.destination IN (SELECT value FROM json_each(?))"
        wanted = () if destinations is None else (json.dumps(sorted(destinations)),)
        return self._deliveries(
            f"WHERE d.state = 'planned' AND d.{IS_OPEN} {there} AND (d.due_at IS NULL OR d.due_at <= ?)"
            f" AND (d.not_after IS NULL OR d.not_after > ?) AND NOT EXISTS ({_IN_ITS_WAY}) {_IN_TURN}",
            *wanted,
            moment,
            moment,
            moment,
        )

    def due_there(self, destination: str, at: datetime) -> Iterator[Delivery]:
        """The same for one destination; read row by row, as a lane takes only the first few of many."""
        moment = moment_row(at)
        any_moment = "SELECT 1 FROM schedule WHERE destination = ? AND moment IS NOT NULL LIMIT 1"
        in_turn = _IN_TURN if self._db.execute(any_moment, (destination,)).fetchone() else "ORDER BY d.id"
        condition = (
            f"WHERE d.destination = ? AND {_UNPUBLISHED} AND d.state = 'planned'"
            " AND (d.due_at IS NULL OR d.due_at <= ?) AND (d.not_after IS NULL OR d.not_after > ?)"
            f" AND NOT EXISTS ({_IN_ITS_WAY}) {in_turn}"
        )
        rows = self._db.execute(f"{DELIVERIES} {condition}", (destination, moment, moment, moment))
        yield from map(delivery_of, rows)

    def count_due(self, destination: str, at: datetime) -> int:
        """How many deliveries of one destination have their time, whatever else holds them back."""
        row = self._db.execute(
            f"SELECT count(*) AS n FROM deliveries d WHERE destination = ? AND {_UNPUBLISHED}"  # noqa: S608 - our own words
            " AND state = 'planned' AND (due_at IS NULL OR due_at <= ?)",
            (destination, moment_row(at)),
        ).fetchone()
        return int(row["n"])

    def attempts(self, destination: str, since: datetime) -> list[Ended]:
        """How the attempts to deliver there ended since then, oldest first."""
        return self._attempts.since(self._db, destination, since)

    def claimed(self, destination: str) -> frozenset[str]:
        """The server's ids of everything that is known to be live, or to have been live, there."""
        rows = self._db.execute(
            "SELECT external_id FROM deliveries WHERE destination = ? AND external_id IS NOT NULL",
            (destination,),
        )
        return frozenset(row["external_id"] for row in rows)

    def is_claimed(self, destination: str, external_id: str) -> bool:
        """Whether it is known which delivery that is, of 9,000 after a year."""
        found = self._db.execute(
            "SELECT 1 FROM deliveries WHERE destination = ? AND external_id = ?", (destination, external_id)
        )
        return found.fetchone() is not None

    def overdue(self, at: datetime) -> list[Delivery]:
        """What its time has run out for: unsent past `not_after`, offered past `expires_at`."""
        moment = moment_row(at)
        unsent = self._deliveries(
            f"WHERE d.state IN ('planned', 'parked') AND d.{IS_OPEN} AND d.not_after <= ?", moment
        )
        marks = ", ".join("?" * len(WAITING_FOR_SEND))
        offered = f"WHERE d.state IN ({marks}) AND d.{IS_OPEN} AND d.expires_at <= ?"
        return unsent + self._deliveries(offered, *sorted(WAITING_FOR_SEND), moment)

    def offered(self, destination: str) -> set[int]:
        """The numbers of what waits for the person's Send at one destination."""
        marks = ", ".join("?" * len(WAITING_FOR_SEND))
        rows = self._db.execute(
            f"SELECT id FROM deliveries WHERE destination = ? AND state IN ({marks}) AND {IS_OPEN}",  # noqa: S608 - only ?
            (destination, *sorted(WAITING_FOR_SEND)),
        )
        return {row["id"] for row in rows}

    def where_they_lie(self) -> dict[int, str]:
        """Where everything that waits for the person's Send was offered last, by its number."""
        marks = ", ".join("?" * len(WAITING_FOR_SEND))
        rows = self._db.execute(
            "SELECT e.delivery, e.detail FROM deliveries d JOIN events e ON e.delivery = d.id"  # noqa: S608 - only ?, and our own words
            f" WHERE d.state IN ({marks}) AND d.{IS_OPEN} AND e.detail LIKE '%\"where\"%' ORDER BY e.id",
            tuple(sorted(WAITING_FOR_SEND)),
        )
        places = ((row["delivery"], detail_of(row["detail"]).get("where")) for row in rows)
        return {number: str(place) for number, place in places if place}

    def next_due_at(self) -> datetime | None:
        """When the earliest story that waits for its time is due."""
        row = self._db.execute(
            f"SELECT min(due_at) AS at FROM deliveries WHERE state = 'planned' AND {IS_OPEN}"  # noqa: S608 - our own words
        ).fetchone()
        return datetime.fromisoformat(row["at"]) if row["at"] else None

    def counts(self, *, open_only: bool = False) -> dict[str, int]:
        """How many deliveries stand in each state, or in each that isn't an end."""
        counts: dict[str, int] = {}
        for those in (IS_OPEN,) if open_only else (IS_OPEN, HAS_ENDED):
            rows = self._db.execute(f"SELECT state, count(*) FROM deliveries WHERE {those} GROUP BY state")  # noqa: S608 - our own words
            counts.update((state, count) for state, count in rows)
        return dict(sorted(counts.items()))

    def find(self, name: str) -> list[Delivery]:
        """The deliveries a person means by a number, a file's path or name, or the start of a hash."""
        if name.isascii() and name.isdigit() and len(name) <= MOST_DIGITS:
            found = self.delivery(int(name))
            if found:
                return [found]
        if len(name) >= SHORTEST_PREFIX and set(name) <= set("0123456789abcdef"):
            by_hash = self._deliveries("WHERE a.sha256 >= ? AND a.sha256 < ? ORDER BY d.id", name, name + "g")
            if by_hash:
                return by_hash
        return self._find_path(Path(name))

    def events_of(self, delivery: int) -> list[Event]:
        """A delivery's history, oldest first."""
        rows = self._db.execute("SELECT * FROM events WHERE delivery = ? ORDER BY id", (delivery,))
        return [_event_of(row) for row in rows]

    def history_of_those_in(self, states: Collection[State]) -> list[Event]:
        """The moves of all open deliveries in these states, and what the person was told of them."""
        marks = ", ".join("?" * len(states))
        rows = self._db.execute(
            "SELECT e.* FROM deliveries d JOIN events e ON e.delivery = d.id"  # noqa: S608 - only ?, and our own words
            f" WHERE d.state IN ({marks}) AND d.{IS_OPEN}"
            " AND (e.event = ? OR e.from_state IS NOT e.to_state) ORDER BY e.id",
            (*sorted(states), NOTIFIED),
        )
        return [_event_of(row) for row in rows]

    def _find_path(self, path: Path) -> list[Delivery]:
        whole = path_row(Path(os.path.abspath(path)))  # noqa: PTH100 - must not follow links
        by_path = self._deliveries(f"WHERE {_HELD_AT.format('path = ?')} ORDER BY d.id", whole, whole)
        if by_path or path.name != str(path):
            return by_path
        tail = path_row(Path("/" + path.name))
        ends = (-len(tail), tail)
        return self._deliveries(f"WHERE {_HELD_AT.format('substr(path, ?) = ?')} ORDER BY d.id", *ends, *ends)

    def _deliveries(self, condition: str, *values: object) -> list[Delivery]:
        return [delivery_of(row) for row in self._db.execute(f"{DELIVERIES} {condition}", values)]


def _event_of(row: sqlite3.Row) -> Event:
    return Event(
        delivery=row["delivery"],
        at=datetime.fromisoformat(row["at"]),
        event=row["event"],
        from_state=State(row["from_state"]) if row["from_state"] else None,
        to_state=State(row["to_state"]),
        detail=detail_of(row["detail"]),
    )
