from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from fakes.media import exif, picture
from PIL import Image, ImageChops

from pipeline.errors import UnreadableError
from pipeline.reformat.jpeg import without_metadata

SECRETS = (b"Secret maker", b"secret comment", b"secret trailer", b"ICC_PROFILE")


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    written = io.BytesIO()
    picture((64, 48), mode).save(written, "JPEG", **options)
    return written.getvalue()


def telling(data: bytes) -> bytes:
    """The same picture with everything in it that shouldn't leave."""
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
    thumbnail = b"JFXX\0\x13\x01\x01\x00\x00\x00"
    segments = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
        for marker, body in ((0xE1, xmp), (0xE0, thumbnail), (0xED, b"Photoshop 3.0\0"), (0xFE, SECRETS[1]))
    )
    return data[:20] + segments + data[20:] + SECRETS[2]


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}])
def test_only_the_picture_is_left(options: dict[str, Any]) -> None:
    told = jpeg(exif=exif(1, make="Secret maker"), comment=SECRETS[1], icc_profile=b"\0" * 200, **options)
    clean = without_metadata(telling(told), "a.jpg")

    assert not any(secret in clean for secret in (*SECRETS, b"JFXX", b"xmpmeta", b"Photoshop"))
    assert clean == without_metadata(jpeg(**options), "a.jpg")
    with Image.open(io.BytesIO(told)) as before, Image.open(io.BytesIO(clean)) as after:
        assert ImageChops.difference(before, after).getbbox() is None
        assert not after.getexif()


def test_what_tells_how_to_read_the_colours_stays() -> None:
    cmyk = jpeg("CMYK")

    clean = without_metadata(cmyk, "a.jpg")

    assert b"Adobe" in clean
    with Image.open(io.BytesIO(cmyk)) as before, Image.open(io.BytesIO(clean)) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


def test_restart_markers_belong_to_the_picture() -> None:
    data = jpeg(restart_marker_blocks=1)

    assert b"\xff\xd1" in without_metadata(data, "a.jpg")
    assert without_metadata(data, "a.jpg") == data


def test_the_small_copy_of_a_jfif_header_is_dropped() -> None:
    data = jpeg()
    with_copy = data[:18] + b"\x01\x01" + b"abc" + data[20:]
    with_copy = with_copy[:4] + struct.pack(">H", 19) + with_copy[6:]

    assert without_metadata(with_copy, "a.jpg") == data


@pytest.mark.parametrize("keep", [0, 1, 2, 3, 30, 300, -2])
def test_a_jpeg_that_breaks_off_is_refused(keep: int) -> None:
    with pytest.raises(UnreadableError, match=r"a\.jpg is damaged"):
        without_metadata(jpeg()[:keep], "a.jpg")


def test_a_clean_jpeg_stays_as_it_is() -> None:
    data = jpeg()

    assert without_metadata(data, "a.jpg") == data
