"""Every story goes out once, whatever happens to its file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from fakes.media import Clip, save_animation, save_clip
from fakes.shop import BOTH, Shop
from fakes.trees import tree_of

from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State
from pipeline.report.events import Repeated
from pipeline.tools.files import sha256_of

OFFERED = State.OFFERED
SMALL = "platforms.whatsapp_status.canvas={width: 270, height: 480}"
PLANNED = State.PLANNED


def contents_of(folder: Path) -> dict[str, object]:
    """Everything but the ledger, with its times."""
    tree = tree_of(folder)
    return {name: found for name, found in tree.items() if not name.startswith("state")}


def test_the_first_run_offers_everything_and_the_second_does_nothing(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg", 1)
    shop.picture("sub/b.jpg", 2, (300, 200))
    save_animation(shop.inbox / "c.gif", [100] * 12)
    save_clip(shop.inbox / "d.mp4", Clip(seconds=3, fps=10))
    shop.sidecar("a.txt", "Fresh bread")
    for moving in ("c.gif", "d.mp4"):
        shop.sidecar(f"{moving}.yaml", "destinations: [whatsapp]\n")
    first = shop.run(SMALL)
    assert (first.seen, first.offered, first.waiting, first.exit_code) == (4, 6, 6, 0)
    assert set(shop.states().values()) == {OFFERED}
    for destination in ("whatsapp", "instagram"):
        stories = shop.manifest(destination)
        assert [story["media"] for story in stories] == shop.media(destination)
        for story in stories:
            media = shop.outbox / destination / story["media"]
            assert (story["sha256"], story["bytes"]) == (sha256_of(media), media.stat().st_size)
    before = contents_of(shop.root)
    second = shop.run(SMALL)
    assert (second.seen, second.offered, second.reformatted, second.exit_code) == (4, 0, 0, 0)
    assert contents_of(shop.root) == before


def test_a_run_with_nothing_to_do_writes_nothing_but_its_own_line(shop: Shop) -> None:
    def rows() -> dict[str, list[object]]:
        with closing(sqlite3.connect(shop.state / FILE_NAME)) as db:
            tables = ("assets", "files", "recipes", "deliveries", "events", "runs")
            return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608

    shop.picture("a.jpg")
    shop.run()
    before = rows()
    shop.run()
    after = rows()
    assert len(after.pop("runs")) == len(before.pop("runs")) + 1
    assert after == before


def test_a_copy_is_not_sent_again(shop: Shop) -> None:
    shutil.copyfile(shop.picture("a.jpg"), shop.inbox / "b.jpg")
    assert shop.run().offered == 1
    assert Repeated(shop.inbox / "b.jpg", shop.inbox / "a.jpg") in shop.events
    shutil.copyfile(shop.inbox / "a.jpg", shop.inbox / "0.jpg")
    assert shop.run().offered == 0
    assert len(shop.media()) == 1


def test_a_file_that_was_moved_renamed_or_touched_is_not_sent_again(shop: Shop) -> None:
    photo = shop.picture("a.jpg")
    shop.run()
    os.utime(photo)
    assert shop.run().offered == 0
    (shop.inbox / "sub").mkdir()
    photo = photo.rename(shop.inbox / "sub" / "b.jpg")
    assert shop.run().offered == 0
    photo.rename(shop.inbox / "a.jpg")
    assert shop.run().offered == 0
    assert len(shop.media()) == 1


def test_new_content_under_an_old_name_is_a_new_story_where_that_is_wanted(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.run()
    shop.picture("a.jpg", 2)
    assert shop.run("same_name=send").offered == 1
    assert shop.media() == ["0001-a.jpg", "0002-a.jpg"]


def test_new_content_before_its_time_goes_out_alone(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    shop.picture("a.jpg", 2)
    shop.run()
    shop.clock.advance(hours=24)
    assert shop.run().offered == 1
    assert list(shop.states().values()) == [OFFERED]
    assert shop.manifest()[0]["sha256"] == sha256_of(shop.inbox / "a.jpg")


def test_two_files_that_swap_their_names_are_both_sent_as_they_are(shop: Shop) -> None:
    one, two = shop.picture("a.jpg", 1), shop.picture("b.jpg", 2)
    both = {sha256_of(one), sha256_of(two)}
    for name in ("a", "b"):
        shop.sidecar(f"{name}.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    one.rename(shop.inbox / "c.jpg")
    two.rename(one)
    (shop.inbox / "c.jpg").rename(two)
    shop.run()
    shop.clock.advance(hours=24)
    assert shop.run().offered == 2
    assert {story["sha256"] for story in shop.manifest()} == both


def test_a_copy_is_sent_when_the_file_itself_went_before_its_time(shop: Shop) -> None:
    photo = shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    shutil.copyfile(photo, shop.inbox / "b.jpg")
    shop.run()
    photo.unlink()
    shop.clock.advance(hours=24)
    assert shop.run().offered == 1
    assert shop.run().offered == 0


def test_a_name_that_is_not_utf_8_goes_out(shop: Shop) -> None:
    shop.picture(os.fsdecode(b"caf\xe9.jpg"))
    assert shop.run().offered == 1
    assert shop.media() == ["0001-caf.jpg"]
    (shop.inbox / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"")
    assert shop.run().offered == 0


def test_a_refused_file_is_one_line_until_it_changes(shop: Shop) -> None:
    shop.picture("good.jpg")
    bad = shop.inbox / "bad.jpg"
    bad.write_bytes(b"no picture at all")
    first = shop.run()
    assert (first.refused, first.offered, first.exit_code) == (1, 1, 3)
    second = shop.run()
    assert (second.refused, second.offered, second.exit_code) == (0, 0, 0)
    shop.picture("bad.jpg", 7)
    third = shop.run()
    assert (third.refused, third.offered, third.exit_code) == (0, 1, 0)


def test_a_file_that_went_is_waited_for(shop: Shop) -> None:
    photo = shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    away = photo.rename(shop.root / "away.jpg")
    shop.clock.advance(hours=24)
    summary = shop.run()
    assert (summary.postponed, summary.planned, summary.exit_code) == (1, 1, 0)
    away.rename(photo)
    assert shop.run().offered == 1


def test_a_file_that_goes_between_plan_and_render_is_waited_for(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    shop.clock.advance(hours=24)
    shop.vanishing = photo
    summary = shop.run()
    assert (summary.postponed, summary.failed, summary.exit_code) == (1, 0, 0)
    assert shop.states()["a.jpg", "whatsapp", 1] is PLANNED
    shop.picture("a.jpg", 1)
    assert shop.run().offered == 1


def test_content_that_changes_between_plan_and_render_goes_out_once_as_it_is_then(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    shop.clock.advance(hours=24)
    shop.changing = photo
    assert shop.run().offered == 0
    assert shop.run().offered == 1
    assert list(shop.states().values()) == [OFFERED]
    assert shop.manifest()[0]["sha256"] == sha256_of(photo)
