"""What was pulled from sources: never forgotten, so that nothing is pulled twice."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path, PurePosixPath

from pipeline.ledger.queries import IS_OPEN
from pipeline.ledger.rows import moment_of, moment_row, path_row
from pipeline.ledger.writing import Writer
from pipeline.model import PulledBefore, Remote

_STANDS = f"""SELECT problem,
    EXISTS (SELECT 1 FROM deliveries d WHERE d.asset = f.asset AND {IS_OPEN}) AS open,
    (SELECT max(d.since) FROM deliveries d WHERE d.asset = f.asset) AS last
    FROM files f WHERE path = ?"""  # noqa: S608 - our own words


class Pulled(Writer):
    """What was pulled, from where."""

    def pulled_from(self, source: str) -> dict[str, PulledBefore]:
        """Everything that was ever pulled from a source, by its key there."""
        rows = self._db.execute("SELECT key, mark, path FROM pulled WHERE source = ?", (source,))
        return {
            os.fsdecode(row["key"]): PulledBefore(row["mark"], PurePosixPath(os.fsdecode(row["path"])))
            for row in rows
        }

    def count_pulled(self, source: str) -> tuple[int, datetime | None]:
        """How much was ever pulled from a source, and when the last of it."""
        row = self._db.execute(
            "SELECT count(*) AS n, max(at) AS last FROM pulled WHERE source = ?", (source,)
        ).fetchone()
        return int(row["n"]), moment_of(row["last"])

    def enter_pulled(self, source: str, remote: Remote) -> None:
        """Remember that it was pulled as it is; its file is in its place by now."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO pulled (source, key, mark, path, at) VALUES (?, ?, ?, ?, ?)",
                (source, os.fsencode(remote.key), remote.mark, os.fsencode(str(remote.path)), self._now()),
            )

    def forget_pulled_file(self, source: str, key: str) -> None:
        """Forget one whose copy was taken back because it was removed there; it may come again."""
        with self._transaction() as db:
            db.execute("DELETE FROM pulled WHERE source = ? AND key = ?", (source, os.fsencode(key)))

    def is_over(self, source: str, path: Path, below: Path, before: datetime) -> bool:
        """Whether a file was decided upon and all that became of it had ended by then.

        `below` is its place in the source's folder. What nothing was to become of ended when it was pulled.
        """
        row = self._db.execute(_STANDS, (path_row(path),)).fetchone()
        if row is None or row["problem"] is not None or row["open"]:
            return False
        at = row["last"] or self._pulled_at(source, below)
        return at is not None and at < (moment_row(before) or "")

    def was_refused(self, source: str, path: Path, below: Path, before: datetime) -> bool:
        """Whether a file that was pulled before then can't become a story."""
        row = self._db.execute(_STANDS, (path_row(path),)).fetchone()
        at = self._pulled_at(source, below)
        refused = row is not None and row["problem"] is not None and not row["open"]
        return refused and at is not None and at < (moment_row(before) or "")

    def _pulled_at(self, source: str, below: Path) -> str | None:
        row = self._db.execute(
            "SELECT at FROM pulled WHERE source = ? AND path = ?", (source, path_row(below))
        ).fetchone()
        return None if row is None else row["at"]
