from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.model import Rendition
from pipeline.reformat import Store
from pipeline.tools.files import sha256_of

KEY, OTHER = "ab" * 32, "cd" * 32


def kept(store: Store, key: str = KEY) -> Rendition:
    """A rendition that went into the store."""
    with store.new_file(key, ".jpg") as path:
        path.write_bytes(b"a picture")
    final = store.folder / f"{key}.jpg"
    rendition = Rendition(final, sha256_of(final), 9, "image/jpeg", 90, 160, None, "image", "x", 1, 1)
    store.keep(key, rendition)
    return rendition


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_was_kept_is_found(store: Store) -> None:
    assert store.find(KEY) is None
    assert kept(store) == store.find(KEY)


def test_a_store_may_move(store: Store, tmp_path: Path) -> None:
    kept(store)
    store.folder.rename(tmp_path / "moved")

    found = Store(tmp_path / "moved").find(KEY)

    assert found is not None
    assert found.path == tmp_path / "moved" / f"{KEY}.jpg"


@pytest.mark.parametrize("content", [b"a pictur", b"another picture", b""])
def test_a_file_of_another_size_counts_as_missing(store: Store, content: bytes) -> None:
    kept(store).path.write_bytes(content)

    assert store.find(KEY) is None


def test_a_file_edited_without_changing_its_size_counts_as_missing(store: Store) -> None:
    rendition = kept(store)
    rendition.path.write_bytes(b"b picture")
    os.utime(rendition.path, ns=(1, 1))

    assert store.find(KEY) is None
    assert not store.rehash(rendition)


def test_a_file_that_was_only_touched_is_still_good(store: Store) -> None:
    rendition = kept(store)
    os.utime(rendition.path, ns=(1, 1))

    assert store.find(KEY) == rendition
    assert store.rehash(rendition)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"rendition": {}}', "\x00"])
def test_damaged_facts_count_as_missing(store: Store, text: str) -> None:
    kept(store)
    (store.folder / f"{KEY}.json").write_text(text)

    assert store.find(KEY) is None


@pytest.mark.parametrize("suffix", [".jpg", ".json"])
def test_half_an_entry_counts_as_missing(store: Store, suffix: str) -> None:
    kept(store)
    (store.folder / f"{KEY}{suffix}").unlink()

    assert store.find(KEY) is None


def test_a_render_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.new_file(KEY, ".jpg") as path:
        (path.parent / "nowhere" / path.name).write_bytes(b"half")

    assert list(store.folder.iterdir()) == []


def test_old_entries_are_told_from_new_ones_and_from_other_files(store: Store) -> None:
    os.utime(kept(store).path, (1000, 1000))
    os.utime(store.folder / f"{KEY}.json", (1000, 1000))
    kept(store, OTHER)
    (store.folder / "notes.txt").write_text("mine")
    os.utime(store.folder / "notes.txt", (1000, 1000))

    old = store.made_before(datetime.fromtimestamp(2000, UTC))

    assert old == {KEY}
    assert Store(store.folder / "nowhere").made_before(datetime.fromtimestamp(2000, UTC)) == set()


def test_removing_takes_what_is_named_and_nothing_else(store: Store) -> None:
    kept(store)
    kept(store, OTHER)
    (store.folder / "notes.txt").write_text("mine")

    store.remove({KEY})

    assert sorted(path.name for path in store.folder.iterdir()) == sorted(
        [f"{OTHER}.jpg", f"{OTHER}.json", "notes.txt"]
    )


def test_a_folder_with_a_strange_name_is_no_trouble(tmp_path: Path) -> None:
    store = Store(tmp_path / os.fsdecode(b"caf\xe9 'x'"))

    assert kept(store) == store.find(KEY)
