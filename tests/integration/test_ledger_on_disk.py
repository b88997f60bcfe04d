"""The ledger as a file: durable, strict, migrated, refused, and read without a trace."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.stories import PRINT, sha, story, treatment
from fakes.trees import tree_of

from pipeline.errors import EnvironmentFault
from pipeline.ledger import Ledger, open_ledger, snapshot
from pipeline.ledger.migrations import APPLICATION_ID
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.ledger import Move, open_ledger
from pipeline.model import State
with open_ledger(Path(sys.argv[1])) as ledger:
    delivery = ledger.in_states({State.PLANNED})[0]
    ledger.move(delivery, Move(State.SKIPPED, "skipped"))
    print("ready", flush=True)
    time.sleep(60)
"""


Opener = Callable[[Path], AbstractContextManager[Ledger]]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder whose ledger holds one planned story and was closed as it should be."""
    folder = tmp_path / "state"
    folder.mkdir()
    with open_ledger(folder, FakeClock()) as ledger:
        ledger.enter(story(treatment()), PRINT)
    return folder


@contextmanager
def holder(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has moved a delivery and keeps the ledger open."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(state)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def raw(state: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(state / FILE_NAME, isolation_level=None)) as db:
        yield db


def only_state(ledger: Ledger) -> State:
    (delivery,) = ledger.deliveries_of(sha("beach"))
    return delivery.state


def test_what_was_entered_is_there_the_next_time(state: Path) -> None:
    with open_ledger(state) as ledger:
        assert only_state(ledger) is State.PLANNED


def test_only_the_owner_may_read_the_ledger(state: Path) -> None:
    assert (state / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_the_ledger_is_written_ahead_and_synced_in_full(state: Path) -> None:
    with open_ledger(state) as ledger:
        assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert ledger._db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert ledger._db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


@pytest.mark.parametrize("statement", ["UPDATE events SET event = 'x'", "DELETE FROM events"])
def test_history_cannot_be_changed(state: Path, statement: str) -> None:
    with raw(state) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def test_every_table_is_strict(state: Path) -> None:
    with raw(state) as db:
        tables = db.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    first = {"assets", "files", "recipes", "deliveries", "events", "runs"}
    assert set(ours) == first | {
        "lanes",
        "lane_events",
        "schedule",
        "adopted",
        "folders",
        "identity",
        "pulled",
    }
    assert set(ours.values()) == {1}


def test_a_state_nobody_knows_is_refused_by_the_file_itself(state: Path) -> None:
    with raw(state) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE deliveries SET state = 'sent'")


def test_a_snapshot_of_a_closed_ledger_leaves_no_trace(state: Path) -> None:
    before = tree_of(state)
    with snapshot(state) as ledger:
        ledger.enter(story(skip="not today"), b"other")
        assert ledger.deliveries_of(sha("beach")) == []
    assert tree_of(state) == before
    with open_ledger(state) as ledger:
        assert only_state(ledger) is State.PLANNED


@pytest.mark.parametrize("index", ["with its index", "without its index"])
def test_a_snapshot_of_a_ledger_cut_short_leaves_no_trace(state: Path, index: str) -> None:
    with holder(state) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    wal, shm = (state / f"{FILE_NAME}{suffix}" for suffix in ("-wal", "-shm"))
    assert wal.stat().st_size
    if index == "without its index":
        shm.unlink()
    before = tree_of(state)
    time.sleep(0.02)
    with snapshot(state) as ledger:
        assert only_state(ledger) is State.SKIPPED
    assert tree_of(state) == before


def test_a_snapshot_sees_what_a_run_under_way_has_committed(state: Path) -> None:
    with holder(state), snapshot(state) as ledger:
        assert only_state(ledger) is State.SKIPPED


def test_a_snapshot_of_nothing_makes_nothing(tmp_path: Path) -> None:
    with snapshot(tmp_path / "state") as ledger:
        assert ledger.counts() == {}
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_of_a_strange_folder_works(state: Path, tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"a?b#c%20 \xe9")
    shutil.copytree(state, strange)
    with snapshot(strange) as ledger:
        assert only_state(ledger) is State.PLANNED


@pytest.mark.parametrize("opener", [open_ledger, snapshot])
def test_a_newer_ledger_is_refused_and_left_alone(state: Path, opener: Opener) -> None:
    with raw(state) as db:
        db.execute("PRAGMA user_version = 99")
    before = tree_of(state)
    with pytest.raises(EnvironmentFault, match=r"version 99.*newer storyrelay.*Next:"), opener(state):
        pass
    after = tree_of(state)
    assert {**after, ".": None} == {**before, ".": None}
