"""The outbox edited by other hands: nothing of theirs is touched, nothing that waits is lost or doubled."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.command import call
from fakes.shop import BOTH, Shop

from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.report.events import Alarm
from pipeline.run import answer


@pytest.fixture
def offered(shop: Shop) -> Shop:
    """Two stories that wait in the outbox, one with words."""
    shop.picture("a.jpg", 1)
    shop.sidecar("a.txt", "Fresh bread")
    shop.picture("b.jpg", 2)
    shop.run()
    return shop


def folder(shop: Shop) -> Path:
    return shop.outbox / "whatsapp"


def alarms(shop: Shop) -> list[str]:
    return [event.reason for event in shop.events if isinstance(event, Alarm)]


def contents(shop: Shop) -> dict[str, bytes]:
    """All that lies in the outbox of WhatsApp, but what only the program reads."""
    return {file.name: file.read_bytes() for file in folder(shop).iterdir() if file.is_file()}


def test_a_file_that_was_taken_is_asked_about_once_and_not_laid_there_again(offered: Shop) -> None:
    (folder(offered) / "0001-a.jpg").unlink()
    done = offered.run()
    assert (done.exit_code, done.waiting) == (0, 2)
    (told,) = alarms(offered)
    assert f"the file of a.jpg was taken from {folder(offered)}" in told
    assert "sent? storyrelay confirm 1. Not wanted? storyrelay skip 1." in told
    assert "its file was taken from the outbox" in call(offered, "status").out
    offered.run()
    assert (alarms(offered), offered.media()) == ([], ["0002-b.jpg"])
    answer(offered.settings(), [Answer("confirm", 1, offered.clock())])
    assert offered.states()["a.jpg", "whatsapp", 1] is State.CONFIRMED
    assert sorted(contents(offered)) == ["0002-b.jpg", "manifest.json"]


def test_a_file_that_was_taken_by_mistake_is_laid_there_again_by_a_retry(offered: Shop) -> None:
    (folder(offered) / "0001-a.jpg").unlink()
    offered.run()
    answer(offered.settings(), [Answer(verb, 1, offered.clock()) for verb in ("skip", "retry")])
    assert (offered.run().offered, offered.media()) == (1, ["0001-a.jpg", "0002-b.jpg"])


@pytest.mark.parametrize("gone", ["outbox", "outbox/whatsapp"])
def test_a_folder_that_was_deleted_is_laid_out_again(offered: Shop, gone: str) -> None:
    before, stood = contents(offered), offered.deliveries()
    shutil.rmtree(offered.root / gone)
    done = offered.run()
    assert (done.exit_code, done.offered, done.waiting) == (0, 0, 2)
    assert contents(offered) == before
    assert offered.deliveries() == stood


def test_what_ended_meanwhile_is_not_laid_out_again(offered: Shop) -> None:
    answer(offered.settings(), [Answer("confirm", 1, offered.clock())])
    shutil.rmtree(offered.outbox)
    offered.run()
    assert offered.media() == ["0002-b.jpg"]


def test_a_file_that_was_edited_stays_as_it_is_while_it_waits_and_goes_with_its_story(
    offered: Shop,
) -> None:
    (folder(offered) / "0001-a.jpg").write_bytes(b"cropped by hand")
    (folder(offered) / "0001-a.txt").write_text("Better words")
    offered.picture("c.jpg", 3)
    offered.run()
    assert (folder(offered) / "0001-a.jpg").read_bytes() == b"cropped by hand"
    assert (folder(offered) / "0001-a.txt").read_text() == "Better words"
    answer(offered.settings(), [Answer("confirm", 1, offered.clock())])
    assert offered.media() == ["0002-b.jpg", "0003-c.jpg"]


def test_a_file_that_was_renamed_is_the_persons_own(offered: Shop) -> None:
    (folder(offered) / "0001-a.jpg").rename(folder(offered) / "monday.jpg")
    offered.run()
    assert len(alarms(offered)) == 1
    offered.clock.advance(hours=25)
    offered.run()
    assert sorted(contents(offered)) == ["manifest.json", "monday.jpg"]


def test_foreign_files_are_never_touched(offered: Shop) -> None:
    mine = {"notes.txt": b"mine", "9999-holiday.jpg": b"mine too", "0001-a.png": b"and this"}
    for name, content in mine.items():
        (folder(offered) / name).write_bytes(content)
    (offered.outbox / "elsewhere").mkdir()
    (offered.outbox / "elsewhere" / "0001-a.jpg").write_bytes(b"mine")
    offered.clock.advance(hours=25)
    offered.run()
    offered.picture("c.jpg", 3)
    offered.run()
    assert {name: contents(offered)[name] for name in mine} == mine
    assert (offered.outbox / "elsewhere" / "0001-a.jpg").read_bytes() == b"mine"


def test_a_foreign_file_with_a_name_that_a_story_needs_is_not_overwritten(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    foreign = shop.outbox / "whatsapp" / "0001-a.jpg"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"mine")
    assert (shop.run().offered, foreign.read_bytes()) == (0, b"mine")
    (told,) = [row.reason or "" for row in shop.deliveries()]
    assert told.endswith(f"{foreign} isn't storyrelay's and in the way. Next: move it elsewhere")
    foreign.unlink()
    shop.clock.advance(hours=1)
    assert shop.run().offered == 1


def test_hidden_notes_that_were_deleted_are_written_anew(offered: Shop) -> None:
    before = contents(offered)
    shutil.rmtree(folder(offered) / ".entries")
    assert offered.run().exit_code == 0
    assert contents(offered) == before
    offered.clock.advance(hours=25)
    offered.run()
    assert sorted(contents(offered)) == ["manifest.json"]


def test_a_file_in_the_outboxs_place_blocks_and_loses_nothing(offered: Shop) -> None:
    shutil.rmtree(offered.outbox)
    offered.outbox.write_text("a file")
    offered.picture("c.jpg", 3)
    done = offered.run()
    assert (done.exit_code, done.offered, done.waiting, done.planned) == (3, 0, 2, 1)
    assert offered.outbox.read_text() == "a file"
    offered.outbox.unlink()
    assert offered.run().offered == 1
    assert offered.media() == ["0001-a.jpg", "0002-b.jpg", "0003-c.jpg"]


def test_an_outbox_that_is_a_link_is_used_and_one_that_leads_nowhere_blocks(offered: Shop) -> None:
    offered.outbox.rename(offered.root / "synced")
    offered.outbox.symlink_to(offered.root / "synced")
    offered.picture("c.jpg", 3)
    assert (offered.run().offered, len(offered.media())) == (1, 3)
    (offered.root / "synced").rename(offered.root / "elsewhere")
    assert (offered.run().exit_code, offered.states()["c.jpg", "whatsapp", 1]) == (3, State.OFFERED)
    (offered.root / "elsewhere").rename(offered.root / "synced")
    assert (offered.run().exit_code, len(offered.media())) == (0, 3)


def test_an_outbox_whose_disk_is_not_mounted_gets_nothing_and_loses_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.destinations = BOTH
    mounted = {Path("/"), shop.outbox}
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) in mounted)
    shop.picture("a.jpg", 1)
    shop.run()
    shop.outbox.rename(shop.root / "disk")
    shop.outbox.mkdir()
    mounted.discard(shop.outbox)
    shop.picture("b.jpg", 2)
    done = shop.run()
    assert (done.exit_code, done.offered, done.waiting, done.planned) == (6, 0, 2, 2)
    assert f"nothing is mounted at {shop.outbox}" in alarms(shop)[0]
    assert list(shop.outbox.iterdir()) == []
    answer(shop.settings(), [Answer("confirm", 1, shop.clock())])
    shop.outbox.rmdir()
    (shop.root / "disk").rename(shop.outbox)
    mounted.add(shop.outbox)
    assert (shop.run().offered, shop.media()) == (2, ["0003-b.jpg"])


def test_an_outbox_that_is_read_only_is_told(offered: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: Callable[..., bool] = os.access
    monkeypatch.setattr(os, "access", lambda path, how: Path(path) != folder(offered) and allowed(path, how))
    offered.picture("c.jpg", 3)
    done = offered.run()
    assert (done.exit_code, done.offered, done.waiting) == (3, 0, 2)
