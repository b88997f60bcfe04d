"""The sample tables of an MP4 or MOV file (ISO 14496-12): when each frame is shown, how large, where."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice, repeat
from operator import add, lt, mul, sub
from pathlib import Path

from pipeline.tools.mp4 import boxes_in, find_box, movie_of, number_at

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
class Amounts:
    """When the samples of a track are decoded, in ticks, and how many bytes come before each.

    They stand in the order they are decoded, numbered from 0; `before` has all bytes at its end.
    """

    ticks_per_s: int
    decoded: Sequence[int]
    before: tuple[int, ...]

    def bytes_before(self, seconds: float) -> int:
        """How many bytes of the track are decoded before a moment."""
        return self.before[bisect_left(self.decoded, seconds * self.ticks_per_s)]


@dataclass(frozen=True, slots=True)
class Samples(Amounts):
    """More of the same: when each is shown, in ticks, which are sync samples, and where all lie."""

    shown: Sequence[int]
    keys: tuple[int, ...]
    chunks: Chunks

    def place(self, number: int) -> tuple[int, int]:
        """Where a sample begins in the file, and how many bytes it has."""
        chunk, first = self.chunks.holding(number)
        behind = self.before[number] - self.before[first]
        return self.chunks.offsets[chunk] + behind, self.before[number + 1] - self.before[number]

    def clean_keys(self) -> Iterator[int]:
        """Sync samples before which just that is decoded which is shown before them: closed GOPs."""
        runs = list(map(slice, self.keys, (*self.keys[1:], len(self.shown))))
        first_run = self.shown[: self.keys[0]] if self.keys else ()
        latest = accumulate((max(self.shown[run]) for run in runs), max, initial=max(first_run, default=-1))
        earliest = [*accumulate((min(self.shown[run]) for run in reversed(runs)), min)][::-1]
        moments = zip(self.keys, latest, earliest, strict=False)  # behind the last key comes one more latest
        return (key for key, before, after in moments if before < self.shown[key] == after)


def samples_of(index: bytes, track: int) -> Samples | None:
    """The samples of the track with this id; None where its tables are missing, make no sense or are huge."""
    media = next(_media_of(index, track), b"")
    table = find_box(media, b"minf", b"stbl") or b""
    amounts, chunks = _amounts(media, table), _chunks(table)
    if amounts is None or chunks is None:
        return None
    count = len(amounts.decoded)
    if chunks.holding(count - 1)[0] >= len(chunks.offsets):
        return None
    later = find_box(table, b"ctts")
    delays = _expanded(later, count) if later else ()
    if later and len(delays) != count:
        return None
    return Samples(
        ticks_per_s=amounts.ticks_per_s,
        decoded=amounts.decoded,
        before=amounts.before,
        shown=tuple(map(add, amounts.decoded, delays)) if later else amounts.decoded,
        keys=_keys(find_box(table, b"stss"), count),
        chunks=chunks,
    )


def amounts_of(index: bytes, track: int) -> Amounts | None:
    """Less than `samples_of`: the places of ten minutes of sound take 4 ms to read (2026-11)."""
    media = next(_media_of(index, track), b"")
    return _amounts(media, find_box(media, b"minf", b"stbl") or b"")


def _amounts(media: bytes, table: bytes) -> Amounts | None:
    sizes = _sizes(find_box(table, b"stsz") or b"")
    decoded = _moments(find_box(table, b"stts"), len(sizes))
    if not sizes or len(decoded) != len(sizes):
        return None
    ticks_per_s = number_at(find_box(media, b"mdhd") or b"", ">I", 12, 20) or 1
    return Amounts(ticks_per_s, decoded, (0, *accumulate(sizes)))


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


def _moments(body: bytes | None, most: int) -> Sequence[int]:
    """When each sample is decoded; at most one more than `most`."""
    counts, ticks = _pairs(body)
    if len(counts) == 1 and counts[0] > 0 and ticks[0] > 0:
        return range(0, min(counts[0], most + 1) * ticks[0], ticks[0])
    steps = _expanded(body, most)
    return tuple(accumulate(steps[:-1], initial=0)) if steps else ()


def _expanded(body: bytes | None, most: int) -> tuple[int, ...]:
    """A number for each sample, from pairs of how many have which; at most one more than `most`.

    In C from end to end, as ten minutes have 18,000 pictures.
    """
    counts, values = _pairs(body)
    if min(counts, default=0) < 0:
        return ()
    return tuple(islice(chain.from_iterable(map(repeat, values, counts)), most + 1))


def _pairs(body: bytes | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    numbers = _numbers((body or b"")[8:], "i")
    numbers = numbers[: len(numbers) // 2 * 2]
    return numbers[0::2], numbers[1::2]


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
    return Chunks(_offsets(table), tuple(map(sub, firsts, repeat(1))), tuple(samples), each)
