"""Where very much lies or waits, a run takes as many steps as for little, and nothing stops it."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fakes.command import call
from fakes.shop import BOTH, Shop

from pipeline.cli import main
from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.reformat.store import Store
from pipeline.run import answer


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch, asked: Counter[str]) -> Iterator[None]:
    """Count what any ledger is asked for."""
    connect = sqlite3.connect

    def heard(*where: object, **how: object) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*where, **how)  # type: ignore[call-overload]
        db.set_trace_callback(lambda statement: asked.update([statement]))
        return db

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", heard)
        yield


def statements_of_a_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What a run asks its ledger for, and how often."""
    asked = Counter[str]()
    with listening(monkeypatch, asked):
        assert shop.run().exit_code == 0
    return asked


def run_status(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """`status` in this process, in both its forms."""
    for form in ([], ["--json"]):
        words = ["storyrelay", "status", *form, "-c", str(shop.root / "storyrelay.yaml")]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0


def test_a_run_asks_no_more_however_much_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    asked = []
    for colour in range(4):
        shop.picture(f"{colour}.jpg", colour, (90, 160))
        shop.run()
        asked.append(statements_of_a_run(shop, monkeypatch).total())
    assert asked == asked[:1] * 4


READ_WHOLE = {
    "SCAN sqlite_master": "as many rows as the schema has tables and indexes",
    "SCAN runs": "from its end, for one row",
    "SCAN adopted": "to count it, by an index of what isn't",
    "SCAN json_each": "the names in a question, which it brings along",
}


def read_whole(shop: Shop, asked: Counter[str]) -> set[str]:
    """The statements that read a table without an index, other than those that may."""
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
    found: set[str] = set()
    with closing(sqlite3.connect(shop.state / "ledger.sqlite3")) as db:
        for one in asked:
            if one.lstrip().startswith(verbs):
                steps = [step[3] for step in db.execute(f"EXPLAIN QUERY PLAN {one}")]
                whole = [step for step in steps if step.startswith("SCAN") and " USING " not in step]
                found.update(f"{step}: {one}" for step in whole if not step.startswith(tuple(READ_WHOLE)))
    return found


@pytest.mark.parametrize(
    "schedule", [(), ("schedule.per_day=2", "schedule.slots=['daily 09:00', 'daily 18:00']")]
)
def test_no_run_and_no_status_reads_a_table_without_its_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schedule: tuple[str, ...]
) -> None:
    shop = Shop(tmp_path, BOTH)
    for colour in range(6):
        shop.picture(f"{colour}.jpg", colour, (90, 160))
    shop.run(limit=4)
    (shop.inbox / "bad.jpg").write_text("no picture")
    shop.sidecar("5.yaml", "caption: later\nnot_before: 2030-01-01 10:00\n")
    offered = [one.id for one in shop.deliveries() if one.state is State.OFFERED]
    said = [Answer("confirm", offered[0], shop.clock()), Answer("skip", offered[1], shop.clock())]
    asked = Counter[str]()
    with listening(monkeypatch, asked):
        answer(shop.settings(*schedule), said)
        for hours in (0, 1, 30, 0):  # with new files, a change, what has lapsed, and nothing to do
            shop.clock.advance(hours=hours)
            shop.run(*schedule)
        run_status(shop, monkeypatch)
    assert read_whole(shop, asked) == set()
    assert sum("FROM deliveries" in one for one in asked) > 10


def test_where_stories_wait_is_told_whatever_the_outbox_is_called(tmp_path: Path) -> None:
    shop = Shop(Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9")))
    shop.picture("a.jpg")
    assert shop.run().places == (str(shop.outbox),)


def test_many_old_renditions_go_after_one_look_at_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys = Store(tmp_path), [f"{number:064x}" for number in range(5)]
    for key in keys:
        for suffix in (".jpg", ".json"):
            (tmp_path / f"{key}{suffix}").touch()
    looks, listing = list[Path](), os.scandir

    def seen(folder: Path) -> object:
        looks.append(folder)
        return listing(folder)

    monkeypatch.setattr(os, "scandir", seen)
    store.remove(set(keys[1:]))
    assert len(looks) == 1
    assert sorted(path.name[:64] for path in tmp_path.iterdir()) == [keys[0]] * 2


@pytest.mark.parametrize("words", [("run",), ("plan",), ("probe",), ("render", "-o", "made")])
def test_a_pipe_that_is_named_is_refused_and_not_waited_for(tmp_path: Path, words: tuple[str, ...]) -> None:
    shop = Shop(tmp_path)
    shop.settings()
    os.mkfifo(shop.inbox / "pipe.mp4")
    os.utime(shop.inbox / "pipe.mp4", (1, 1))
    said = call(shop, *words, shop.inbox / "pipe.mp4", config="probe" not in words)
    assert said.code == 3
    assert "pipe.mp4 can't be read: it's no file, but a pipe or a device" in said.out + said.err


def test_what_a_sidecar_names_may_be_no_pipe_either(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg")
    shop.sidecar("a.yaml", "scenes: [pipe.mp4]\n")
    os.mkfifo(shop.inbox / "pipe.mp4")
    os.utime(shop.inbox / "pipe.mp4", (1, 1))
    said = call(shop, "run")
    assert (said.code, "pipe.mp4 can't be read" in said.err) == (3, True)
