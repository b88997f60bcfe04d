"""The stories that wait for a moment, the moments they are given, and what has gone out before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from pipeline.ledger.attempts import HAS_BEGUN
from pipeline.ledger.queries import IS_OPEN
from pipeline.ledger.rows import moment_of, moment_row, path_of, words_row
from pipeline.ledger.states import RETRIED
from pipeline.ledger.writing import Writer
from pipeline.model import Given, Waiting

_WAITING = f"""SELECT a.sha256, a.path, d.destination, min(d.id) AS number, d.due_at, d.not_after,
    d.reason, s.moment, s.turn, json_extract(a.plain, '$.sidecar.order') AS position,
    json_extract(a.plain, '$.sidecar.not_before') AS not_before, json_extract(a.plain, '$.dated') AS dated
    FROM deliveries d JOIN assets a ON a.id = d.asset
    LEFT JOIN schedule s ON s.asset = d.asset AND s.destination = d.destination
    WHERE d.destination IN (SELECT value FROM json_each(?)) AND d.state = 'planned' AND d.{IS_OPEN}
    AND NOT EXISTS ({HAS_BEGUN})
    AND NOT EXISTS (SELECT 1 FROM deliveries o JOIN events e ON e.delivery = o.id
        WHERE o.asset = d.asset AND o.destination = d.destination AND e.event = '{RETRIED}')
    GROUP BY d.destination, d.asset ORDER BY number"""  # noqa: S608 - our own words

_TAKEN = f"""SELECT d.moment FROM schedule d WHERE d.destination = ? AND d.moment >= ?
    AND EXISTS ({HAS_BEGUN})"""  # noqa: S608 - our own words


class Scheduling(Writer):
    """What a destination with slots, or with a number a day, goes by."""

    def waiting(self, destination: str) -> list[Waiting]:
        """The stories of which nothing has gone out there, and which the person hasn't sent again."""
        return self.waiting_at([destination]).get(destination, [])

    def waiting_at(self, destinations: Collection[str]) -> dict[str, list[Waiting]]:
        """The same for many destinations: each by itself would read what waits at all the others."""
        found: dict[str, list[Waiting]] = {}
        for row in self._db.execute(_WAITING, (json.dumps(sorted(destinations)),)):
            found.setdefault(row["destination"], []).append(_waiting_of(row))
        return found

    def begun_since(self, destination: str, since: datetime) -> list[datetime]:
        """When the stories began to go out there whose first part went out since then."""
        return self._attempts.begun_since(self._db, destination, since)

    def moments_taken(self, destination: str, since: datetime) -> set[datetime]:
        """The moments from then on of what has gone out already; the clock was ahead when it did."""
        rows = self._db.execute(
            _TAKEN,
            (destination, moment_row(since)),
        )
        return {datetime.fromisoformat(row["moment"]) for row in rows}

    def has_moments(self, destination: str, since: datetime) -> bool:
        """Whether anything was given a moment there that hasn't come by then."""
        row = self._db.execute(
            "SELECT 1 FROM schedule WHERE destination = ? AND moment >= ? LIMIT 1",
            (destination, moment_row(since)),
        ).fetchone()
        return row is not None

    def give(self, given: Iterable[Given]) -> None:
        """Write down the moments of stories that wait; they are due then, and not before."""
        with self._transaction() as db:
            for one in given:
                self._give(db, one)

    def _give(self, db: sqlite3.Connection, given: Given) -> None:
        story, moment = given.story, moment_row(given.moment)
        db.execute(
            "INSERT INTO schedule (asset, destination, moment, turn) SELECT id, ?, ?, ? FROM assets"
            " WHERE sha256 = ? ON CONFLICT (asset, destination)"
            " DO UPDATE SET moment = excluded.moment, turn = excluded.turn",
            (story.destination, moment, given.turn, story.asset),
        )
        db.execute(
            "UPDATE deliveries SET due_at = ?, reason = ? WHERE destination = ? AND state = 'planned'"
            " AND asset = (SELECT id FROM assets WHERE sha256 = ?)",
            (moment, words_row(given.reason), story.destination, story.asset),
        )


def _waiting_of(row: sqlite3.Row) -> Waiting:
    return Waiting(
        asset=row["sha256"],
        destination=row["destination"],
        number=row["number"],
        path=path_of(row["path"]),
        position=row["position"],
        dated=moment_of(row["dated"]),
        not_before=moment_of(row["not_before"]),
        not_after=moment_of(row["not_after"]),
        moment=moment_of(row["moment"]),
        turn=row["turn"] or 0,
        due_at=moment_of(row["due_at"]),
        reason=row["reason"],
    )
