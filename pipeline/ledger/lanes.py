"""Lanes: one for each destination that is served in turn, with what holds it back as a whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from pipeline.ledger.queries import IS_OPEN
from pipeline.ledger.rows import moment_of, moment_row, words_row
from pipeline.ledger.states import NOTIFIED, STOPPED
from pipeline.ledger.writing import Move, Writer
from pipeline.model import State
from pipeline.values import dataclass

_PARKED_WITH_ITS_LANE = f"""state = 'parked' AND {IS_OPEN} AND destination = ? AND
    (SELECT e.event FROM events e WHERE e.delivery = deliveries.id AND e.to_state = 'parked'
        AND e.from_state != 'parked' ORDER BY e.id DESC LIMIT 1) = ?"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Lane:
    """What holds a lane back: it rests for a while, or it's stopped until a person has acted."""

    name: str
    rest_until: datetime | None = None
    rest_reason: str | None = None
    stopped: str | None = None
    stopped_at: datetime | None = None


class Lanes(Writer):
    """The state of lanes, and the moves that concern all that waits in one."""

    def lane(self, name: str) -> Lane:
        """How a lane stands; free when nothing was ever said of it."""
        row = self._db.execute("SELECT * FROM lanes WHERE name = ?", (name,)).fetchone()
        return Lane(name) if row is None else _lane_of(row)

    def stopped_untold(self) -> list[Lane]:
        """The stopped lanes of which the person hasn't been told since they stopped."""
        rows = self._db.execute(
            "SELECT * FROM lanes WHERE stopped IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lane_events e"
            " WHERE e.lane = lanes.name AND e.event = ? AND e.at >= lanes.stopped_at) ORDER BY name",
            (NOTIFIED,),
        )
        return [_lane_of(row) for row in rows]

    def rest(self, name: str, until: datetime, reason: str) -> None:
        """Leave a lane alone until then; a longer rest that was promised before stays."""
        with self._transaction() as db:
            self._rest(db, name, until, reason)

    def stop(self, name: str, reason: str) -> int:
        """Stop a lane until a person has acted, and park what is due in it; how much that was."""
        with self._transaction() as db:
            return self._stop(db, name, reason)

    def release(self, name: str) -> int:
        """Let a stopped lane go on, with all that was parked with it; how much that was.

        It's decided anew by the next run, by the settings and sidecars it then has. What was parked for a
        reason of its own stays.
        """
        with self._transaction() as db:
            rows = db.execute(
                f"SELECT id, asset, due_at, not_after FROM deliveries WHERE {_PARKED_WITH_ITS_LANE}",  # noqa: S608 - only ?
                (name, STOPPED),
            ).fetchall()
            for row in rows:
                self._move(db, (row["id"], State.PARKED), _kept(row, State.PLANNED, "freed"))
                db.execute(
                    "DELETE FROM files WHERE path = (SELECT path FROM assets WHERE id = ?)", (row["asset"],)
                )
            freed = db.execute(
                "UPDATE lanes SET stopped = NULL, stopped_at = NULL WHERE name = ? AND stopped IS NOT NULL",
                (name,),
            )
            if freed.rowcount:
                self._tell(db, name, "freed", {"deliveries": len(rows)})
            return len(rows)

    def stopped_with_its_lane(self, name: str) -> set[int]:
        """The numbers of what is parked because its whole lane stopped."""
        rows = self._db.execute(f"SELECT id FROM deliveries WHERE {_PARKED_WITH_ITS_LANE}", (name, STOPPED))  # noqa: S608 - only ?
        return {row["id"] for row in rows}

    def _lane_of_move(self, db: sqlite3.Connection, name: str, move: Move) -> None:
        """What a move says about the lane as a whole."""
        if move.rest_until is not None:
            self._rest(db, name, move.rest_until, move.reason or move.event)
        if move.stops:
            self._stop(db, name, move.reason or move.event)

    def _rest(self, db: sqlite3.Connection, name: str, until: datetime, reason: str) -> None:
        rests = db.execute(
            "INSERT INTO lanes (name, rest_until, rest_reason) VALUES (?1, ?2, ?3) ON CONFLICT (name)"
            " DO UPDATE SET rest_until = ?2, rest_reason = ?3 WHERE coalesce(rest_until, '') < ?2",
            (name, moment_row(until), words_row(reason)),
        )
        if rests.rowcount:
            self._tell(db, name, "rests", {"until": moment_row(until), "reason": reason})

    def _stop(self, db: sqlite3.Connection, name: str, reason: str) -> int:
        now = self._now()
        stops = db.execute(
            "INSERT INTO lanes (name, stopped, stopped_at) VALUES (?1, ?2, ?3) ON CONFLICT (name)"
            " DO UPDATE SET stopped = ?2, stopped_at = ?3 WHERE stopped IS NULL",
            (name, words_row(reason), now),
        )
        if stops.rowcount:
            self._tell(db, name, "stops", {"reason": reason})
        rows = db.execute(
            f"SELECT id, due_at, not_after FROM deliveries WHERE state = 'planned' AND {IS_OPEN}"  # noqa: S608 - our own words
            " AND destination = ? AND (due_at IS NULL OR due_at <= ?)",
            (name, now),
        ).fetchall()
        for row in rows:
            self._move(db, (row["id"], State.PLANNED), _kept(row, State.PARKED, STOPPED, reason))
        return len(rows)

    def _tell(self, db: sqlite3.Connection, name: str, event: str, detail: Mapping[str, object]) -> None:
        db.execute(
            "INSERT INTO lane_events (lane, at, event, detail) VALUES (?, ?, ?, ?)",
            (name, self._now(), event, json.dumps(detail)),
        )


def _kept(row: sqlite3.Row, to: State, event: str, reason: str | None = None) -> Move:
    """A move that leaves the delivery its times."""
    return Move(to, event, reason, due_at=moment_of(row["due_at"]), not_after=moment_of(row["not_after"]))


def _lane_of(row: sqlite3.Row) -> Lane:
    return Lane(
        row["name"],
        moment_of(row["rest_until"]),
        row["rest_reason"],
        row["stopped"],
        moment_of(row["stopped_at"]),
    )
