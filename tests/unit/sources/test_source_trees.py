"""What a listing is made into, whatever a server says; none of its names leads anywhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.errors import TryAgain
from pipeline.sources import tree as tree_module
from pipeline.sources.choosing import UNREAD, Terms, remotes_of
from pipeline.sources.stores import Store
from pipeline.sources.tree import look_through, mark_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


class Told:
    """A file system that says what a test has it say: entries by folder, with whole names."""

    def __init__(self, **folders: list[dict[str, Any]]) -> None:
        self.folders = {name.replace("__", "/"): entries for name, entries in folders.items()}
        self.asked: list[str] = []

    def ls(self, folder: str, *, detail: bool) -> list[dict[str, Any]]:
        assert detail
        self.asked.append(folder)
        if folder not in self.folders:
            raise PermissionError(folder)
        return self.folders[folder]


def file(name: str, size: int = 1, at: datetime = LONG_AGO) -> dict[str, Any]:
    return {"name": name, "type": "file", "size": size, "mtime": at}


def folder(name: str) -> dict[str, Any]:
    return {"name": name, "type": "directory", "size": 0}


def listed(told: Told, *, folds_case: bool = False) -> dict[str, str | None]:
    """By keys, why each is left."""
    found = look_through(Store(told, "root", "sftp"), lambda: None)
    return {one.key: one.left for one in remotes_of(found, Terms(2, NOW, folds_case))}


@pytest.mark.parametrize(
    "name",
    [
        *("root/../etc/x.jpg", "root/..", "etc/x.jpg", "/etc/x.jpg", "root//x.jpg", "root/a/../../x.jpg"),
        *("root/a\0.jpg", "root/a\n.jpg", "root/a\x1b[2J.jpg", "root/a\u2028.jpg", "root/\ud800.jpg"),
        *("root/" + "é" * 600 + ".jpg", "../root/x.jpg", "rootless/x.jpg"),
    ],
)
def test_a_name_that_cannot_be_trusted_is_left_with_the_reason_and_stops_nothing(name: str) -> None:
    told = Told(root=[file(name), folder(name), file("root/good.jpg")])
    found = listed(told)
    assert found.pop("good.jpg") is None
    assert all(found.values())
    assert told.asked == ["root"]


def test_folders_of_the_listing_itself_and_links_are_passed_over() -> None:
    entries = [folder("root"), folder("root/"), {**file("root/a.jpg"), "type": "link"}]
    entries += [{**file("root/b.jpg"), "islink": True}, {**file("root/c.jpg"), "type": "other"}]
    assert listed(Told(root=entries)) == {}


def test_a_folder_that_may_not_be_read_is_told_and_the_rest_is_taken() -> None:
    told = Told(root=[folder("root/private"), folder("root/trip"), file("root/a.jpg")], root__trip=[])
    assert listed(told) == {"a.jpg": None, "private": UNREAD}


def test_names_that_differ_in_case_are_one_where_our_disk_takes_them_for_one() -> None:
    told = Told(root=[file("root/A.jpg"), file("root/a.JPG"), file("root/b.jpg")])
    assert set(listed(told).values()) == {None}
    assert listed(told, folds_case=True) == {
        "A.jpg": None,
        "a.JPG": "its name differs from A.jpg only in case",
        "b.jpg": None,
    }


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_what_was_changed_just_now_by_either_clock_waits(seconds: int) -> None:
    told = Told(root=[file("root/a.jpg", at=NOW + timedelta(seconds=seconds)), file("root/b.jpg")])
    assert [key for key, why in listed(told).items() if why] == ["a.jpg"]


def test_a_story_waits_for_the_materials_only_if_it_has_words() -> None:
    young = file("root/materials/song.mp3", at=NOW)
    told = Told(
        root=[folder("root/materials"), file("root/a.jpg"), file("root/b.jpg"), file("root/b.yaml")],
        root__materials=[young],
    )
    assert [key for key, why in listed(told).items() if why] == ["materials/song.mp3", "b.jpg"]


def test_more_than_anybody_has_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MOST", 3)
    with pytest.raises(TryAgain, match="more than 3 files"):
        listed(Told(root=[file(f"root/{number}.jpg") for number in range(4)]))


def test_folders_that_never_end_end() -> None:
    class Endless(Told):
        def ls(self, folder_: str, *, detail: bool) -> list[dict[str, Any]]:
            return [folder(f"{folder_}/again")]

    assert listed(Endless()) == {}


def test_the_stores_own_digest_counts_before_dates() -> None:
    entry = {"size": 3, "ETag": '"abc"', "LastModified": NOW}
    assert mark_of(entry) == mark_of({**entry, "LastModified": LONG_AGO})
    assert mark_of(entry) != mark_of({**entry, "ETag": '"abd"'})
    assert mark_of({"size": 3, "mtime": NOW}) != mark_of({"size": 3, "mtime": LONG_AGO})
    assert mark_of({"size": 3}) != mark_of({"size": 4})
    assert mark_of({"size": 3, "mtime": 1e300}) == mark_of({"size": 3})
