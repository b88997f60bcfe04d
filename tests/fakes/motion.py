"""Photos with a short film: Google's old and new ones, Samsung's, HEIC, and Apple's pairs of files."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

from fakes.media import PLAIN, Clip, ffmpeg, picture, save_clip, save_photo
from PIL import Image

FILM = Clip(size=(90, 160), seconds=1.5, fps=30)
MARK = "com.apple.quicktime.content.identifier"
TRAILER = b"SEFH" + bytes(20) + b"SEFT"


def film(folder: Path, clip: Clip = FILM) -> bytes:
    """A short MP4."""
    folder.mkdir(parents=True, exist_ok=True)
    return save_clip(folder / "film.mp4", clip).read_bytes()


def jpeg(size: tuple[int, int] = (1080, 1920), xmp: str = "") -> bytes:
    """The still."""
    written = io.BytesIO()
    picture(size).save(written, "JPEG", quality=80, **({"xmp": xmp.encode()} if xmp else {}))
    return written.getvalue()


def google(film_bytes: bytes) -> bytes:
    told = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><Camera:MotionPhoto>1</Camera:MotionPhoto>'
        f"<Item:Semantic>MotionPhoto</Item:Semantic><Item:Length>{len(film_bytes)}</Item:Length></x:xmpmeta>"
    )
    return jpeg(xmp=told) + film_bytes


def google_with_gain_map(film_bytes: bytes) -> bytes:
    return jpeg() + jpeg((270, 480)) + film_bytes


def micro_video(film_bytes: bytes) -> bytes:
    return jpeg(xmp=f'<GCamera:MicroVideoOffset="{len(film_bytes)}"/>') + film_bytes


def samsung(film_bytes: bytes) -> bytes:
    name = b"MotionPhoto_Data"
    return jpeg() + struct.pack("<HHI", 0, 0x0A30, len(name)) + name + film_bytes + TRAILER


MAKERS: dict[str, Callable[[bytes], bytes]] = {
    maker.__name__: maker for maker in (google, google_with_gain_map, micro_video, samsung)
}


def heic(path: Path, film_bytes: bytes, *, wide: bool = False) -> Path:
    """With the box for films at its end; `wide` gives it a length of 64 bits, as Google does."""
    save_photo(path, picture((1080, 1920)))
    long = struct.pack(">I4sQ", 1, b"mpvd", len(film_bytes) + 16)
    short = struct.pack(">I4s", len(film_bytes) + 8, b"mpvd")
    path.write_bytes(path.read_bytes() + (long if wide else short) + film_bytes)
    return path


def live_photo(path: Path, mark: str, size: tuple[int, int] = (1080, 1920)) -> Path:
    """The photo's half of a Live Photo: its mark is in an iPhone's note in EXIF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    block = Image.Exif()
    block.get_ifd(0x8769)[0x927C] = apple_note(mark)
    return save_photo(path, picture(size), exif=block.tobytes())


def apple_note(mark: str) -> bytes:
    """A maker note of two tags: some number, and the mark, whose text lies behind the tags."""
    text = mark.encode() + b"\0"
    tags = struct.pack(">HHIi", 0x0001, 9, 1, 14) + struct.pack(">HHII", 0x0011, 2, len(text), 44)
    return b"Apple iOS\0\0\1MM" + struct.pack(">H", 2) + tags + bytes(4) + text


def live_movie(path: Path, mark: str, seconds: float = 2.0) -> Path:
    """The movie's half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pattern = f"testsrc=size=90x160:rate=30:duration={seconds}"
    tags = ("-movflags", "use_metadata_tags", "-metadata", f"{MARK}={mark}")
    ffmpeg("-f", "lavfi", "-i", pattern, *PLAIN.coding, *tags, path)
    return path
