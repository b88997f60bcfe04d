"""The ledger: what was seen, what was decided, where every delivery stands, and how it got there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from pipeline.ledger.clocks import Clocks
from pipeline.ledger.entering import Entering
from pipeline.ledger.lanes import Lanes
from pipeline.ledger.pruning import Pruning
from pipeline.ledger.pulled import Pulled
from pipeline.ledger.repeats import Repeats
from pipeline.ledger.rows import words_row
from pipeline.ledger.scheduling import Scheduling
from pipeline.ledger.states import CANNOT_TELL, NOTIFIED, sources_of
from pipeline.ledger.writing import Move
from pipeline.model import WAITING_FOR_SEND, Delivery, State
from pipeline.values import replace

__all__ = ["Ledger", "Move"]


class Ledger(Entering, Lanes, Scheduling, Pruning, Repeats, Clocks, Pulled):
    """All writes. Each public method is one transaction; the caller holds the lock."""

    def move(self, delivery: Delivery, move: Move) -> bool:
        """Change a delivery's state, with its event; False when it stands elsewhere by now.

        Raises ValueError for a move the states don't allow.
        """
        if delivery.state not in sources_of(move.to):
            message = f"a delivery can't go from {delivery.state} to {move.to}"
            raise ValueError(message)
        if move.to in WAITING_FOR_SEND and move.expires_at is None:
            move = replace(move, expires_at=delivery.expires_at)
        with self._transaction() as db:
            moved = self._move(db, (delivery.id, delivery.state), move)
            if moved:
                self._lane_of_move(db, delivery.destination, move)
            return moved

    def note(self, delivery: Delivery, event: str, reason: str) -> None:
        """Record an event that leaves the state as it is, once while the reason stays the same."""
        if delivery.reason == reason:
            return
        with self._transaction() as db:
            noted = db.execute(
                "UPDATE deliveries SET reason = ? WHERE id = ? AND state = ?",
                (words_row(reason), delivery.id, delivery.state),
            )
            if noted.rowcount:
                self._record(db, (delivery.id, delivery.state), Move(delivery.state, event, reason))

    def record(self, delivery: Delivery, event: str, detail: Mapping[str, object]) -> None:
        """Record a step of a delivery that leaves its state as it is."""
        with self._transaction() as db:
            self._record(db, (delivery.id, delivery.state), Move(delivery.state, event, detail=detail))

    def notify(self, deliveries: Iterable[Delivery], lanes: Iterable[str]) -> None:
        """Record that the person is told of these, all at once."""
        with self._transaction() as db:
            for one in deliveries:
                self._record(db, (one.id, one.state), Move(one.state, NOTIFIED))
            for name in lanes:
                self._tell(db, name, NOTIFIED, {})

    def hold(self, reason: str) -> int:
        """Leave to a person whatever may have been sent without this ledger knowing; how much that is.

        What was being sent is in doubt; no doubt is settled by looking any more, as what went out long ago
        is no longer to be seen there.
        """
        with self._transaction() as db:
            rows = db.execute(
                "SELECT id, state FROM deliveries WHERE state IN ('planned', 'armed', 'unknown')"
            ).fetchall()
            for row in rows:
                self._hold(db, (row["id"], State(row["state"])), reason)
            return len(rows)

    def _hold(self, db: sqlite3.Connection, where: tuple[int, State], reason: str) -> None:
        number, state = where
        if state is not State.UNKNOWN:
            to = State.PARKED if state is State.PLANNED else State.UNKNOWN
            self._move(db, where, Move(to, "held", reason))
        if state is not State.PLANNED:
            self._record(db, (number, State.UNKNOWN), Move(State.UNKNOWN, CANNOT_TELL, reason))

    def begin_run(self) -> int:
        """The number of the run that starts now."""
        with self._transaction() as db:
            started = db.execute("INSERT INTO runs (started_at) VALUES (?)", (self._now(),))
            return int(started.lastrowid or 0)

    def end_run(self, run: int, exit_code: int) -> None:
        """Record how a run ended."""
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET ended_at = ?, exit_code = ?, last_event = (SELECT max(id) FROM events)"
                " WHERE id = ?",
                (self._now(), exit_code, run),
            )
