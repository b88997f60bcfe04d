"""Dolby Vision metadata (ETSI GS CCM 001) for HEVC: just enough of it to be taken for what it is."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from fakes.media import ffmpeg

RPU_UNIT, DELIMITER_UNIT = b"\x7c\x01", b"\x00\x00\x00\x01\x46\x01"
DENOMINATOR_BITS = 13
MOST_BITS = 10


def with_metadata(source: Path, target: Path) -> Path:
    """The HEVC video of a file, each frame with metadata. It needs to be coded with `aud=1:bframes=0`."""
    bare = target.with_suffix(".hevc")
    ffmpeg("-i", source, "-an", "-c", "copy", "-bsf:v", "hevc_mp4toannexb", "-f", "hevc", bare)
    first, *others = bare.read_bytes().split(DELIMITER_UNIT)
    unit = b"\x00\x00\x00\x01" + RPU_UNIT + _escaped(_metadata())
    bare.write_bytes(first + b"".join(DELIMITER_UNIT + frame + unit for frame in others))
    ffmpeg("-f", "hevc", "-i", bare, "-c", "copy", "-bsf:v", "setts=ts=N/(30*TB)", target)
    return target


def _metadata() -> bytes:
    """A header, and for each component a mapping to itself."""
    head = f"{2:06b}{18:011b}{0:04b}{1:04b}1" + "0" + "00" + _ue(DENOMINATOR_BITS) + "01" + "1"
    depths = _ue(2) + _ue(2) + _ue(4) + "0" + "000" + "0" + "1"
    names = _ue(0) * 3
    pivots = (_ue(0) + f"{0:010b}{2**MOST_BITS - 1:010b}") * 3
    curve = _ue(0) + _ue(0) + "0" + (_ue(0) + "0" * DENOMINATOR_BITS) + (_ue(1) + "0" * DENOMINATOR_BITS)
    bits = head + depths + "0" + "0" + names + pivots + _ue(0) + _ue(0) + curve * 3
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return b"\x19" + body + zlib.crc32(body).to_bytes(4, "big") + b"\x80"


def _ue(number: int) -> str:
    """An unsigned number by Exp-Golomb."""
    code = f"{number + 1:b}"
    return "0" * (len(code) - 1) + code


def _escaped(data: bytes) -> bytes:
    """Without anything that looks like the start of a unit."""
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", data)
