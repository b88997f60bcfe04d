"""The ledger: what was seen, what was decided, where every delivery stands, and how it got there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.ledger import queries
from pipeline.ledger.rows import moment_row, path_of, path_row, recipe_row, words_row
from pipeline.ledger.states import sources_of
from pipeline.model import WAITING_FOR_SEND, Asset, Delivery, State, Story, Treatment
from pipeline.tools.clock import Clock
from pipeline.tools.plain import from_json, to_json


@dataclass(frozen=True, slots=True)
class Move:
    """A delivery's change of state, with all that is true of the new state: what isn't given is no longer so.

    Only `expires_at` stays while a delivery waits for the person, and `external_id` for ever.
    """

    to: State
    event: str
    reason: str | None = None
    due_at: datetime | None = None
    not_after: datetime | None = None
    expires_at: datetime | None = None
    external_id: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


class Ledger(queries.Queries):
    """All writes. Each public method is one transaction; the caller holds the lock."""

    def __init__(self, db: sqlite3.Connection, clock: Clock) -> None:
        super().__init__(db)
        self._clock = clock
        self.moves = 0
        """How many deliveries have changed their state through this object."""

    def enter(self, story: Story, fingerprint: bytes) -> None:
        """Remember a file and what was decided for it, all at once.

        Deliveries that have left `planned` keep the recipe they began with; those still planned take
        the new decision. What some destinations refuse stays a problem of the file.
        """
        with self._transaction() as db:
            asset = self._enter_asset(db, story.asset)
            refused = {str(refusal.destination): refusal.reason for refusal in story.refusals}
            problem = "\n".join(refused.values()) or None
            self._enter_file(db, story.asset.path, fingerprint, (asset, problem))
            wanted = {treatment.destination: treatment for treatment in story.treatments}
            for destination in queries.destinations_of(db, asset) - wanted.keys():
                why = refused.get(destination) or story.skip or "no longer wanted by its sidecar"
                self._drop(db, (asset, destination, 0), why)
            for treatment in wanted.values():
                self._decide(db, asset, treatment)

    def enter_problem(self, path: Path, fingerprint: bytes, problem: str) -> None:
        """Remember a file that can't become a story; it isn't looked at again until it changes.

        What was planned of it and not yet begun is given up; it's decided anew once the file is right.
        """
        with self._transaction() as db:
            self._enter_file(db, path, fingerprint, (None, problem))

    def enter_copy(self, path: Path, fingerprint: bytes, sha256: str) -> None:
        """Remember a file with the content of a known asset, without deciding anything anew."""
        with self._transaction() as db:
            row = db.execute("SELECT id FROM assets WHERE sha256 = ?", (sha256,)).fetchone()
            self._enter_file(db, path, fingerprint, (row["id"], None))

    def move_home(self, sha256: str, path: Path) -> None:
        """Take a known asset from another of its places from now on."""
        asset = self.asset(sha256)
        if asset:
            with self._transaction() as db:
                self._move_home(db, asset, path)

    def forget_home(self, sha256: str) -> None:
        """Let the next run decide an asset anew, by the settings and the sidecar it then has."""
        with self._transaction() as db:
            db.execute("DELETE FROM files WHERE path = (SELECT path FROM assets WHERE sha256 = ?)", (sha256,))

    def forget_file(self, path: Path) -> bool:
        """Let the next run look at a file with a problem again; False when there is none."""
        with self._transaction() as db:
            found = db.execute("DELETE FROM files WHERE path = ? AND problem IS NOT NULL", (path_row(path),))
            return found.rowcount == 1

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
            return self._move(db, (delivery.id, delivery.state), move)

    def note(self, delivery: Delivery, event: str, reason: str) -> None:
        """Record an event that leaves the state as it is, once while the reason stays the same."""
        if delivery.reason == reason:
            return
        with self._transaction() as db:
            db.execute("UPDATE deliveries SET reason = ? WHERE id = ?", (words_row(reason), delivery.id))
            self._record(db, (delivery.id, delivery.state), Move(delivery.state, event, reason))

    def record(self, delivery: Delivery, event: str, detail: Mapping[str, object]) -> None:
        """Record a step of a delivery that leaves its state as it is."""
        with self._transaction() as db:
            self._record(db, (delivery.id, delivery.state), Move(delivery.state, event, detail=detail))

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
        return self._clock().isoformat(timespec="microseconds")

    def _enter_asset(self, db: sqlite3.Connection, asset: Asset) -> int:
        row = db.execute(
            "INSERT INTO assets (sha256, path, plain, first_seen_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (sha256) DO UPDATE SET path = excluded.path, plain = excluded.plain RETURNING id",
            (asset.sha256, path_row(asset.path), to_json(asset), self._now()),
        ).fetchone()
        return int(row["id"])

    def _enter_file(
        self, db: sqlite3.Connection, path: Path, fingerprint: bytes, outcome: tuple[int | None, str | None]
    ) -> None:
        asset, problem = outcome
        self._leave(db, path, asset, problem)
        db.execute(
            "INSERT INTO files (path, fingerprint, asset, problem, seen_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET fingerprint = excluded.fingerprint, asset = excluded.asset,"
            " problem = excluded.problem, seen_at = excluded.seen_at",
            (path_row(path), fingerprint, asset, words_row(problem), self._now()),
        )

    def _leave(self, db: sqlite3.Connection, path: Path, now_holds: int | None, problem: str | None) -> None:
        """Send what lay at `path` before from another place that holds it, or give up what is planned.

        Its other places are forgotten either way: the next scan decides them anew, by their own sidecars.
        """
        gone = db.execute(
            "SELECT a.id, a.plain FROM files f JOIN assets a ON a.id = f.asset AND a.path = f.path"
            " WHERE f.path = ? AND a.id IS NOT ?",
            (path_row(path), now_holds),
        ).fetchone()
        if gone is None:
            return
        others = db.execute(
            "DELETE FROM files WHERE asset = ? AND path != ? RETURNING path", (gone["id"], path_row(path))
        ).fetchall()
        if problem or not others:
            self._drop_all(db, gone["id"], problem or "another file has taken its place")
            return
        self._move_home(db, from_json(Asset, gone["plain"]), path_of(others[0]["path"]))

    def _move_home(self, db: sqlite3.Connection, asset: Asset, path: Path) -> None:
        db.execute(
            "UPDATE assets SET path = ?, plain = ? WHERE sha256 = ?",
            (path_row(path), to_json(replace(asset, path=path)), asset.sha256),
        )

    def _decide(self, db: sqlite3.Connection, asset: int, treatment: Treatment) -> None:
        states = queries.states_of(db, asset, treatment.destination)
        if any(state is not State.PLANNED for state in states):
            return
        recipe, plain = recipe_row(treatment.recipe)
        db.execute("INSERT OR IGNORE INTO recipes VALUES (?, ?)", (recipe, plain))
        parts = len(treatment.recipe.parts)
        self._drop(db, (asset, treatment.destination, parts), "no longer a part of its story")
        for part in range(1, parts + 1):
            self._plan_part(db, (asset, part, parts, recipe), treatment)

    def _plan_part(
        self, db: sqlite3.Connection, place: tuple[int, int, int, str], treatment: Treatment
    ) -> None:
        asset, part, parts, recipe = place
        row = db.execute(
            "INSERT INTO deliveries (asset, destination, part, parts, state, recipe, texts, lifetime_hours,"
            " since, due_at, not_after) VALUES (?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (asset, destination, part) DO UPDATE SET parts = excluded.parts,"
            " recipe = excluded.recipe, texts = excluded.texts, lifetime_hours = excluded.lifetime_hours,"
            " due_at = excluded.due_at, not_after = excluded.not_after, reason = NULL RETURNING id",
            (
                asset,
                treatment.destination,
                part,
                parts,
                recipe,
                to_json(treatment.texts),
                treatment.lifetime_hours,
                self._now(),
                moment_row(treatment.due_at),
                moment_row(treatment.not_after),
            ),
        ).fetchone()
        self._record(db, (row["id"], None), Move(State.PLANNED, "planned"))

    def _drop_all(self, db: sqlite3.Connection, asset: int, reason: str) -> None:
        for destination in queries.destinations_of(db, asset):
            self._drop(db, (asset, destination, 0), reason)

    def _drop(self, db: sqlite3.Connection, place: tuple[int, str, int], reason: str) -> None:
        """Give up what is still planned for a destination, beyond so many parts.

        A decision of which nothing has happened yet is forgotten, so that it can be taken again.
        """
        untouched = set(queries.states_of(db, *place[:2])) == {State.PLANNED}
        rows = db.execute(
            "SELECT id FROM deliveries"
            " WHERE asset = ? AND destination = ? AND part > ? AND state = 'planned'",
            place,
        ).fetchall()
        for row in rows:
            self._move(db, (row["id"], State.PLANNED), Move(State.SKIPPED, "dropped", reason))
            if untouched:
                db.execute("DELETE FROM deliveries WHERE id = ?", (row["id"],))

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
            (delivery, self._now(), move.event, before, move.to, json.dumps(detail)),
        )
