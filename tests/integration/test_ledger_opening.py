"""Ledgers that are older, foreign, damaged or in the wrong place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.shop import Shop
from fakes.stories import PRINT, sha, story, treatment

from pipeline.errors import EnvironmentFault
from pipeline.ledger import Ledger, open_ledger, snapshot
from pipeline.ledger.migrations import MIGRATIONS, append_only
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State
from pipeline.tools.plain import to_json

NEWEST = len(MIGRATIONS)
LONG_ONES = 7
"""The last version whose ledgers kept everything at length."""
Opener = Callable[[Path], AbstractContextManager[Ledger]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    with open_ledger(folder, FakeClock()) as ledger:
        for number in range(40):
            ledger.enter(story(treatment(), path=f"{number}.jpg", content=str(number)), PRINT)
    return folder


def version_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def add_a_note(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE deliveries ADD COLUMN note TEXT")


def fail_halfway(db: sqlite3.Connection) -> None:
    add_a_note(db)
    raise RuntimeError("the power is gone")


def test_an_older_ledger_is_backed_up_and_brought_forward(state: Path) -> None:
    with open_ledger(state, FakeClock(), (*MIGRATIONS, add_a_note)) as ledger:
        assert ledger.deliveries_of(sha("7"))
    assert version_of(state / FILE_NAME) == NEWEST + 1
    (backup,) = state.glob("*.backup.sqlite3")
    assert backup.name == f"ledger-v{NEWEST}-20261123T180000.backup.sqlite3"
    assert version_of(backup) == NEWEST


def test_a_ledger_of_the_first_version_learns_of_lanes_and_keeps_its_stories(tmp_path: Path) -> None:
    with open_ledger(tmp_path, FakeClock(), MIGRATIONS[:1]) as ledger:
        ledger.enter(story(treatment()), PRINT)
    assert version_of(tmp_path / FILE_NAME) == 1
    with open_ledger(tmp_path, FakeClock()) as ledger:
        assert ledger.stop("whatsapp", "log in") == 1
        assert [row.state for row in ledger.open_deliveries()] == [State.PARKED]
    assert version_of(tmp_path / FILE_NAME) == NEWEST
    assert len(list(tmp_path.glob("ledger-v1-*.backup.sqlite3"))) == 1


def test_a_backup_is_a_ledger_that_can_be_put_back(state: Path) -> None:
    with open_ledger(state, FakeClock(), (*MIGRATIONS, add_a_note)):
        pass
    (backup,) = state.glob("*.backup.sqlite3")
    backup.replace(state / FILE_NAME)
    with open_ledger(state) as ledger:
        assert len(ledger.open_deliveries()) == 40


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(state: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="power"),
        open_ledger(state, FakeClock(), (*MIGRATIONS, fail_halfway)),
    ):
        pass
    assert version_of(state / FILE_NAME) == NEWEST
    with open_ledger(state, FakeClock(), (*MIGRATIONS, add_a_note)) as ledger:
        assert ledger.deliveries_of(sha("7"))


def test_nothing_is_backed_up_when_nothing_is_migrated(state: Path) -> None:
    with open_ledger(state):
        pass
    assert list(state.glob("*.backup.sqlite3")) == []


@pytest.mark.parametrize("opener", [open_ledger, snapshot])
@pytest.mark.parametrize("damage", ["not a database", "cut in half", "pages overwritten"])
def test_a_damaged_ledger_is_one_line_with_a_way_out(state: Path, opener: Opener, damage: str) -> None:
    file = state / FILE_NAME
    content = file.read_bytes()
    match damage:
        case "not a database":
            file.write_bytes(b"holiday pictures" * 1000)
        case "cut in half":
            file.write_bytes(content[: len(content) // 2])
        case _:
            file.write_bytes(content[:100] + b"\xff" * 40_000 + content[40_100:])
    with pytest.raises(EnvironmentFault, match=r"ledger.*Next: ") as fault:
        read_all(opener, state)
    assert "\n" not in str(fault.value)
    assert str(file) in str(fault.value)


def read_all(opener: Opener, state: Path) -> None:
    with opener(state) as ledger:
        ledger.known_files()
        ledger.in_states(list(State))
        ledger.find("7.jpg")


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("CREATE TABLE songs (name TEXT)")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(EnvironmentFault, match="isn't a ledger of storyrelay"), open_ledger(tmp_path):
        pass
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_ledger_in_the_way_of_a_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(EnvironmentFault, match="can't be used"), open_ledger(tmp_path):
        pass


def test_an_empty_file_is_a_ledger_not_yet_begun(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with open_ledger(tmp_path) as ledger:
        ledger.enter(story(treatment()), PRINT)
    with snapshot(tmp_path) as copy:
        assert copy.counts() == {"planned": 1}


def test_a_ledger_that_is_made_shorter_tells_the_same(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg")
    shop.run()
    file, long = shop.state / FILE_NAME, "x" * 300
    with open_ledger(shop.state) as ledger:
        (delivery,) = ledger.open_deliveries()
        ledger.record(delivery, "noted", {"why": long})
        asset, events = ledger.asset(delivery.asset), ledger.events_of(delivery.id)
    assert asset is not None
    with closing(sqlite3.connect(file)) as db:  # as earlier versions kept it
        db.execute("DROP TRIGGER events_no_update")
        for event, (number,) in zip(events, db.execute("SELECT id FROM events").fetchall(), strict=True):
            db.execute("UPDATE events SET detail = ? WHERE id = ?", (json.dumps(event.detail), number))
        db.execute("UPDATE assets SET plain = ?, first_seen_at = 'then'", (to_json(asset),))
        db.execute(append_only("events")[0])
        db.execute("DROP TABLE identity")
        db.execute("DROP TABLE pulled")
        db.execute(f"PRAGMA user_version = {LONG_ONES}")
        db.commit()

    with open_ledger(shop.state) as ledger:
        assert (ledger.asset(delivery.asset), ledger.events_of(delivery.id)) == (asset, events)
    with closing(sqlite3.connect(file)) as db:
        kept = "".join(
            map(str, db.execute("SELECT group_concat(detail), plain FROM events, assets").fetchone())
        )
        assert long not in kept
        assert asset.sha256 not in kept
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("UPDATE events SET event = 'x'")
    assert len(list(shop.state.glob(f"ledger-v{LONG_ONES}-*.backup.sqlite3"))) == 1
