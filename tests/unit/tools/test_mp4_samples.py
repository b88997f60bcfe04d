from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tools.mp4_samples import MOST_SAMPLES, Samples, amounts_of, samples_of, starts_on_key_frame


def box(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def table(kind: bytes, *rows: Sequence[int]) -> bytes:
    numbers = [number for row in rows for number in row]
    return box(kind, struct.pack(f">II{len(numbers)}I", 0, len(rows), *numbers))


def sizes(*counts: int, each: int = 0, announced: int | None = None) -> bytes:
    head = struct.pack(">III", 0, each, len(counts) if announced is None else announced)
    return box(b"stsz", head, struct.pack(f">{len(counts)}I", *counts))


TIMES = table(b"stts", (6, 40))
ORDER = table(b"ctts", (1, 40), (1, 80), (1, 0), (1, 40), (1, 80), (1, 0))
SIZES = sizes(100, 20, 10, 90, 21, 11)
KEYS = table(b"stss", (1,), (4,))
RUNS = table(b"stsc", (1, 2, 1), (3, 1, 1))
PLACES = table(b"stco", (1000,), (2000,), (3000,), (4000,))
WHOLE = (TIMES, ORDER, SIZES, KEYS, RUNS, PLACES)


def index(*tables: bytes) -> bytes:
    """An index with one track, 7, of 1000 ticks a second."""
    head = box(b"tkhd", bytes(12), struct.pack(">I", 7), bytes(64))
    clock = box(b"mdhd", bytes(12), struct.pack(">I", 1000), bytes(8))
    return box(b"trak", head, box(b"mdia", clock, box(b"minf", box(b"stbl", *tables))))


def read(*tables: bytes) -> Samples:
    samples = samples_of(index(*tables), 7)
    assert samples is not None
    return samples


def test_the_tables_of_a_track_are_read_in_full() -> None:
    samples = read(*WHOLE)
    assert tuple(samples.decoded) == (0, 40, 80, 120, 160, 200)
    assert samples.shown == (40, 120, 80, 160, 240, 200)
    assert samples.before == (0, 100, 120, 130, 220, 241, 252)
    assert (samples.keys, samples.ticks_per_s) == ((0, 3), 1000)


def test_samples_lie_one_behind_the_other_in_their_chunks() -> None:
    assert [read(*WHOLE).place(number) for number in range(6)] == [
        (1000, 100),
        (1100, 20),
        (2000, 10),
        (2010, 90),
        (3000, 21),
        (4000, 11),
    ]


def test_a_key_frame_with_later_ones_behind_it_is_clean() -> None:
    assert list(read(*WHOLE).clean_keys()) == [0, 3]


def test_a_key_frame_that_is_shown_after_its_followers_is_not_clean() -> None:
    open_gop = table(b"ctts", (3, 40), (1, 80), (1, 0), (1, 40))
    assert list(read(TIMES, open_gop, SIZES, KEYS, RUNS, PLACES).clean_keys()) == [0]


def test_without_a_table_every_sample_is_a_key_and_shown_at_once() -> None:
    samples = read(TIMES, SIZES, RUNS, PLACES)
    assert list(samples.clean_keys()) == list(range(6))
    assert samples.shown == samples.decoded


@pytest.mark.parametrize(("seconds", "count"), [(0.0, 0), (0.04, 100), (0.05, 120), (9.0, 252)])
def test_the_bytes_before_a_moment_are_those_decoded_before_it(seconds: float, count: int) -> None:
    assert read(*WHOLE).bytes_before(seconds) == count


@pytest.mark.parametrize(
    "tables",
    [
        (),
        (TIMES, ORDER, KEYS, RUNS, PLACES),
        (TIMES, ORDER, sizes(announced=1 << 31), KEYS, RUNS, PLACES),
        (TIMES, ORDER, sizes(each=1, announced=MOST_SAMPLES + 1), KEYS, RUNS, PLACES),
        (table(b"stts", (5, 40)), ORDER, SIZES, KEYS, RUNS, PLACES),
        (TIMES, table(b"ctts", (5, 40)), SIZES, KEYS, RUNS, PLACES),
        (TIMES, ORDER, SIZES, KEYS, table(b"stsc", (1, 1, 1)), PLACES),
        (TIMES, ORDER, SIZES, KEYS, table(b"stsc", (2, 2, 1)), PLACES),
        (TIMES, ORDER, SIZES, KEYS, table(b"stsc", (1, 2, 1), (1, 1, 1)), PLACES),
        (TIMES, ORDER, SIZES, KEYS, table(b"stsc", (1, 2, 1), (3, 1, 2)), PLACES),
        (TIMES, ORDER, SIZES, KEYS, RUNS),
    ],
)
def test_tables_that_are_missing_huge_or_make_no_sense_give_nothing(tables: tuple[bytes, ...]) -> None:
    assert samples_of(index(*tables), 7) is None


def test_uneven_times_are_added_up() -> None:
    uneven = table(b"stts", (2, 40), (3, 30), (1, 7))
    samples = read(uneven, ORDER, SIZES, KEYS, RUNS, PLACES)
    assert tuple(samples.decoded) == (0, 40, 80, 110, 140, 170)


def test_the_amounts_of_a_track_are_those_of_its_samples() -> None:
    amounts, samples = amounts_of(index(*WHOLE), 7), read(*WHOLE)
    assert amounts is not None
    assert (tuple(amounts.decoded), amounts.before) == (tuple(samples.decoded), samples.before)
    assert amounts.bytes_before(0.05) == samples.bytes_before(0.05) == 120


def test_amounts_need_no_places(tmp_path: Path) -> None:
    assert amounts_of(index(TIMES, SIZES), 7) is not None
    assert amounts_of(index(TIMES, RUNS, PLACES), 7) is None


def test_another_track_is_not_this_one() -> None:
    assert samples_of(index(*WHOLE), 8) is None


@given(st.integers(0, len(index(*WHOLE)) - 1), st.integers(0, 255), st.integers(1, len(index(*WHOLE))))
def test_damaged_tables_never_raise_and_place_every_sample(at: int, value: int, length: int) -> None:
    damaged = bytearray(index(*WHOLE))
    damaged[at] = value
    samples = samples_of(bytes(damaged[:length]), 7)
    if samples is not None:
        assert all(samples.place(number)[1] >= 0 for number in range(len(samples.decoded)))
        assert set(samples.clean_keys()) <= set(range(len(samples.decoded)))
        assert 0 <= samples.bytes_before(0.1) <= samples.before[-1]


def test_a_file_that_is_no_mp4_does_not_start_on_a_key_frame(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"nothing of the kind, but long enough to be read")
    assert not starts_on_key_frame(tmp_path / "a.mp4")
