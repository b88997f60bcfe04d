"""How anything is written: one transaction for each change, and an event with every move."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from pipeline.ledger.packing import detail_row
from pipeline.ledger.queries import Queries
from pipeline.ledger.rows import moment_row, words_row
from pipeline.model import State
from pipeline.tools.clock import Clock
from pipeline.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Move:
    """A delivery's change of state, with all that is true of the new state: what isn't given is no longer so.

    Only `expires_at` stays while a delivery waits for the person, and `external_id` for ever. `rest_until`
    and `stops` are about the delivery's whole lane: it's left alone until then, or until a person has acted.
    """

    to: State
    event: str
    reason: str | None = None
    due_at: datetime | None = None
    not_after: datetime | None = None
    expires_at: datetime | None = None
    external_id: str | None = None
    rest_until: datetime | None = None
    stops: bool = False
    detail: Mapping[str, object] = field(default_factory=dict)


class Writer(Queries):
    """What every kind of change is made with."""

    def __init__(self, db: sqlite3.Connection, clock: Clock) -> None:
        super().__init__(db)
        self._clock = clock
        self.moves = 0
        """How many deliveries have changed their state through this object."""

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("ROLLBACK")
            raise

    def _now(self) -> str:
        return moment_row(self._clock()) or ""

    def _move(self, db: sqlite3.Connection, where: tuple[int, State], move: Move) -> bool:
        moved = db.execute(
            "UPDATE deliveries SET state = ?, since = ?, reason = ?, due_at = ?, not_after = ?,"
            " expires_at = ?, external_id = coalesce(?, external_id) WHERE id = ? AND state = ?",
            (
                move.to,
                self._now(),
                words_row(move.reason),
                moment_row(move.due_at),
                moment_row(move.not_after),
                moment_row(move.expires_at),
                move.external_id,
                *where,
            ),
        )
        if moved.rowcount == 1:
            self.moves += 1
            self._record(db, where, move)
        return moved.rowcount == 1

    def _record(self, db: sqlite3.Connection, where: tuple[int, State | None], move: Move) -> None:
        delivery, before = where
        detail = {**move.detail, **({"reason": move.reason} if move.reason else {})}
        db.execute(
            "INSERT INTO events (delivery, at, event, from_state, to_state, detail)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (delivery, self._now(), move.event, before, move.to, detail_row(detail)),
        )
