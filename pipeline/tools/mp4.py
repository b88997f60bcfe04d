"""A walk through the boxes of MP4, MOV, HEIC and AVIF files (ISO 14496-12), for what PyAV doesn't tell."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pipeline.tools.orientation import UPRIGHT, Orientation, from_matrix

MAX_INDEX_BYTES = 256 << 20
MAX_FRAMES = 100_000
FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"})
MEDIA_BOXES = FIRST_BOXES | {b"moof", b"mfra", b"sidx", b"ssix", b"emsg", b"prft"}
INDISPENSABLE = frozenset({b"moov", b"mdat", b"moof", b"meta"})
TAGGED_BY_FFMPEG = frozenset({b"meta", b"name", b"free"})
SAMPLE_ENTRY_HEADER_BYTES = 78
DOLBY_VISION = frozenset({b"dvcC", b"dvvC", b"dvwC"})
ENCRYPTED = frozenset({b"encv", b"drmi"})
UNEVEN = 0.1
"""Share by which a frame's duration may stray and still be constant: phones jitter by a few per cent."""

PRIMING_S = 0.2
"""Encoders put up to 2112 samples (48 ms) in front of the sound; an edit that hides more is a cut."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of an edit list, in seconds; `media_start_s` None is an empty edit."""

    duration_s: float
    media_start_s: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """One track; `timing` holds (frames, ticks of each), `first_shown_s` is when the first frame is shown."""

    id: int
    handler: bytes
    coding: bytes
    orientation: Orientation
    dolby_vision: bool
    ticks_per_s: int
    timing: tuple[tuple[int, int], ...]
    first_shown_s: float
    edits: tuple[Edit, ...]

    def delays_s(self) -> tuple[float, ...]:
        """How long each frame is shown, in seconds."""
        entries = ((frames, ticks / self.ticks_per_s) for frames, ticks in self.timing)
        return tuple(islice((delay_s for frames, delay_s in entries for _ in range(frames)), MAX_FRAMES))

    @property
    def uneven(self) -> bool:
        """Whether the frame rate varies; the last frame may last as long as it likes."""
        timing = [*self.timing[:-1], *((n - 1, ticks) for n, ticks in self.timing[-1:] if n > 1)]
        usual = max(timing, default=(0, 0))[1]
        return any(abs(ticks - usual) > 1 + usual * UNEVEN for _, ticks in timing)

    @property
    def edited(self) -> bool:
        """Whether an edit list cuts or rearranges, more than encoders do to hide priming and reordering."""
        edits = self.edits
        if edits and edits[0].media_start_s is None and edits[0].duration_s <= self._slack_s:
            edits = edits[1:]
        if len(edits) != 1:
            return bool(edits)
        edit = edits[0]
        if edit.media_start_s is None:
            return True
        cut_s = edit.media_start_s - self.first_shown_s
        left_s = self._length_s - cut_s - edit.duration_s if edit.duration_s else 0.0
        return abs(cut_s) > self._slack_s or left_s > self._slack_s

    @property
    def _length_s(self) -> float:
        return sum(frames * ticks for frames, ticks in self.timing) / self.ticks_per_s

    @property
    def _slack_s(self) -> float:
        if self.handler == b"soun":
            return PRIMING_S
        return 1.5 * max((ticks for _, ticks in self.timing), default=0) / self.ticks_per_s


@dataclass(frozen=True, slots=True)
class Movie:
    """`cut_short` says that boxes go on past the end of the file, or that it ended before an index came.

    `index` is the body of its moov box.
    """

    tracks: tuple[Track, ...]
    faststart: bool
    fragmented: bool
    metadata: bool
    cut_short: bool
    index: bytes = field(default=b"", repr=False)

    @property
    def encrypted(self) -> bool:
        """Whether a picture track is copy-protected."""
        return any(track.coding in ENCRYPTED for track in self.tracks)

    def track(self, number: int) -> Track | None:
        """The track with this id."""
        return next((track for track in self.tracks if track.id == number), None)


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def movie_of(path: Path) -> Movie | None:
    """What the boxes of a file say; None when it isn't made of boxes at all."""
    with path.open("rb") as content:
        size = content.seek(0, 2)
        boxes = list(top_boxes(content, size))
        if not boxes or boxes[0].kind not in FIRST_BOXES:
            return None
        moov = next((box for box in boxes if box.kind == b"moov"), None)
        index = _read(content, moov) if moov else b""
    kinds = [box.kind for box in boxes]
    has_index = moov is not None or b"meta" in kinds
    return Movie(
        tracks=tuple(_tracks(index)),
        faststart=kinds.index(b"moov") < _place(kinds, b"mdat") if moov else False,
        fragmented=find_box(index, b"mvex") is not None,
        metadata=not MEDIA_BOXES.issuperset(kinds) or _told_in(index),
        cut_short=any(box.end > size for box in boxes if box.kind in INDISPENSABLE)
        or (not has_index and boxes[-1].end >= size),
        index=index,
    )


def _place(kinds: list[bytes], kind: bytes) -> int:
    return kinds.index(kind) if kind in kinds else len(kinds)


def _read(content: BinaryIO, box: _Box) -> bytes:
    content.seek(box.start)
    return content.read(min(box.end - box.start, MAX_INDEX_BYTES))


def top_boxes(content: BinaryIO, size: int) -> Iterator[_Box]:
    """The boxes that a file consists of, as far as they make sense."""
    at = 0
    while at + 8 <= size:
        content.seek(at)
        box = _box(content.read(16), at, size)
        if box is None:
            return
        yield box
        at = box.end


def _box(head: bytes, at: int, end: int) -> _Box | None:
    """The box whose header is `head`; None where no box can start."""
    length, header_bytes = int.from_bytes(head[:4], "big"), 8
    if length == 1:
        length, header_bytes = int.from_bytes(head[8:16], "big"), 16
    elif length == 0:
        length = end - at
    return None if length < header_bytes else _Box(head[4:8], at + header_bytes, at + length)


def boxes_in(data: bytes, start: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each box."""
    return ((box.kind, data[box.start : box.end]) for box in _boxes_of(data, start))


def _boxes_of(data: bytes, start: int) -> Iterator[_Box]:
    at = start
    while at + 8 <= len(data) and (box := _box(data[at : at + 16], at, len(data))):
        yield box
        at = box.end


def find_box(data: bytes, *kinds: bytes) -> bytes | None:
    """The body of the first box down a path of kinds."""
    for kind in kinds:
        box = next((box for box in _boxes_of(data, 0) if box.kind == kind), None)
        if box is None:
            return None
        data = data[box.start : box.end]
    return data


def _told_in(index: bytes) -> bool:
    """Whether user data says more than the tags that ffmpeg reports anyway."""
    user_data = (find_box(body, b"udta") for kind, body in boxes_in(index) if kind == b"trak")
    return b"uuid" in dict(boxes_in(index)) or any(
        kind not in TAGGED_BY_FFMPEG
        for udta in (find_box(index, b"udta"), *user_data)
        for kind, _ in boxes_in(udta or b"")
    )


def _tracks(index: bytes) -> Iterator[Track]:
    head = find_box(index, b"mvhd") or b""
    ticks_per_s = number_at(head, ">I", 12, 20) or 1
    whole = _matrix(head, 36, 48)
    for kind, body in boxes_in(index):
        if kind == b"trak":
            yield _track(body, whole, ticks_per_s)


def _track(body: bytes, whole: tuple[float, ...], movie_ticks_per_s: int) -> Track:
    head = find_box(body, b"tkhd") or b""
    media = find_box(body, b"mdia") or b""
    samples = find_box(media, b"minf", b"stbl") or b""
    ticks_per_s = number_at(find_box(media, b"mdhd") or b"", ">I", 12, 20) or 1
    description = find_box(samples, b"stsd") or b""
    entry_kind, entry = next(boxes_in(description, 8), (b"", b""))
    within = {kind for kind, _ in boxes_in(entry, SAMPLE_ENTRY_HEADER_BYTES)}
    return Track(
        id=number_at(head, ">I", 12, 20),
        handler=(find_box(media, b"hdlr") or b"")[8:12],
        coding=entry_kind,
        orientation=from_matrix(_product(_matrix(head, 40, 52), whole)) if head else UPRIGHT,
        dolby_vision=bool(DOLBY_VISION & within),
        ticks_per_s=ticks_per_s,
        timing=tuple(pairs(find_box(samples, b"stts"))),
        first_shown_s=next((offset for _, offset in pairs(find_box(samples, b"ctts"))), 0) / ticks_per_s,
        edits=tuple(_edits(find_box(body, b"edts", b"elst"), movie_ticks_per_s, ticks_per_s)),
    )


def number_at(body: bytes, form: str, at: int, at_in_version_1: int) -> int:
    """A number from a full box, whose version says how wide the fields before it are."""
    place = at_in_version_1 if body[:1] == b"\1" else at
    return int(struct.unpack_from(form, body, place)[0]) if len(body) >= place + 4 else 0


def _matrix(body: bytes, at: int, at_in_version_1: int) -> tuple[float, ...]:
    """a, b, c, d of a transformation matrix."""
    place = at_in_version_1 if body[:1] == b"\1" else at
    if len(body) < place + 20:
        return (1.0, 0.0, 0.0, 1.0)
    a, b, _, c, d = struct.unpack_from(">5i", body, place)
    return (a / 65536, b / 65536, c / 65536, d / 65536)


def _product(track: tuple[float, ...], whole: tuple[float, ...]) -> tuple[float, float, float, float]:
    """First the track's own matrix, then the movie's."""
    a, b, c, d = track
    e, f, g, h = whole
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


def pairs(body: bytes | None) -> Iterator[tuple[int, int]]:
    """The (count, value) entries of a timing table."""
    table = (body or b"")[8:]
    return struct.iter_unpack(">Ii", table[: len(table) // 8 * 8])


def _edits(body: bytes | None, movie_ticks_per_s: int, ticks_per_s: int) -> Iterator[Edit]:
    if not body:
        return
    form = ">QqI" if body[:1] == b"\1" else ">IiI"
    table = body[8:]
    for duration, start, _rate in struct.iter_unpack(
        form, table[: len(table) // struct.calcsize(form) * struct.calcsize(form)]
    ):
        yield Edit(duration / movie_ticks_per_s, None if start < 0 else start / ticks_per_s)
