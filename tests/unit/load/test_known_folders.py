"""Folders that are known as a whole: one look at them tells that no file needs another."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.load.glance import Mark
from pipeline.load.scan import Known, Scan, scan

FILES = ("a.jpg", "a.jpg.yaml", "lone.txt", "notes.csv", "b.heic", "b.mov", "sub/c.mp4", "sub/deep/d.png")


class Memory:
    """What earlier scans knew, as a ledger would keep it."""

    def __init__(self) -> None:
        self.files: dict[bytes, bytes] = {}
        self.folders: dict[bytes, Mark] = {}
        self.read: list[bytes | None] = []

    def scan(self, inbox: Path) -> Scan:
        """A scan after which everything it found is known."""
        self.read.clear()
        found = scan([inbox], Known(self._files, self.folders), [inbox / "outbox"])
        self.files.update((os.fsencode(one.path), one.fingerprint) for one in found.changed)
        self.folders.update(found.marks)
        return found

    def _files(self, below: bytes | None) -> dict[bytes, bytes]:
        self.read.append(below)
        return {path: mark for path, mark in self.files.items() if path.startswith(below or b"")}


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    known = Memory()
    known.scan(tmp_path)
    known.scan(tmp_path)
    return known


def test_where_all_is_known_no_file_is_compared(tmp_path: Path, memory: Memory) -> None:
    again = memory.scan(tmp_path)

    assert (memory.read, again.marks, again.changed) == ([], {}, ())
    assert (again.seen, again.ignored) == (5, 2)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file is written to": lambda inbox: (inbox / "sub/c.mp4").write_text("other"),
    "a file is touched": lambda inbox: os.utime(inbox / "sub/c.mp4", ns=(1, 1)),
    "a file is replaced by its like": lambda inbox: (inbox / "a.jpg").rename(inbox / "sub/c.mp4"),
    "a sidecar changes": lambda inbox: (inbox / "a.jpg.yaml").write_text("caption: x"),
    "a sidecar goes": lambda inbox: (inbox / "a.jpg.yaml").unlink(),
    "a sidecar comes": lambda inbox: (inbox / "sub/c.yaml").write_text("caption: x"),
    "half of a Live Photo changes": lambda inbox: (inbox / "b.mov").write_text("other"),
    "half of a Live Photo goes": lambda inbox: (inbox / "b.mov").unlink(),
    "a file comes deep below": lambda inbox: (inbox / "sub/deep/e.jpg").write_text("new"),
    "a folder comes": lambda inbox: (inbox / "sub").rename(inbox / "other"),
    "a file is renamed": lambda inbox: (inbox / "a.jpg").rename(inbox / "z.jpg"),
    "a file goes": lambda inbox: (inbox / "sub/deep/d.png").unlink(),
    "a folder takes a file's place": lambda inbox: (inbox / "sub/deep").rename(
        (inbox / "sub/c.mp4").rename(inbox / "away.mp4").with_name("c.mp4")
    ),
    "a dead link comes": lambda inbox: (inbox / "sub/e.jpg").symlink_to("nowhere"),
    "a name that isn't UTF-8 comes": lambda inbox: (inbox / os.fsdecode(b"caf\xe9.jpg")).write_text("x"),
    "something unfinished comes": lambda inbox: (inbox / "e.jpg.part").write_text("x"),
    "nothing changes": lambda inbox: inbox.exists(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_found_as_if_no_folder_were_known(
    tmp_path: Path, memory: Memory, change: str
) -> None:
    CHANGES[change](tmp_path)

    plain = scan([tmp_path], dict(memory.files), [tmp_path / "outbox"])
    quick = memory.scan(tmp_path)

    assert (quick.changed, quick.unreadable) == (plain.changed, plain.unreadable)
    assert (quick.seen, quick.ignored) == (plain.seen, plain.ignored)


def test_a_change_in_one_folder_reads_what_is_known_of_that_folder(tmp_path: Path, memory: Memory) -> None:
    (tmp_path / "sub/deep/e.jpg").write_text("new")

    memory.scan(tmp_path)

    assert memory.read == [os.fsencode(tmp_path / "sub/deep")]


def test_links_between_known_folders_lead_in_no_circles(tmp_path: Path, memory: Memory) -> None:
    (tmp_path / "sub/up").symlink_to(tmp_path)
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox/out.jpg").write_text("x")
    (tmp_path / "sub/out").symlink_to(tmp_path / "outbox")
    memory.scan(tmp_path)

    again = memory.scan(tmp_path)

    assert (memory.read, again.seen, again.changed) == ([], 5, ())


def test_many_folders_are_looked_at_like_few(tmp_path: Path) -> None:
    memory = Memory()
    for number in range(20):
        (tmp_path / f"{number}/deep").mkdir(parents=True)
        (tmp_path / f"{number}/deep/a.jpg").write_text("x")
    found = [memory.scan(tmp_path) for _ in range(3)]
    (tmp_path / "7/deep/b.jpg").write_text("x")

    assert [(one.seen, len(one.changed)) for one in found] == [(20, 20), (20, 0), (20, 0)]
    assert [one.path.name for one in memory.scan(tmp_path).changed] == ["b.jpg"]


def test_a_new_folder_reads_nothing_of_the_others(tmp_path: Path) -> None:
    memory = Memory()
    for name in ("a", "b"):
        (tmp_path / "inbox" / name).mkdir(parents=True)
        (tmp_path / "inbox" / name / "a.jpg").write_text("x")
        memory.scan(tmp_path / "inbox")
        memory.scan(tmp_path / "inbox")
    (tmp_path / "inbox/c").mkdir()
    (tmp_path / "inbox/c/a.jpg").write_text("x")

    assert len(memory.scan(tmp_path / "inbox").changed) == 1
    assert memory.read == [os.fsencode(tmp_path / "inbox/c")]
