"""What was tried lately, read once for all lanes: with 1,000 of them each would read the others' again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from pipeline.ledger.rows import moment_row
from pipeline.model import State
from pipeline.values import dataclass, field

OLDEST = timedelta(days=2)
"""How far what was read may lie back before it's read anew, without what nobody asks for any more."""

_ENDED = "e.from_state = 'armed' AND e.to_state != 'armed'"
_OUT = "e.from_state = 'armed' AND e.to_state IN ('offered', 'published', 'unknown')"

# Without the hint each lane's whole past is read: 25 stories a day are 9,000 rows after a year.
_SINCE = f"""SELECT e.at, e.to_state, d.destination FROM events e INDEXED BY attempts
    CROSS JOIN deliveries d ON d.id = e.delivery WHERE {_ENDED} AND e.at > ? ORDER BY e.id"""  # noqa: S608 - our own words

_NEWER = f"""SELECT e.at, e.to_state, d.destination FROM events e CROSS JOIN deliveries d ON d.id = e.delivery
    WHERE e.id > ? AND {_ENDED} AND e.at > ? ORDER BY e.id"""  # noqa: S608 - our own words

# A part of it has gone out, or may have.
HAS_BEGUN = f"""SELECT 1 FROM deliveries o JOIN events e ON e.delivery = o.id
    WHERE o.asset = d.asset AND o.destination = d.destination AND {_OUT}"""  # noqa: S608 - our own words

# The first part of each story that has gone out since. Without the hints all deliveries are read: 0.1 s
_BEGUN = f"""SELECT d.destination, min(e.at) AS at
    FROM events e INDEXED BY attempts CROSS JOIN deliveries d ON d.id = e.delivery
    WHERE {_OUT} AND e.at >= ?1
    AND NOT EXISTS ({HAS_BEGUN.replace(" e ", " f ").replace("e.", "f.")} AND f.at < ?1)
    GROUP BY d.destination, d.asset"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt to deliver: when it ended, and how."""

    at: datetime
    to_state: State


@dataclass(slots=True)
class Attempts:
    """Events are only ever added, so what is newer than the last one read is added here."""

    oldest: datetime | None = None
    newest: int = 0
    ended: dict[str, list[Ended]] = field(default_factory=dict)
    begun_at: tuple[datetime, int] | None = None
    begun: dict[str, list[datetime]] = field(default_factory=dict)

    def since(self, db: sqlite3.Connection, destination: str, since: datetime) -> list[Ended]:
        """The attempts that ended there after a moment, oldest first."""
        self._read(db, since)
        return [one for one in self.ended.get(destination, ()) if one.at > since]

    def begun_since(self, db: sqlite3.Connection, destination: str, since: datetime) -> list[datetime]:
        """When the stories began to go out there whose first part went out since then."""
        state = (since, _last(db))
        if state != self.begun_at:
            self.begun_at, self.begun = state, {}
            for row in db.execute(_BEGUN, (moment_row(since),)):
                self.begun.setdefault(row["destination"], []).append(datetime.fromisoformat(row["at"]))
        return self.begun.get(destination, [])

    def _read(self, db: sqlite3.Connection, since: datetime) -> None:
        newest = _last(db)
        if self.oldest is None or since < self.oldest or since - self.oldest > OLDEST or newest < self.newest:
            self.oldest, self.ended = since, {}
            rows = db.execute(_SINCE, (moment_row(since),))
        elif newest > self.newest:
            rows = db.execute(_NEWER, (self.newest, moment_row(self.oldest)))
        else:
            return
        for row in rows:
            ended = Ended(datetime.fromisoformat(row["at"]), State(row["to_state"]))
            self.ended.setdefault(row["destination"], []).append(ended)
        self.newest = newest


def _last(db: sqlite3.Connection) -> int:
    """The number of the last event."""
    row = db.execute("SELECT max(id) FROM events").fetchone()
    return int(row[0] or 0)
