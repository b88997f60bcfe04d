"""Large photos: up to 100 megapixels in bounded memory, beyond that one clear line before room is made."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from fakes.media import picture, save_photo
from fakes.orders import bench_in, order_for
from fakes.sources import ROOT

from pipeline.errors import StoryrelayError, TooLargeError
from pipeline.reformat import render
from pipeline.tools.probe import probe

SIDE = 10_000
MAKE = """
import sys
from pathlib import Path
from fakes.orders import Size, order_for
from pipeline.reformat.photo import make_photo
source = Path(sys.argv[1])
make_photo(order_for(source, canvas=Size(1080, 1920)), source.with_suffix(".out.jpg"))
"""
PROBE = """
import sys
from pathlib import Path
from pipeline.errors import AssetError
from pipeline.tools.probe import probe
try:
    probe(Path(sys.argv[1]))
except AssetError as refused:
    assert "a.png" in str(refused)
"""
PEAK = """
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
DRAW = """
import sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
Image.new("RGB", (10_000, 10_000), (200, 40, 30)).save(sys.argv[1], quality=85)
"""


def child(code: str, path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(path: Path, *chunks: bytes, side: int = SIDE) -> Path:
    """One colour, written row by row, so that making it takes no memory; `chunks` come before the picture."""
    packer, row = zlib.compressobj(1), b"\0" + b"\xc8\x28\x1e" * side
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pieces = (chunk(b"IHDR", header), *chunks, chunk(b"IDAT", packed), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(pieces))
    return path


def test_a_jpeg_of_100_megapixels_takes_less_than_100_mb(tmp_path: Path) -> None:
    """Its decoder shrinks it (46 MB in all, 2026-11)."""
    child(DRAW, tmp_path / "a.jpg")
    assert int(child(MAKE + PEAK, tmp_path / "a.jpg")) < 100


def test_a_png_of_100_megapixels_takes_little_more_than_its_pixels(tmp_path: Path) -> None:
    """300 MB of pixels, and some for scaling (455 MB in all, 2026-11)."""
    assert int(child(MAKE + PEAK, png(tmp_path / "a.png"))) < 600


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "heic", "avif", "tiff", "bmp"])
def test_a_photo_of_any_format_beyond_the_limit_is_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = save_photo(tmp_path / f"a.{suffix}", picture((1200, 1000)))
    with pytest.raises(TooLargeError) as refused:
        probe(path, max_megapixels=1)
    assert str(refused.value) == (
        f"a.{suffix} has 1 megapixels, more than limits.max_megapixels (1) allows: "
        "shrink it, or raise the limit"
    )


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_bomb_in_what_goes_with_a_picture_does_no_harm(tmp_path: Path, kind: bytes) -> None:
    """60 kB that would become 64 MB of text."""
    packed = zlib.compress(bytes(64 << 20), 9)
    extra = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"k\0\0"}[kind]
    path = png(tmp_path / "a.png", chunk(kind, extra + packed), side=64)
    assert int(child(PROBE + PEAK, path)) < 60


def test_a_picture_that_claims_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = png(tmp_path / "a.png", side=64)
    content = bytearray(path.read_bytes())
    content[16:24] = struct.pack(">II", 9_000, 9_000)
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    path.write_bytes(content)
    with pytest.raises(StoryrelayError, match=r"a\.png is damaged"):
        render(order_for(path), bench_in(tmp_path))
