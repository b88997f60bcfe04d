"""What the ledger knows of earlier files that a new one may repeat."""

from __future__ import annotations

import sqlite3

from pipeline.ledger.queries import Queries
from pipeline.ledger.rows import path_of, path_row
from pipeline.model import Asset, Earlier, State

# Word for word as the index says it.
_SHOWS = "json_extract(a.plain, '$.picture') = ?"

_SAME_PICTURE = f"""SELECT a.path, d.destination, d.state FROM assets a JOIN deliveries d ON d.asset = a.id
    WHERE {_SHOWS} AND a.sha256 != ? ORDER BY d.id"""  # noqa: S608 - our own words

_SAME_NAME = """SELECT a.path, d.destination, d.state FROM files f
    JOIN assets a ON a.id = f.asset JOIN deliveries d ON d.asset = a.id
    WHERE f.path = ? AND a.sha256 != ? ORDER BY d.id"""

_ADOPTED_PICTURE = "SELECT 1 FROM adopted WHERE picture = ? AND sha256 != ?"

# Nothing else leaves a file with neither an asset nor a problem.
_ADOPTED_NAME = "SELECT 1 FROM files WHERE path = ? AND asset IS NULL AND problem IS NULL"


class Repeats(Queries):
    """Questions about earlier files."""

    def earlier(self, asset: Asset) -> list[Earlier]:
        """What became of other files that show the same, and of what lay in this one's place before."""
        place = path_row(asset.path)
        found = []
        if asset.picture:
            rows = self._db.execute(_SAME_PICTURE, (asset.picture, asset.sha256))
            found += [_earlier(row, shows_the_same=True) for row in rows]
            if self._db.execute(_ADOPTED_PICTURE, (asset.picture, asset.sha256)).fetchone():
                found.append(Earlier(asset.path, shows_the_same=True))
        rows = self._db.execute(_SAME_NAME, (place, asset.sha256))
        found += [_earlier(row, shows_the_same=False) for row in rows]
        if self._db.execute(_ADOPTED_NAME, (place,)).fetchone():
            found.append(Earlier(asset.path, shows_the_same=False))
        return found


def _earlier(row: sqlite3.Row, *, shows_the_same: bool) -> Earlier:
    return Earlier(path_of(row["path"]), shows_the_same, row["destination"], State(row["state"]))
