"""What files share that show the same and differ only in their data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.tools.heif_items import coded_picture
from pipeline.tools.picture_bytes import jpeg_picture
from pipeline.tools.probe import HEAD_BYTES, photo_format

KEY_BYTES = 16
MOST_PIXELS = 16_000_000
"""A larger PNG, WebP, TIFF or GIF isn't compared: decoding 16 megapixels takes 0.2 s and 64 MB already."""

ANIMATED = frozenset({"GIF", "PNG", "WEBP"})
ROWS = 256


def picture_key(path: Path) -> str | None:
    """Hex digits that two files share when they show the same; None where nothing can be told.

    Of a JPEG, HEIC or AVIF the coded picture counts, as decoding takes longer than all the rest; of others
    the pixels; of a video its coded frames and sound, whatever holds them. How it is turned isn't looked at.
    Raises OSError when the file can't be read.
    """
    with path.open("rb") as content:
        form = photo_format(content.read(HEAD_BYTES))
    digest, told = hashlib.sha256(), 0
    try:
        for piece in _pieces(path, form):
            digest.update(piece)
            told += len(piece)
    except OSError as fault:
        if fault.errno:
            raise
        return None
    except Exception:  # noqa: BLE001 - decoders answer damaged files with nearly every exception there is
        return None
    return digest.hexdigest()[: 2 * KEY_BYTES] if told else None


def _pieces(path: Path, form: str | None) -> Iterator[bytes]:
    match form:
        case "JPEG":
            yield from jpeg_picture(path.read_bytes())
        case "HEIF" | "AVIF":
            yield from coded_picture(path)
        case None:
            from pipeline.tools.packets import digests_of_streams  # PyAV takes 0.1 s to import

            yield from digests_of_streams(path)
        case _:
            yield from _pixels(path, form)


def _pixels(path: Path, form: str) -> Iterator[bytes]:
    from PIL import Image, ImageSequence  # Pillow is needed for photos only

    with Image.open(path, formats=[form]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return
        yield f"{picture.width}x{picture.height}".encode()
        for frame in ImageSequence.Iterator(picture) if form in ANIMATED else [picture]:
            shown = frame if frame.mode.startswith(("I", "F")) else frame.convert("RGBA")
            for top in range(0, shown.height, ROWS):
                yield shown.crop((0, top, shown.width, min(top + ROWS, shown.height))).tobytes()
