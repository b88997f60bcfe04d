from __future__ import annotations

import os

import pytest

from pipeline.load.names import sidecar_names, story_order, suffix_of


def in_order(*names: str) -> list[str]:
    return [os.fsdecode(path) for path in sorted(map(os.fsencode, names), key=story_order)]


def test_numbers_count_by_their_value() -> None:
    assert in_order("IMG_10.jpg", "IMG_2.jpg", "IMG_1.jpg") == ["IMG_1.jpg", "IMG_2.jpg", "IMG_10.jpg"]


def test_case_does_not_matter() -> None:
    assert in_order("b.jpg", "A.jpg", "C.jpg", "a2.jpg") == ["A.jpg", "a2.jpg", "b.jpg", "C.jpg"]


def test_a_folder_stays_together() -> None:
    assert in_order("a b/1.jpg", "a/2.jpg", "a/10.jpg", "a-1.jpg") == [
        "a/2.jpg",
        "a/10.jpg",
        "a b/1.jpg",
        "a-1.jpg",
    ]


def test_names_that_differ_only_in_zeros_or_case_still_have_one_order() -> None:
    assert in_order("01.jpg", "1.jpg", "A.jpg", "a.jpg") == in_order("a.jpg", "A.jpg", "1.jpg", "01.jpg")


@pytest.mark.parametrize(
    ("name", "suffix"), [(b"a.JPG", b"jpg"), (b"a.b.Mp4", b"mp4"), (b"README", b""), (b"caf\xe9.png", b"png")]
)
def test_the_suffix_is_what_follows_the_last_dot(name: bytes, suffix: bytes) -> None:
    assert suffix_of(name) == suffix


def test_a_sidecar_with_the_whole_name_comes_before_one_with_the_stem() -> None:
    yaml, text = sidecar_names(b"beach.mp4")

    assert yaml == (b"beach.mp4.yaml", b"beach.mp4.yml", b"beach.yaml", b"beach.yml")
    assert text == (b"beach.mp4.txt", b"beach.txt")
