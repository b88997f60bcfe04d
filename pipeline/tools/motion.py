"""The short film that phones append to a photo: where it lies in the file, and how it is read.

Google writes it behind the JPEG and tells so in XMP, in two ways; Samsung puts it between blocks of its own;
in HEIC both wrap it in a box. In all of them it is a whole MP4, so that is what is looked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.model import Embedded, Facts
from pipeline.tools.files import TEMPORARY_PREFIX
from pipeline.tools.mp4 import MEDIA_BOXES, boxes_in, find_box, top_boxes

FILE_TYPE = b"ftyp"
FILM_BOX = b"mpvd"
OF_A_FILM = MEDIA_BOXES | {b"uuid", b"meta", b"udta"}
MOST_BYTES = 256 << 20
CHUNK_BYTES = 1 << 20


def film_behind(path: Path, start: int) -> Embedded | None:
    """The film that lies somewhere behind a picture that ends at `start`."""
    with path.open("rb") as content:
        content.seek(start)
        tail = content.read(MOST_BYTES)
    at = tail.find(FILE_TYPE)
    while at >= 0:
        size = _film_bytes(tail[at - 4 :]) if at >= len(FILE_TYPE) else 0
        if size:
            return Embedded(start + at - 4, size)
        at = tail.find(FILE_TYPE, at + 1)
    return None


def film_in_boxes(path: Path) -> Embedded | None:
    """The film in the box that HEIC files have for it."""
    with path.open("rb") as content:
        boxes = list(top_boxes(content, content.seek(0, 2)))
    start = next((box.start for box in boxes if box.kind == FILM_BOX), None)
    return None if start is None else film_behind(path, start)


@contextmanager
def film_of(path: Path, facts: Facts, scratch: Path | None = None) -> Iterator[Path]:
    """The file that these facts are about: `path`, or the film in it, which lies below `scratch` meanwhile.

    Without `scratch` it lies where the system keeps what is temporary.
    """
    if facts.clip is None or facts.kind == "photo":
        yield path
        return
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=scratch) as folder:
        target = Path(folder) / f"{path.name}.mp4"  # with .jpg alone, ffmpeg would take it for a picture
        take_out(path, facts.clip, target)
        yield target


def take_out(path: Path, film: Embedded, target: Path) -> None:
    """Write a film to a file of its own."""
    with path.open("rb") as source, target.open("wb") as taken:
        source.seek(film.start)
        left = film.bytes
        while left and (chunk := source.read(min(left, CHUNK_BYTES))):
            taken.write(chunk)
            left -= len(chunk)


def _film_bytes(data: bytes) -> int:
    """How long the MP4 is that `data` begins with; 0 when it's none, or has no picture."""
    kinds, end = set(), 0
    for box in top_boxes(io.BytesIO(data), len(data)):
        if box.kind not in OF_A_FILM or box.end > len(data):
            break
        kinds.add(box.kind)
        end = box.end
        if box.kind == b"moov" and not _shows_something(data[box.start : box.end]):
            return 0
    return end if {FILE_TYPE, b"moov", b"mdat"} <= kinds else 0


def _shows_something(index: bytes) -> bool:
    tracks = (body for kind, body in boxes_in(index) if kind == b"trak")
    return any((find_box(track, b"mdia", b"hdlr") or b"")[8:12] == b"vide" for track in tracks)
