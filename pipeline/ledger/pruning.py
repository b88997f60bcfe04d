"""What may be forgotten of stories that ended long ago; what keeps them from being sent again never is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from pipeline.ledger.migrations import append_only
from pipeline.ledger.packing import asset_of, asset_row
from pipeline.ledger.rows import moment_row, recipe_row
from pipeline.ledger.states import PUBLISHING
from pipeline.ledger.writing import Writer
from pipeline.model import Recipe, Sidecar, Texts
from pipeline.tools.plain import from_json, to_short_json
from pipeline.values import dataclass, replace

# All that became of it ended before then, and something did.
_ENDED_LONG_AGO = """SELECT a.sha256 FROM assets a JOIN deliveries d ON d.asset = a.id GROUP BY a.id
    HAVING max(d.since) < ? AND min(d.state IN ('confirmed', 'skipped', 'expired', 'published', 'failed'))"""

# The last move says where a delivery stands. A doubt that was never settled keeps its whole story.
_DISPENSABLE = """delivery IN (SELECT p.id FROM pruned p WHERE p.sent OR NOT EXISTS
        (SELECT 1 FROM events e WHERE e.delivery = p.id AND e.event = ?))
    AND id NOT IN (SELECT max(e.id) FROM events e JOIN pruned p ON p.id = e.delivery
        WHERE e.from_state IS NOT e.to_state GROUP BY e.delivery)
    AND id != (SELECT max(id) FROM events)"""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How much was forgotten: histories of `deliveries` of `stories`, `events` of them, and old `runs`."""

    stories: int
    deliveries: int
    events: int
    runs: int


class Pruning(Writer):
    """Forgetting, in one transaction."""

    def ended_before(self, moment: datetime) -> list[str]:
        """The hashes of all assets whose deliveries had all ended by then."""
        return [row["sha256"] for row in self._db.execute(_ENDED_LONG_AGO, (moment_row(moment),))]

    def prune(self, assets: Iterable[str], before: datetime) -> Pruned:
        """Forget how deliveries of these assets came to their ends, and runs of before that moment.

        Of every delivery its number, its file's hash, its destination, its state and the server's id stay.
        What was sent also loses its words; what wasn't keeps them, as it may be sent again.
        """
        wanted = [(sha256,) for sha256 in assets]
        with self._transaction() as db:
            db.execute("CREATE TEMP TABLE pruned (id INTEGER PRIMARY KEY, asset INTEGER, sent INTEGER)")
            db.executemany(
                "INSERT INTO pruned SELECT d.id, d.asset, d.state IN ('confirmed', 'published')"
                " FROM deliveries d JOIN assets a ON a.id = d.asset WHERE a.sha256 = ?",
                wanted,
            )
            deliveries = int(db.execute("SELECT count(*) FROM pruned").fetchone()[0])
            events = _forget_events(db, before)
            _forget_words(db)
            db.execute("DELETE FROM files WHERE asset IN (SELECT asset FROM pruned)")
            db.execute("DELETE FROM schedule WHERE asset IN (SELECT asset FROM pruned)")
            runs = db.execute(
                "DELETE FROM runs WHERE started_at < ? AND id != (SELECT max(id) FROM runs)",
                (moment_row(before),),
            )
            db.execute("DROP TABLE pruned")
        return Pruned(len(wanted), deliveries, events, runs.rowcount)

    def shrink(self) -> None:
        """Give the room of what was forgotten back to the disk."""
        self._db.execute("VACUUM")


def _forget_events(db: sqlite3.Connection, before: datetime) -> int:
    """The only place where events go; nobody sees the ledger without its guards."""
    for table in ("events", "lane_events"):
        db.execute(f"DROP TRIGGER {table}_no_delete")
    forgotten = db.execute(f"DELETE FROM events WHERE {_DISPENSABLE}", (PUBLISHING,))  # noqa: S608 - our own words
    db.execute(
        "DELETE FROM lane_events WHERE at < ?"
        " AND lane NOT IN (SELECT name FROM lanes WHERE stopped IS NOT NULL)",
        (moment_row(before),),
    )
    for table in ("events", "lane_events"):
        db.execute(append_only(table)[1])
    return forgotten.rowcount


def _forget_words(db: sqlite3.Connection) -> None:
    db.execute(
        "UPDATE deliveries SET texts = ?, reason = NULL WHERE id IN (SELECT id FROM pruned WHERE sent)",
        (to_short_json(Texts()),),
    )
    recipes = db.execute(
        "SELECT DISTINCT r.hash, r.plain FROM pruned p JOIN deliveries d ON d.id = p.id"
        " JOIN recipes r ON r.hash = d.recipe WHERE p.sent"
    ).fetchall()
    for row in recipes:
        bare = replace(from_json(Recipe, row["plain"]), overlay=None, composition=None, notes=(), why="")
        key, plain = recipe_row(bare)
        db.execute("INSERT OR IGNORE INTO recipes VALUES (?, ?)", (key, plain))
        db.execute(
            "UPDATE deliveries SET recipe = ? WHERE recipe = ? AND id IN (SELECT id FROM pruned WHERE sent)",
            (key, row["hash"]),
        )
    db.execute("DELETE FROM recipes WHERE hash NOT IN (SELECT recipe FROM deliveries)")
    assets = db.execute(
        "SELECT a.id, a.plain, a.path, a.sha256 FROM assets a JOIN pruned p ON p.asset = a.id"
        " GROUP BY a.id HAVING min(p.sent)"
    ).fetchall()
    for row in assets:
        asset = asset_of(row["plain"], os.fsdecode(row["path"]), row["sha256"])
        bare_asset = replace(asset, sidecar=Sidecar())
        db.execute("UPDATE assets SET plain = ? WHERE id = ?", (asset_row(bare_asset), row["id"]))
