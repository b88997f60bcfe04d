"""What to do about moments that were written by a clock that was ahead."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from pipeline.ledger.packing import detail_of
from pipeline.ledger.queries import IS_OPEN
from pipeline.ledger.rows import moment_of, moment_row
from pipeline.ledger.writing import Move, Writer
from pipeline.model import WAITING_FOR_SEND, Delivery, State

_LAPSED = """SELECT d.id, d.state, d.lifetime_hours, e.detail,
    (SELECT max(o.at) FROM events o WHERE o.delivery = d.id AND o.from_state = 'armed'
        AND o.to_state = 'offered') AS offered_at
    FROM deliveries d JOIN events e ON e.id = (SELECT max(id) FROM events m
        WHERE m.delivery = d.id AND m.to_state = d.state AND m.from_state IS NOT m.to_state)
    WHERE d.state IN ('expired', 'skipped') AND d.since > ? AND e.event IN ('expired', 'missed', 'gone')"""

_TRIED_LATER = """UPDATE deliveries SET due_at = ?1 WHERE state = 'planned' AND due_at > ?1 AND since > ?1
    AND 'try again' = (SELECT event FROM events e WHERE e.delivery = deliveries.id
        ORDER BY e.id DESC LIMIT 1)"""

_RESTS = """SELECT name, rest_until, (SELECT at FROM lane_events e WHERE e.lane = lanes.name
    AND e.event = 'rests' ORDER BY id DESC LIMIT 1) AS began FROM lanes WHERE rest_until > ?"""


def lapse(delivery: Delivery, to: State, event: str, reason: str) -> Move:
    """A move that time alone has made: it can be taken back if the clock was wrong."""
    times = {"due_at": moment_row(delivery.due_at), "not_after": moment_row(delivery.not_after)}
    return Move(to, event, reason, detail={name: at for name, at in times.items() if at})


class Clocks(Writer):
    """Runs by their moments."""

    def identity(self) -> str:
        """What this ledger and its copies have in common, and no other has."""
        return str(self._db.execute("SELECT id FROM identity").fetchone()["id"])

    def last_run_at(self) -> datetime | None:
        """When the last run was, by the clock it had."""
        row = self._db.execute(
            "SELECT coalesce(ended_at, started_at) AS at FROM runs ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return moment_of(row["at"]) if row else None

    def untidy(self) -> bool:
        """Whether the last run was cut short, or anything has happened since: there may be leftovers."""
        row = self._db.execute(
            "SELECT ended_at IS NULL OR last_event IS NOT (SELECT max(id) FROM events) AS untidy"
            " FROM runs ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return row is not None and bool(row["untidy"])

    def next_moment(self) -> tuple[set[State], datetime | None]:
        """The states of what hasn't ended, and when the first of it is to be sent, or given up.

        A long past moment stands for what has none of its own, and so goes at once.
        """
        rows = self._db.execute(
            "SELECT state, min(CASE state WHEN 'planned' THEN coalesce(due_at, ?) END) AS due_at,"  # noqa: S608 - our own words
            " min(CASE WHEN state IN ('planned', 'parked') THEN not_after ELSE expires_at END) AS ends_at"
            f" FROM deliveries WHERE {IS_OPEN} GROUP BY state",
            (moment_row(datetime.min.replace(tzinfo=UTC)),),
        ).fetchall()
        moments = [moment_of(at) for row in rows for at in (row["due_at"], row["ends_at"]) if at]
        return {State(row["state"]) for row in rows}, min((at for at in moments if at), default=None)

    def put_right(self, at: datetime) -> None:
        """Take back what was given up later than `at`, and shorten what is to last from then on."""
        moment = moment_row(at)
        with self._transaction() as db:
            for row in db.execute(_LAPSED, (moment,)).fetchall():
                self._revive(db, row, at)
            for state in WAITING_FOR_SEND:
                rows = db.execute(
                    "SELECT id, lifetime_hours FROM deliveries WHERE state = ? AND since > ?", (state, moment)
                ).fetchall()
                ends = [(moment_row(at + _lifetime(row)), row["id"]) for row in rows]
                db.executemany("UPDATE deliveries SET expires_at = ? WHERE id = ?", ends)
            db.execute(_TRIED_LATER, (moment,))
            self._shorten_rests(db, at)

    def _revive(self, db: sqlite3.Connection, row: sqlite3.Row, at: datetime) -> None:
        offered_at, times = moment_of(row["offered_at"]), detail_of(row["detail"])
        if offered_at and offered_at + _lifetime(row) <= at:
            return
        due_at, not_after = moment_of(times.get("due_at")), moment_of(times.get("not_after"))
        move = Move(State.PLANNED, "clock put right", due_at=due_at, not_after=not_after)
        self._move(db, (row["id"], State(row["state"])), move)

    def _shorten_rests(self, db: sqlite3.Connection, at: datetime) -> None:
        rows = db.execute(_RESTS, (moment_row(at),)).fetchall()
        for row in rows:
            until, began = moment_of(row["rest_until"]), moment_of(row["began"])
            if until and began and began > at:
                shorter = moment_row(at + (until - began))
                db.execute("UPDATE lanes SET rest_until = ? WHERE name = ?", (shorter, row["name"]))


def _lifetime(row: sqlite3.Row) -> timedelta:
    return timedelta(hours=row["lifetime_hours"])
