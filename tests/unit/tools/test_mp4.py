from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tools.mp4 import Movie, movie_of
from pipeline.tools.orientation import Orientation

ONE = 1 << 16
UPRIGHT = (ONE, 0, 0, ONE)


def box(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


def track(
    turn: tuple[int, int, int, int] = UPRIGHT,
    timing: tuple[tuple[int, int], ...] = ((25, 40),),
    edits: tuple[tuple[int, int], ...] = (),
    within: bytes = b"",
) -> bytes:
    """A picture track of 1000 ticks a second; edits are (duration, media start) in ticks."""
    head = box(b"tkhd", bytes(12), struct.pack(">I", 7), bytes(24), matrix(*turn), bytes(8))
    lists = struct.pack(">II", 0, len(edits)) + b"".join(struct.pack(">IiI", *edit, ONE) for edit in edits)
    samples = box(
        b"stbl",
        box(b"stsd", bytes(8), box(b"hvc1", bytes(78), within)),
        box(b"stts", struct.pack(">II", 0, len(timing)), *(struct.pack(">II", *entry) for entry in timing)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", bytes(12), struct.pack(">I", 1000), bytes(8)),
        box(b"hdlr", bytes(8), b"vide", bytes(12)),
        box(b"minf", samples),
    )
    return box(b"trak", head, box(b"edts", box(b"elst", lists)), media)


def movie(tmp_path: Path, *tracks: bytes, turn: tuple[int, int, int, int] = UPRIGHT) -> Movie:
    head = box(b"mvhd", bytes(12), struct.pack(">I", 1000), bytes(20), matrix(*turn))
    path = tmp_path / "made.mp4"
    path.write_bytes(box(b"ftyp", b"isom") + box(b"moov", head, *tracks) + box(b"mdat", bytes(100)))
    read = movie_of(path)
    assert read is not None
    return read


def test_a_track_is_read_in_full(tmp_path: Path) -> None:
    read = movie(tmp_path, track())
    only = read.track(7)

    assert only is not None
    assert (only.handler, only.coding, only.ticks_per_s) == (b"vide", b"hvc1", 1000)
    assert only.delays_s() == (0.04,) * 25
    assert (only.uneven, only.edited, only.dolby_vision, only.orientation) == (
        False,
        False,
        False,
        Orientation(),
    )
    assert (read.faststart, read.fragmented, read.metadata, read.cut_short) == (True, False, False, False)


@pytest.mark.parametrize("kind", [b"dvcC", b"dvvC"])
def test_dolby_vision_is_known_by_its_configuration(tmp_path: Path, kind: bytes) -> None:
    assert (
        movie(tmp_path, track(within=box(b"hvcC", bytes(23)) + box(kind, bytes(24)))).tracks[0].dolby_vision
    )


def test_the_turn_of_the_whole_movie_is_added_to_that_of_the_track(tmp_path: Path) -> None:
    quarter = (0, ONE, -ONE, 0)

    assert movie(tmp_path, track(quarter), turn=quarter).tracks[0].orientation == Orientation(180)


@pytest.mark.parametrize(
    ("edits", "edited"),
    [
        ((), False),
        (((1000, 0),), False),
        (((0, 0),), False),
        (((40, -1), (1000, 0)), False),
        (((400, -1), (1000, 0)), True),
        (((600, 400),), True),
        (((600, 0),), True),
        (((500, 0), (500, 500)), True),
        (((1000, -1),), True),
    ],
)
def test_an_edit_list_counts_when_it_cuts_or_moves_by_more_than_a_frame(
    tmp_path: Path, edits: tuple[tuple[int, int], ...], *, edited: bool
) -> None:
    assert movie(tmp_path, track(edits=edits)).tracks[0].edited == edited


@pytest.mark.parametrize(
    ("timing", "uneven"),
    [
        (((25, 40),), False),
        (((10, 33), (10, 34), (5, 33)), False),
        (((24, 40), (1, 400)), False),
        (((10, 40), (1, 80), (14, 40)), True),
        ((), False),
    ],
)
def test_a_rate_is_uneven_when_a_frame_before_the_last_strays(
    tmp_path: Path, timing: tuple[tuple[int, int], ...], *, uneven: bool
) -> None:
    assert movie(tmp_path, track(timing=timing)).tracks[0].uneven == uneven


def test_a_file_of_something_else_is_no_movie(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("shopping list, quite long")

    assert movie_of(path) is None


@given(st.data())
def test_no_damage_to_the_index_ends_in_an_exception(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    movie(folder, track(edits=((600, 400),)))
    path = folder / "made.mp4"
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])

    damaged = movie_of(path)

    turns = {found.orientation.rotation for found in damaged.tracks if found.delays_s()} if damaged else set()
    assert turns <= {0, 90, 180, 270}
