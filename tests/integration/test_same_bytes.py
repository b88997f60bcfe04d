"""Whatever a person does to a file on their disk, its content goes out once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.shop import BOTH, Shop

from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer, Verb


def rename(file: Path) -> None:
    file.rename(file.with_name("another name.jpg"))


def change_its_case(file: Path) -> None:
    file.rename(file.with_name("A.JPG"))


def move(file: Path) -> None:
    (file.parent / "2026").mkdir()
    file.rename(file.parent / "2026" / file.name)


def touch(file: Path) -> None:
    os.utime(file, (1, 1))


def change_its_rights(file: Path) -> None:
    file.chmod(0o600)


def rewrite(file: Path) -> None:
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)


def copy(file: Path) -> None:
    shutil.copyfile(file, file.with_name("b.jpg"))


def copy_in_front(file: Path) -> None:
    (file.parent / "0").mkdir()
    shutil.copyfile(file, file.parent / "0" / "0.jpg")


def link(file: Path) -> None:
    os.link(file, file.with_name("hard.jpg"))
    file.with_name("soft.jpg").symlink_to(file)


def copy_and_remove(file: Path) -> None:
    copy(file)
    file.unlink()


def give_it_another_suffix(file: Path) -> None:
    file.rename(file.with_suffix(".png"))


def rename_its_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("old"))
    file.parent.mkdir()
    (file.parent.with_name("old")).rename(file.parent / "old")


DONE: tuple[Callable[[Path], None], ...] = (
    *(rename, change_its_case, move, touch, change_its_rights, rewrite, copy, copy_in_front, link),
    *(copy_and_remove, give_it_another_suffix, rename_its_folder),
)
ENDS: tuple[Verb | None, ...] = (None, "confirm", "skip")


def times_offered(shop: Shop) -> list[int]:
    """How often each delivery was offered."""
    with snapshot(shop.state, shop.clock) as ledger:
        rows = shop.deliveries()
        return [[event.event for event in ledger.events_of(row.id)].count("offered") for row in rows]


@pytest.mark.parametrize("do", DONE, ids=lambda do: do.__name__)
def test_after_it_was_sent_nothing_one_does_to_a_file_sends_it_again(
    shop: Shop, do: Callable[[Path], None]
) -> None:
    shop.destinations = BOTH
    file = shop.picture("a.jpg")
    shop.run()
    shop.answer_and_die(Answer("confirm", 1, shop.clock()))
    do(file)
    for days in (0, 1, 400):
        shop.clock.advance(days=days)
        assert shop.run().offered == 0
    assert times_offered(shop) == [1, 1]


@pytest.mark.parametrize("do", DONE, ids=lambda do: do.__name__)
def test_before_it_was_sent_whatever_one_does_to_a_file_sends_it_once(
    shop: Shop, do: Callable[[Path], None]
) -> None:
    file = shop.picture("a.jpg")
    assert shop.run("schedule.slots=['daily 12:00']").planned == 1
    do(file)
    shop.clock.advance(days=1)
    assert shop.run("schedule.slots=['daily 12:00']").offered == 1
    for days in (1, 400):
        shop.clock.advance(days=days)
        assert shop.run("schedule.slots=['daily 12:00']").offered == 0
    assert times_offered(shop) == [1]


@pytest.mark.parametrize("said", ENDS)
def test_a_file_that_was_deleted_and_comes_back_a_year_later_is_not_sent_again(
    shop: Shop, said: Verb | None
) -> None:
    file = shop.picture("a.jpg")
    content = file.read_bytes()
    shop.run()
    if said:
        shop.answer_and_die(Answer(said, 1, shop.clock()))
    file.unlink()
    shop.run()
    shop.clock.advance(days=365)
    shop.run()
    (shop.inbox / "from the backup.jpg").write_bytes(content)
    assert (shop.run().offered, times_offered(shop)) == (0, [1])
