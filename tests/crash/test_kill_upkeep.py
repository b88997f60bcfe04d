"""Backup, prune and restore are killed at every step, and leave a whole ledger that sends nothing twice."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from fakes.crashes import KILLED, Server, server
from fakes.shop import Shop

from pipeline.ledger import backup, findings
from pipeline.ledger.answers import Answer
from pipeline.ledger.copies import check_backup
from pipeline.model import State

FEWEST_STEPS = {"backup": 4, "prune": 6, "restore": 12}


@pytest.fixture(scope="module")
def caretaker() -> Iterator[Server]:
    with server("fakes.upkeep_victim") as started:
        yield started


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Two stories that went out; a backup knows of one of them only."""
    shop = Shop(tmp_path / "template")
    for number, name in enumerate(("old.jpg", "new.jpg")):
        shop.picture(name, number, (270, 480))
        shop.run("platforms.whatsapp_status.canvas={width: 270, height: 480}")
        shop.answer_and_die(Answer("confirm", number + 1, shop.clock()))
        if number == 0:
            backup(shop.state, shop.clock(), shop.root / "copy.sqlite3")
    return shop.root


@pytest.mark.parametrize("what", FEWEST_STEPS)
def test_upkeep_killed_at_any_step_leaves_a_whole_ledger(
    caretaker: Server, template: Path, tmp_path: Path, what: str
) -> None:
    for step in count(1):
        shop = Shop(tmp_path / f"{what}{step}")
        shutil.copytree(template, shop.root)
        code = caretaker.ask({"world": str(shop.root), "do": what, "kill_at": step, "kill_after_s": None})
        assert code in {KILLED, 0}
        _check_world(shop)
        if code == 0:
            break
    assert step > FEWEST_STEPS[what]


def _check_world(shop: Shop) -> None:
    assert findings(shop.state) == []
    for copy in (*(shop.state / "backups").glob("ledger-*"), *shop.state.glob("ledger-before-*.sqlite3")):
        assert check_backup(copy)
    small = "platforms.whatsapp_status.canvas={width: 270, height: 480}"
    assert shop.run(small).offered == 0
    states = sorted((one.path.name, one.state) for one in shop.deliveries())
    assert states in (
        [("new.jpg", State.CONFIRMED), ("old.jpg", State.CONFIRMED)],
        [("new.jpg", State.PARKED), ("old.jpg", State.CONFIRMED)],
    )


def test_a_restore_that_forgets_to_hold_would_be_noticed(template: Path) -> None:
    """The check has teeth: a plain copy in the ledger's place sends the newer story once more."""
    shop = Shop(template)
    with closing(sqlite3.connect(shop.state / "ledger.sqlite3")) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    shutil.copyfile(template / "copy.sqlite3", shop.state / "ledger.sqlite3")
    with pytest.raises(AssertionError):
        _check_world(shop)
