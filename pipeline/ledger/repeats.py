"""What the ledger knows of earlier files that a new one may repeat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pipeline.ledger.queries import Queries
from pipeline.ledger.rows import path_of, path_row
from pipeline.model import Asset, Earlier, State

# Word for word as the index says it.
_SHOWS = "json_extract(a.plain, '$.picture') = ?"

# The oldest first, as the index has them: where thousands show the same, sorting them would take the time.
_SAME_PICTURE = f"""SELECT a.path, d.state FROM assets a CROSS JOIN deliveries d ON d.asset = a.id
    WHERE {_SHOWS} AND a.sha256 != ? AND d.destination = ?"""  # noqa: S608 - our own words

_SAME_NAME = """SELECT a.path, d.state FROM files f
    JOIN assets a ON a.id = f.asset JOIN deliveries d ON d.asset = a.id
    WHERE f.path = ? AND a.sha256 != ? AND d.destination = ?"""

_ADOPTED_PICTURE = "SELECT 1 FROM adopted WHERE picture = ? AND sha256 != ?"

# Nothing else leaves a file with neither an asset nor a problem.
_ADOPTED_NAME = "SELECT 1 FROM files WHERE path = ? AND asset IS NULL AND problem IS NULL"


class Repeats(Queries):
    """Questions about earlier files."""

    def earlier(self, asset: Asset, destination: str) -> Iterator[Earlier]:
        """What became of others there: those that show the same, then what lay in this one's place before."""
        place = path_row(asset.path)
        if asset.picture:
            rows = self._db.execute(_SAME_PICTURE, (asset.picture, asset.sha256, destination))
            yield from (_earlier(row, shows_the_same=True) for row in rows)
            if self._db.execute(_ADOPTED_PICTURE, (asset.picture, asset.sha256)).fetchone():
                yield Earlier(asset.path, shows_the_same=True)
        rows = self._db.execute(_SAME_NAME, (place, asset.sha256, destination))
        yield from (_earlier(row, shows_the_same=False) for row in rows)
        if self._db.execute(_ADOPTED_NAME, (place,)).fetchone():
            yield Earlier(asset.path, shows_the_same=False)


def _earlier(row: sqlite3.Row, *, shows_the_same: bool) -> Earlier:
    return Earlier(path_of(row["path"]), shows_the_same, State(row["state"]))
