"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.tools.files import TEMPORARY_PREFIX, remove_leftovers, sha256_of, whole_file, write_whole


def test_a_file_appears_with_its_whole_content(tmp_path: Path) -> None:
    write_whole(tmp_path / "sub" / "a.txt", b"bread")
    assert (tmp_path / "sub" / "a.txt").read_bytes() == b"bread"
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["a.txt"]


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.mp4"
    with whole_file(target) as temporary:
        temporary.write_bytes(b"half")
        assert not target.exists()
        assert temporary.parent == target.parent
        assert temporary.name.startswith(TEMPORARY_PREFIX)
        assert temporary.suffix == ".mp4"
    assert target.read_bytes() == b"half"


def test_a_file_that_failed_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        fail_halfway(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def fail_halfway(target: Path) -> None:
    with whole_file(target) as temporary:
        temporary.write_bytes(b"new")
        raise ZeroDivisionError


def test_a_block_that_writes_nothing_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a.txt"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_leftovers_are_found_at_any_depth_and_nothing_else_is_touched(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / f"{TEMPORARY_PREFIX}1234.mp4").touch()
    (tmp_path / f"{TEMPORARY_PREFIX}5").touch()
    (deep / "kept.mp4").touch()
    (tmp_path / ".storyrelayish").touch()
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        ".storyrelayish",
        "kept.mp4",
    ]


def test_a_folder_left_over_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    scratch = tmp_path / f"{TEMPORARY_PREFIX}scratch"
    scratch.mkdir()
    (scratch / "frame.png").touch()
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_has_no_leftovers(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_a_hash_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(content).hexdigest()
