"""Whether the index of an MP4 or MOV file claims more frames than its bytes can hold.

ffmpeg believes such numbers: it makes room for every frame, and then looks through all of them. 13 kB with
one damaged number took 9 s and 745 MB, others hours and all of the memory (measured 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.tools.mp4 import Movie, boxes_in, find_box, number_at, pairs, top_boxes

MOST_BYTES_OF_A_FRAGMENT = 16 << 20


def impossible_frames(path: Path, movie: Movie) -> int | None:
    """How many frames are claimed where that can't be true; None where it can."""
    file_bytes = path.stat().st_size
    for frames, frame_bytes in _claims(movie.index):
        if frames * frame_bytes > file_bytes:
            return frames
    frames = sum(_frames_in_fragments(path)) if movie.fragmented else 0
    return frames if frames > file_bytes else None


def _claims(index: bytes) -> Iterator[tuple[int, int]]:
    """Tracks whose frames are all of one size, and that size: nothing else limits their number."""
    for kind, track in boxes_in(index):
        table = find_box(track, b"mdia", b"minf", b"stbl") if kind == b"trak" else None
        sizes = find_box(table or b"", b"stsz") or b""
        frame_bytes, frames = number_at(sizes, ">I", 4, 4), number_at(sizes, ">I", 8, 8)
        if frame_bytes and not _counts_samples_of_sound(table or b""):
            yield frames, frame_bytes


def _counts_samples_of_sound(table: bytes) -> bool:
    """QuickTime counts single samples, however many of them a byte of compressed sound holds."""
    return [ticks for _, ticks in pairs(find_box(table, b"stts"))] == [1]


def _frames_in_fragments(path: Path) -> Iterator[int]:
    """How many frames each run of each fragment claims."""
    with path.open("rb") as content:
        size = content.seek(0, 2)
        for box in list(top_boxes(content, size)):
            if box.kind == b"moof":
                content.seek(box.start)
                yield from _frames_in_fragment(
                    content.read(min(box.end - box.start, MOST_BYTES_OF_A_FRAGMENT))
                )


def _frames_in_fragment(body: bytes) -> Iterator[int]:
    for kind, track in boxes_in(body):
        if kind == b"traf":
            yield from (number_at(run, ">I", 4, 4) for name, run in boxes_in(track) if name == b"trun")
