"""Where very much lies or waits, a run takes as many steps as for little, and nothing stops it."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from fakes.command import call
from fakes.shop import Shop

from pipeline.reformat.store import Store


def statements_of_a_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What a run asks its ledger for, and how often."""
    connect, asked = sqlite3.connect, Counter[str]()

    def heard(*where: object, **how: object) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*where, **how)  # type: ignore[call-overload]
        db.set_trace_callback(lambda statement: asked.update([statement]))
        return db

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", heard)
        assert shop.run().exit_code == 0
    return asked


def test_a_run_asks_no_more_however_much_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    asked = []
    for colour in range(4):
        shop.picture(f"{colour}.jpg", colour, (90, 160))
        shop.run()
        asked.append(statements_of_a_run(shop, monkeypatch).total())
    assert asked == asked[:1] * 4


def test_a_run_with_nothing_to_do_reads_no_table_of_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    shop.picture("a.jpg")
    shop.run()
    asked = statements_of_a_run(shop, monkeypatch)
    with closing(sqlite3.connect(shop.state / "ledger.sqlite3")) as db:
        steps = {
            (one, step[3])
            for one in asked
            if one.lstrip().startswith("SELECT")
            for step in db.execute(f"EXPLAIN QUERY PLAN {one}")
        }
    tables = ("deliveries", "events", "assets", "recipes", "schedule", "d", "e", "a")
    whole = {f"SCAN {table}" for table in tables}
    assert [one for one, step in steps if step in whole] == []


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
