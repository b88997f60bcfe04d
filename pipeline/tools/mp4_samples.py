"""The sample tables of an MP4 or MOV file (ISO 14496-12): when each frame is shown, how large, where."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from operator import add, lt, mul, sub
from pathlib import Path

from pipeline.tools.mp4 import boxes_in, find_box, movie_of, number_at, pairs

MOST_SAMPLES = 1_000_000
"""Nine hours at 30 fps: whoever writes a larger number into a small table wants to fill the memory."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """Where in the file each chunk begins: within one, samples lie one behind the other.

    From each of `first_chunks` on, which begins with one of `first_samples`, chunks have as many samples
    as the same place of `samples_each` says; all are numbered from 0.
    """

    offsets: tuple[int, ...]
    first_chunks: tuple[int, ...]
    first_samples: tuple[int, ...]
    samples_each: tuple[int, ...]

    def holding(self, sample: int) -> tuple[int, int]:
        """The chunk that a sample is in, and the first sample of that chunk."""
        run = bisect_right(self.first_samples, sample) - 1
        first, each = self.first_samples[run], self.samples_each[run]
        further = (sample - first) // each
        return self.first_chunks[run] + further, first + further * each


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of one track in the order they are decoded, numbered from 0.

    `decoded` and `shown` are in ticks, `before` is how many bytes of the track come before each sample, with
    all of them at its end. `keys` are the numbers of the sync samples.
    """

    ticks_per_s: int
    decoded: tuple[int, ...]
    shown: tuple[int, ...]
    before: tuple[int, ...]
    keys: tuple[int, ...]
    chunks: Chunks

    def place(self, number: int) -> tuple[int, int]:
        """Where a sample begins in the file, and how many bytes it has."""
        chunk, first = self.chunks.holding(number)
        behind = self.before[number] - self.before[first]
        return self.chunks.offsets[chunk] + behind, self.before[number + 1] - self.before[number]

    def clean_keys(self) -> Iterator[int]:
        """Sync samples before which just that is decoded which is shown before them: closed GOPs."""
        latest = (-1, *accumulate(self.shown, max))
        earliest = tuple(accumulate(reversed(self.shown), min))[::-1]
        return (key for key in self.keys if latest[key] < self.shown[key] == earliest[key])

    def bytes_before(self, seconds: float) -> int:
        """How many bytes of the track are decoded before a moment."""
        return self.before[bisect_left(self.decoded, seconds * self.ticks_per_s)]


def samples_of(index: bytes, track: int) -> Samples | None:
    """The samples of the track with this id; None where its tables are missing, make no sense or are huge."""
    media = next(_media_of(index, track), b"")
    table = find_box(media, b"minf", b"stbl") or b""
    sizes = _sizes(find_box(table, b"stsz") or b"")
    decoded = tuple(_moments(find_box(table, b"stts"), len(sizes)))
    chunks = _chunks(table)
    if not sizes or chunks is None or len(decoded) != len(sizes):
        return None
    if chunks.holding(len(sizes) - 1)[0] >= len(chunks.offsets):
        return None
    later = find_box(table, b"ctts")
    delays = tuple(_delays(later, len(sizes))) if later else ()
    if later and len(delays) != len(sizes):
        return None
    return Samples(
        ticks_per_s=number_at(find_box(media, b"mdhd") or b"", ">I", 12, 20) or 1,
        decoded=decoded,
        shown=tuple(map(add, decoded, delays)) if later else decoded,
        before=(0, *accumulate(sizes)),
        keys=_keys(find_box(table, b"stss"), len(sizes)),
        chunks=chunks,
    )


def starts_on_key_frame(path: Path) -> bool:
    """Whether a decoder can begin with the first frame of an MP4's picture."""
    movie = movie_of(path)
    tracks = movie.tracks if movie else ()
    picture = next((track.id for track in tracks if track.handler == b"vide"), None)
    samples = samples_of(movie.index, picture) if movie and picture is not None else None
    return samples is not None and 0 in samples.keys


def _media_of(index: bytes, track: int) -> Iterator[bytes]:
    for kind, body in boxes_in(index):
        if kind == b"trak" and number_at(find_box(body, b"tkhd") or b"", ">I", 12, 20) == track:
            yield find_box(body, b"mdia") or b""


def _numbers(table: bytes, form: str) -> tuple[int, ...]:
    """All numbers of a table; what doesn't fill a last one is left out."""
    width = struct.calcsize(form)
    return struct.unpack(f">{len(table) // width}{form}", table[: len(table) // width * width])


def _sizes(body: bytes) -> tuple[int, ...]:
    """None at all when there are too many or fewer than announced."""
    each, count = number_at(body, ">I", 4, 4), number_at(body, ">I", 8, 8)
    if count > MOST_SAMPLES:
        return ()
    sizes = (each,) * count if each else _numbers(body[12:], "I")
    return sizes if len(sizes) == count else ()


def _moments(body: bytes | None, most: int) -> Iterator[int]:
    """When each sample is decoded, from pairs of how many last how long. In C, as an hour has 100,000."""
    at = 0
    for count, ticks in _runs_of(body, most):
        yield from accumulate(repeat(ticks, count - 1), initial=at)
        at += count * ticks


def _delays(body: bytes, most: int) -> Iterator[int]:
    """How long after its decoding each sample is shown."""
    return chain.from_iterable(repeat(ticks, count) for count, ticks in _runs_of(body, most))


def _runs_of(body: bytes | None, most: int) -> Iterator[tuple[int, int]]:
    """The entries of a timing table, for no more than so many samples."""
    for count, ticks in pairs(body):
        if 0 < count <= most:
            yield count, ticks
        most -= count
        if most <= 0:
            return


def _keys(body: bytes | None, count: int) -> tuple[int, ...]:
    """Without a table every sample is a key frame."""
    if body is None:
        return tuple(range(count))
    return tuple(number - 1 for number in _numbers(body[8:], "I") if 0 < number <= count)


def _offsets(table: bytes) -> tuple[int, ...]:
    wide = find_box(table, b"co64")
    return _numbers(wide[8:], "Q") if wide else _numbers((find_box(table, b"stco") or b"")[8:], "I")


def _chunks(table: bytes) -> Chunks | None:
    """None where it makes no sense, or there are several descriptions: parts might need other decoders."""
    numbers = _numbers((find_box(table, b"stsc") or b"")[8:], "I")
    numbers = numbers[: len(numbers) // 3 * 3]
    firsts, each, kinds = numbers[0::3], numbers[1::3], numbers[2::3]
    if set(kinds) != {1} or min(each) < 1 or firsts[0] != 1 or not all(map(lt, firsts, firsts[1:])):
        return None
    samples = accumulate(map(mul, map(sub, firsts[1:], firsts), each), initial=0)
    return Chunks(_offsets(table), tuple(first - 1 for first in firsts), tuple(samples), each)
