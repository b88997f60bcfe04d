"""Rows of the ledger to the nouns of `model` and back."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipeline.model import Delivery, Recipe, State, Texts
from pipeline.tools.plain import from_json, to_json

DELIVERY_COLUMNS = (
    "d.id, a.sha256, a.path, d.destination, d.part, d.parts, d.state, r.plain, d.texts, d.since,"
    " d.lifetime_hours, d.due_at, d.not_after, d.expires_at, d.reason, d.external_id"
)
DELIVERIES = f"""SELECT {DELIVERY_COLUMNS} FROM deliveries d
    JOIN assets a ON a.id = d.asset JOIN recipes r ON r.hash = d.recipe"""  # noqa: S608 - our own columns


def delivery_of(row: sqlite3.Row) -> Delivery:
    """A row of `DELIVERIES` as a Delivery."""
    return Delivery(
        id=row["id"],
        asset=row["sha256"],
        path=path_of(row["path"]),
        destination=row["destination"],
        part=row["part"],
        parts=row["parts"],
        state=State(row["state"]),
        recipe=_recipe_of(row["plain"]),
        texts=_texts_of(row["texts"]),
        since=datetime.fromisoformat(row["since"]),
        lifetime_hours=row["lifetime_hours"],
        due_at=moment_of(row["due_at"]),
        not_after=moment_of(row["not_after"]),
        expires_at=moment_of(row["expires_at"]),
        reason=row["reason"],
        external_id=row["external_id"],
    )


@lru_cache(maxsize=256)
def _recipe_of(plain: str) -> Recipe:
    return from_json(Recipe, plain)


@lru_cache(maxsize=256)
def _texts_of(plain: str) -> Texts:
    return from_json(Texts, plain)


def recipe_row(recipe: Recipe) -> tuple[str, str]:
    """The key and the text of a recipe; 120 bits in 20 characters do, as each delivery keeps the key."""
    import hashlib  # with OpenSSL, 2 ms
    from base64 import urlsafe_b64encode

    plain = to_json(recipe)
    return urlsafe_b64encode(hashlib.sha256(plain.encode()).digest()[:15]).decode(), plain


def path_row(path: Path) -> bytes:
    """A path as the bytes the disk knows it by."""
    return os.fsencode(path)


def path_of(row: bytes) -> Path:
    """The reverse of `path_row`."""
    return Path(os.fsdecode(row))


def moment_row(moment: datetime | None) -> str | None:
    """An aware moment as fixed-width UTC text, so that text order is time order.

    Earlier versions ended it in +00:00: 5 bytes more, seven times a story.
    """
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def words_row(words: str | None) -> str | None:
    """Words for people as valid UTF-8: they may quote the name of a file, which needn't be."""
    return None if words is None else words.encode("utf-8", "replace").decode()


def moment_of(row: str | None) -> datetime | None:
    """The reverse of `moment_row`."""
    return None if row is None else datetime.fromisoformat(row)
