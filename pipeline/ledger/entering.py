"""What was seen and what was decided about it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipeline.ledger.packing import asset_of, asset_row
from pipeline.ledger.rows import moment_row, path_of, path_row, recipe_row, words_row
from pipeline.ledger.states import ASKED, RETRIED
from pipeline.ledger.writing import Move, Writer
from pipeline.model import Asset, Repeat, State, Story, Treatment
from pipeline.tools.plain import to_short_json


class Entering(Writer):
    """Files, assets, and the deliveries planned of them."""

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
            for destination in _destinations_of(db, asset) - wanted.keys():
                why = refused.get(destination) or story.skip or "no longer wanted by its sidecar"
                if story.skip and _was_retried(db, asset, destination):
                    self._give_up(db, (asset, destination, 0), why)
                else:
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

    def adopt(self, path: Path, fingerprint: bytes, sha256: str, picture: str | None) -> None:
        """Remember a file, and its content wherever it turns up, as seen before the person began."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO adopted (sha256, at, picture) VALUES (?, ?, ?)",
                (sha256, self._now(), picture),
            )
            self._enter_file(db, path, fingerprint, (None, None))

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

    def enter_folders(self, folders: Mapping[bytes, tuple[bytes, int, int]]) -> None:
        """Remember folders in which all is known; they are forgotten as soon as any file is."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO folders (path, digest, seen, ignored) VALUES (?, ?, ?, ?)",
                ((path, *mark) for path, mark in folders.items()),
            )

    def _enter_asset(self, db: sqlite3.Connection, asset: Asset) -> int:
        row = db.execute(
            "INSERT INTO assets (sha256, path, plain, first_seen_at) VALUES (?, ?, ?, '') "
            "ON CONFLICT (sha256) DO UPDATE SET path = excluded.path, plain = excluded.plain RETURNING id",
            (asset.sha256, path_row(asset.path), asset_row(asset)),
        ).fetchone()
        return int(row["id"])

    def _enter_file(
        self, db: sqlite3.Connection, path: Path, fingerprint: bytes, outcome: tuple[int | None, str | None]
    ) -> None:
        asset, problem = outcome
        self._leave(db, path, asset, problem)
        db.execute(
            "INSERT INTO files (path, fingerprint, asset, problem, seen_at) VALUES (?, ?, ?, ?, '') "
            "ON CONFLICT (path) DO UPDATE SET fingerprint = excluded.fingerprint, asset = excluded.asset,"
            " problem = excluded.problem, seen_at = excluded.seen_at",
            (path_row(path), fingerprint, asset, words_row(problem)),
        )

    def _leave(self, db: sqlite3.Connection, path: Path, now_holds: int | None, problem: str | None) -> None:
        """Send what lay at `path` before from another place that holds it, or give up what is planned.

        Its other places are forgotten either way: the next scan decides them anew, by their own sidecars.
        """
        gone = db.execute(
            "SELECT a.id, a.plain, a.path, a.sha256"
            " FROM files f JOIN assets a ON a.id = f.asset AND a.path = f.path"
            " WHERE f.path = ? AND a.id IS NOT ?",
            (path_row(path), now_holds),
        ).fetchone()
        if gone is None:
            return
        others = db.execute(
            "DELETE FROM files WHERE asset = ? AND path != ? RETURNING path", (gone["id"], path_row(path))
        ).fetchall()
        if problem or not others:
            if not problem:
                self._withdraw_questions(db, gone["id"])
            self._drop_all(db, gone["id"], problem or "another file has taken its place")
            return
        asset = asset_of(gone["plain"], os.fsdecode(gone["path"]), gone["sha256"])
        self._move_home(db, asset, path_of(others[0]["path"]))

    def _move_home(self, db: sqlite3.Connection, asset: Asset, path: Path) -> None:
        db.execute(
            "UPDATE assets SET path = ?, plain = ? WHERE sha256 = ?",
            (path_row(path), asset_row(asset), asset.sha256),
        )

    def _decide(self, db: sqlite3.Connection, asset: int, treatment: Treatment) -> None:
        states = _states_of(db, asset, treatment.destination)
        if any(state is not State.PLANNED for state in states):
            return
        repeat = None if states else treatment.repeat
        recipe, plain = recipe_row(treatment.recipe)
        db.execute("INSERT OR IGNORE INTO recipes VALUES (?, ?)", (recipe, plain))
        parts = len(treatment.recipe.parts)
        self._drop(db, (asset, treatment.destination, parts), "no longer a part of its story")
        for part in range(1, parts + 1):
            number = self._plan_part(db, (asset, part, parts, recipe), treatment)
            if repeat:
                self._set_aside(db, number, repeat, treatment.not_after)

    def _plan_part(
        self, db: sqlite3.Connection, place: tuple[int, int, int, str], treatment: Treatment
    ) -> int:
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
                to_short_json(treatment.texts),
                treatment.lifetime_hours,
                self._now(),
                moment_row(treatment.due_at),
                moment_row(treatment.not_after),
            ),
        ).fetchone()
        self._record(db, (row["id"], None), Move(State.PLANNED, "planned"))
        return int(row["id"])

    def _set_aside(
        self, db: sqlite3.Connection, number: int, repeat: Repeat, not_after: datetime | None
    ) -> None:
        move = Move(State.SKIPPED, "repeated", repeat.reason)
        if repeat.asks:
            move = Move(State.PARKED, ASKED, repeat.reason, not_after=not_after)
        self._move(db, (number, State.PLANNED), move)

    def _withdraw_questions(self, db: sqlite3.Connection, asset: int) -> None:
        """What the person was asked about a file is forgotten with it, to be asked again if it comes back."""
        db.execute(
            "DELETE FROM deliveries WHERE asset = ? AND state = 'parked' AND ? ="
            " (SELECT event FROM events e WHERE e.delivery = deliveries.id ORDER BY e.id DESC LIMIT 1)",
            (asset, ASKED),
        )

    def _drop_all(self, db: sqlite3.Connection, asset: int, reason: str) -> None:
        for destination in _destinations_of(db, asset):
            self._drop(db, (asset, destination, 0), reason)

    def _drop(self, db: sqlite3.Connection, place: tuple[int, str, int], reason: str) -> None:
        """Give up what is still planned for a destination, beyond so many parts.

        A decision of which nothing has happened yet is forgotten, so that it can be taken again.
        """
        untouched = set(_states_of(db, *place[:2])) == {State.PLANNED}
        numbers = self._give_up(db, place, reason)
        if untouched:
            db.executemany("DELETE FROM deliveries WHERE id = ?", [(number,) for number in numbers])
        if untouched and not place[2]:
            db.execute("DELETE FROM schedule WHERE asset = ? AND destination = ?", place[:2])

    def _give_up(self, db: sqlite3.Connection, place: tuple[int, str, int], reason: str) -> list[int]:
        rows = db.execute(
            "SELECT id FROM deliveries"
            " WHERE asset = ? AND destination = ? AND part > ? AND state = 'planned'",
            place,
        ).fetchall()
        for row in rows:
            self._move(db, (row["id"], State.PLANNED), Move(State.SKIPPED, "dropped", reason))
        return [row["id"] for row in rows]


def _destinations_of(db: sqlite3.Connection, asset: int) -> set[str]:
    """Where an asset has deliveries."""
    rows = db.execute("SELECT DISTINCT destination FROM deliveries WHERE asset = ?", (asset,))
    return {row["destination"] for row in rows}


def _states_of(db: sqlite3.Connection, asset: int, destination: str) -> list[State]:
    """The states of an asset's parts at one destination."""
    rows = db.execute(
        "SELECT state FROM deliveries WHERE asset = ? AND destination = ?", (asset, destination)
    )
    return [State(row["state"]) for row in rows]


def _was_retried(db: sqlite3.Connection, asset: int, destination: str) -> bool:
    said = db.execute(
        "SELECT 1 FROM deliveries d JOIN events e ON e.delivery = d.id"
        " WHERE d.asset = ? AND d.destination = ? AND e.event = ?",
        (asset, destination, RETRIED),
    )
    return said.fetchone() is not None
