"""ledger: backup, check, export, prune, restore, and what can't happen by them."""

from __future__ import annotations

import csv
import io
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import BOTH, Shop

from pipeline.ledger import Move, exclusive, open_ledger
from pipeline.ledger.answers import Answer
from pipeline.ledger.copies import KEEP
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State

LONG_AGO = timedelta(days=40)


def sent(shop: Shop, name: str = "bread.jpg", colour: int = 1) -> Path:
    """A story that went all the way."""
    path = shop.picture(name, colour)
    shop.run()
    for one in shop.deliveries():
        if one.state is State.OFFERED:
            shop.answer_and_die(Answer("confirm", one.id, shop.clock()))
    return path


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_a_backup_is_whole_private_and_made_while_a_run_holds_the_lock(shop: Shop, here: Here) -> None:
    sent(shop)
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        ledger.begin_run()
        said = here("ledger", "backup")
    file = Path(said.out.strip())
    assert (said.code, file.parent) == (0, shop.state / "backups")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_only_the_newest_backups_stay_and_what_is_not_ours_is_left_alone(shop: Shop, here: Here) -> None:
    sent(shop)
    folder = shop.state / "backups"
    folder.mkdir()
    (folder / "ledger-of-mine.sqlite3").touch()
    for number in range(KEEP + 3):
        (folder / f"ledger-200001{number:02}T000000Z.sqlite3").touch()
    newest = Path(here("ledger", "backup").out.strip()).name
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == KEEP + 1
    assert {newest, "ledger-of-mine.sqlite3"} <= set(names)


def test_a_backup_overwrites_a_backup_but_nothing_else(shop: Shop, here: Here) -> None:
    sent(shop)
    assert [here("ledger", "backup", "copy.sqlite3").code for _ in range(2)] == [0, 0]
    (shop.root / "letter.txt").write_text("Dear Ana")
    said = here("ledger", "backup", "letter.txt")
    assert (said.code, (shop.root / "letter.txt").read_text()) == (6, "Dear Ana")
    assert here("ledger", "backup", f"state/{FILE_NAME}").code == 6


def test_without_a_ledger_there_is_nothing_to_back_up(here: Here) -> None:
    said = here("ledger", "backup")
    assert said.code == 6
    assert "Next: storyrelay run" in said.err


def test_an_export_has_every_delivery_with_its_times(shop: Shop, here: Here) -> None:
    shop.destinations = BOTH
    sent(shop)
    document = here("ledger", "export").json()["deliveries"]
    rows = list(csv.DictReader(io.StringIO(here("ledger", "export", "--format", "csv").out)))
    assert [row["id"] for row in rows] == ["1", "2"] == [str(one["id"]) for one in document]
    for row, one in zip(rows, document, strict=True):
        assert row["state"] == one["state"] == "confirmed"
        assert row["asset"] == one["asset"]
        assert row["planned_at"] <= row["out_at"] <= row["ended_at"]
        assert [event["event"] for event in one["events"]][::3] == ["planned", "confirmed"]


def test_an_export_of_an_odd_name_into_a_file_can_be_read_again(shop: Shop, here: Here) -> None:
    sent(shop, 'b\udcffd, "x"\r.jpg')
    assert here("ledger", "export", "--format", "csv", "-o", "all.csv").code == 0
    with (shop.root / "all.csv").open(newline="") as written:
        (row,) = csv.DictReader(written)
    assert row["path"].endswith('b\\udcffd, "x"\r.jpg')


def test_a_whole_ledger_is_ok_even_while_a_delivery_is_under_way(shop: Shop, here: Here) -> None:
    shop.picture("bread.jpg")
    shop.run(not_to=frozenset({"whatsapp"}))
    assert here("ledger", "check").out.startswith("OK ")
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        (one,) = ledger.open_deliveries()
        ledger.move(one, Move(State.ARMED, "armed"))
        assert here("ledger", "check").code == 0
    said = here("ledger", "check")
    assert said.code == 6
    assert "delivery 1 is armed though no run is under way" in said.out
    assert "Next: storyrelay run -c storyrelay.yaml" in said.out


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE deliveries SET state = 'failed'", "delivery 1 is failed, but its last move says confirmed"),
        ("UPDATE deliveries SET texts = '{'", "delivery 1 can't be read"),
        ("UPDATE assets SET plain = '[]'", "asset 1 can't be read"),
        ("DELETE FROM recipes", "names something in recipes that isn't there"),
    ],
)
def test_what_is_wrong_is_told_with_the_way_out(shop: Shop, here: Here, damage: str, told: str) -> None:
    sent(shop)
    execute(shop.state / FILE_NAME, damage)
    said = here("ledger", "check")
    assert said.code == 6
    assert told in said.out
    assert "Next: storyrelay ledger restore FILE" in said.out


def test_pruning_forgets_much_but_never_that_a_story_was_sent(shop: Shop, here: Here) -> None:
    shop.clock.moment -= LONG_AGO
    path = sent(shop)
    content = path.read_bytes()
    path.unlink()
    kept = sent(shop, "kept.jpg", 2)
    shop.clock.moment += LONG_AGO
    said = here("ledger", "prune", "--older-than", "30")
    assert said.code == 0
    assert "1 story (1 delivery): 3 events were forgotten" in said.out
    assert "it's never sent again" in said.out
    assert here("ledger", "check").code == 0
    assert len(list((shop.state / "backups").iterdir())) == 1
    (shop.inbox / "again.jpg").write_bytes(content)
    assert shop.run().offered == 0
    assert kept.exists()
    assert {one.state for one in shop.deliveries()} == {State.CONFIRMED}


def test_a_dry_prune_tells_the_same_and_changes_nothing(shop: Shop, here: Here) -> None:
    shop.clock.moment -= LONG_AGO
    sent(shop).unlink()
    before = (shop.state / FILE_NAME).read_bytes()
    said = here("ledger", "prune", "--older-than", "30", "-n")
    assert "1 story (1 delivery): 3 events would be forgotten" in said.out
    assert (shop.state / FILE_NAME).read_bytes() == before
    assert not (shop.state / "backups").exists()


def test_what_ended_lately_or_is_open_is_not_pruned(shop: Shop, here: Here) -> None:
    sent(shop).unlink()
    assert here("ledger", "prune", "--older-than", "7").out.startswith("0 stories")
    assert here("ledger", "prune", "--older-than", "1").code == 2
    assert here("ledger", "prune", "--older-than", "30", "--set", "inbox=gone").code == 6


def test_what_was_sent_since_the_backup_is_held_when_it_is_put_back(shop: Shop, here: Here) -> None:
    sent(shop, "old.jpg", 1)
    here("ledger", "backup", "copy.sqlite3")
    sent(shop, "new.jpg", 2)
    said = here("ledger", "restore", "copy.sqlite3")
    assert said.code == 0
    assert "1 delivery is held" in said.out
    assert "Sent? storyrelay skip ID -c storyrelay.yaml" in said.err
    assert shop.run().offered == 0
    held, done = sorted(shop.deliveries(), key=lambda one: one.path)
    assert (held.path.name, held.state, done.state) == ("new.jpg", State.PARKED, State.CONFIRMED)
    assert held.id > 2
    assert len(list(shop.state.glob("ledger-before-restore-*Z.sqlite3"))) == 1
    assert here("retry", str(held.id)).code == 0
    assert shop.run().offered == 1


def test_whoever_wants_it_gets_it_sent_once_more(shop: Shop, here: Here) -> None:
    sent(shop, "old.jpg", 1)
    here("ledger", "backup", "copy.sqlite3")
    sent(shop, "new.jpg", 2)
    assert "once more" in here("ledger", "restore", "copy.sqlite3", "--send-again").err
    assert shop.run().offered == 1


def test_a_damaged_ledger_is_replaced_and_kept(shop: Shop, here: Here) -> None:
    sent(shop)
    here("ledger", "backup", "copy.sqlite3")
    (shop.state / FILE_NAME).write_bytes(b"holiday pictures" * 1000)
    assert "storyrelay ledger restore FILE" in here("status").err
    assert here("ledger", "restore", "copy.sqlite3").code == 0
    assert here("ledger", "check").code == 0
    (aside,) = shop.state.glob("ledger-before-restore-*Z.sqlite3")
    assert aside.read_bytes().startswith(b"holiday")
    assert shop.run().offered == 0


def test_nothing_is_restored_while_a_run_is_under_way(shop: Shop, here: Here) -> None:
    sent(shop)
    here("ledger", "backup", "copy.sqlite3")
    with exclusive(shop.state):
        assert here("ledger", "restore", "copy.sqlite3").code == 5


@pytest.mark.parametrize("fault", ["missing", "newer", "cut in half", "foreign", "empty"])
def test_what_is_no_good_backup_changes_nothing(shop: Shop, here: Here, fault: str) -> None:
    sent(shop)
    here("ledger", "backup", "copy.sqlite3")
    file = shop.root / "copy.sqlite3"
    match fault:
        case "missing":
            file.unlink()
        case "newer":
            execute(file, "PRAGMA user_version = 99")
        case "cut in half":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        case "foreign":
            execute(file, "PRAGMA application_id = 7")
        case _:
            file.write_bytes(b"")
    before = (shop.state / FILE_NAME).read_bytes()
    said = here("ledger", "restore", "copy.sqlite3")
    assert said.code == 6
    assert "Next: " in said.err
    assert (shop.state / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["plan"],
        ["status"],
        ["confirm", "1"],
        ["ledger", "check"],
        ["ledger", "prune", "--older-than", "9"],
    ],
)
def test_an_older_program_leaves_a_newer_ledger_alone(shop: Shop, here: Here, words: list[str]) -> None:
    sent(shop)
    execute(shop.state / FILE_NAME, "PRAGMA user_version = 99")
    before = (shop.state / FILE_NAME).read_bytes()
    said = here(*words)
    assert said.code == 6
    assert "made by a newer storyrelay" in said.err
    assert (shop.state / FILE_NAME).read_bytes() == before
