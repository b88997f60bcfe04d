"""Inboxes and ledgers of any size: real files, and of each the rows of a story that really went out."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import exclusive, open_ledger
from pipeline.ledger.answers import Answer, apply
from pipeline.load.scan import scan
from pipeline.run import Request, run
from pipeline.tools.clock import now

IN_A_FOLDER = 500
ONE = "whatsapp: {platform: whatsapp_status}"
TWO = f"{ONE}, instagram: {{platform: instagram_story}}"
CONFIG = """\
inbox: {inbox}
outbox: outbox
state: state
destinations: {{{destinations}}}
limits: {{surge: null, free_mb: null, settle_seconds: 0}}
"""


def make_inbox(inbox: Path, files: int) -> None:
    """So many small files in folders of 500, named as cameras name them."""
    for number in range(files):
        folder = inbox / f"{number // IN_A_FOLDER:04}-holiday"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"IMG_{number:06}.jpg").write_bytes(b"%d\n" % number)


def place(folder: Path, inbox: Path, destinations: str = ONE) -> Settings:
    """A config and a state folder of its own over an inbox."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "storyrelay.yaml").write_text(CONFIG.format(inbox=inbox, destinations=destinations))
    return load_settings(folder / "storyrelay.yaml", (), Place({}, folder, None))


def fill(settings: Settings, folder: Path, waiting: int = 0) -> None:
    """Make the ledger know every file of the inbox as one that went out and was confirmed.

    The rows are those of one photo that really did, with another hash, place and fingerprint for each. The
    last `waiting` are offered still.
    """
    template = folder / "template"
    photo = template / "inbox" / "holiday" / "IMG_000000.jpg"
    photo.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise((1080, 1920), 40).convert("RGB").save(photo, "JPEG")
    destinations = ", ".join(
        f"{name}: {{platform: {one.platform}}}" for name, one in settings.destinations.items()
    )
    ours = place(template, template / "inbox", destinations)
    run(ours, Request(), lambda _: None)
    offered = _rows(ours.state)
    with exclusive(ours.state), open_ledger(ours.state) as ledger:
        for delivery in ledger.open_deliveries():
            apply(ledger, Answer("confirm", delivery.id, now()))
    run(ours, Request(), lambda _: None)
    _multiply(settings, photo, (_rows(ours.state), offered), waiting)


Rows = dict[str, list[dict[str, Any]]]


def _rows(state: Path) -> Rows:
    with closing(sqlite3.connect(state / "ledger.sqlite3")) as db:
        db.row_factory = sqlite3.Row
        tables = ("recipes", "assets", "files", "deliveries", "events")
        return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in tables}  # noqa: S608


def _multiply(settings: Settings, photo: Path, kinds: tuple[Rows, Rows], waiting: int) -> None:
    settings.state.mkdir(parents=True, exist_ok=True)
    found = scan([settings.inbox], {}).changed
    with open_ledger(settings.state) as ledger:
        ledger.end_run(ledger.begin_run(), 0)
    with closing(sqlite3.connect(settings.state / "ledger.sqlite3", isolation_level=None)) as db:
        db.execute("BEGIN")
        for row in kinds[0]["recipes"]:
            _insert(db, "recipes", row)
        for number, one in enumerate(found):
            rows = kinds[number >= len(found) - waiting]
            for table, row in _told_of(rows, number, (photo, one.path)):
                _insert(db, table, {**row, "fingerprint": one.fingerprint} if table == "files" else row)
        db.execute("UPDATE runs SET last_event = (SELECT max(id) FROM events)")
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _told_of(rows: Rows, number: int, moved: tuple[Path, Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of one photo as those of another."""
    before, after = (json.dumps(str(path)) for path in moved)
    (asset,) = rows["assets"]
    sha256 = hashlib.sha256(b"%d" % number).hexdigest()
    plain = asset["plain"].replace(before, after).replace(asset["sha256"], sha256)
    picture = json.loads(plain).get("picture")
    if picture:
        plain = plain.replace(picture, sha256[: len(picture)])
    path = os.fsencode(moved[1])
    yield "assets", {**asset, "id": number + 1, "sha256": sha256, "path": path, "plain": plain}
    yield "files", {**rows["files"][0], "path": path, "asset": number + 1}
    each = len(rows["deliveries"])
    for row in rows["deliveries"]:
        yield "deliveries", {**row, "id": number * each + row["id"], "asset": number + 1}
    for row in rows["events"]:
        yield "events", {**row, "id": None, "delivery": number * each + row["delivery"]}


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
