"""Photos of every colour space and depth come out as the sRGB that they stand for."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.media import ffmpeg, save_photo
from fakes.outcomes import made
from fakes.patches import PATCHES, Rgb, chart, furthest, read_chart
from numpy.typing import NDArray
from PIL import Image

Matrix = NDArray[np.float64]
WHITE_D65 = (0.3127, 0.3290)
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
PRIMARIES = {
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
}
GAMMAS = {"Display P3": 2.2, "Adobe RGB": 563 / 256}
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
WHITE_D50_XYZ = np.array([0.9642, 1.0, 0.8249])


def to_xyz(primaries: Sequence[tuple[float, float]]) -> Matrix:
    """Linear RGB to XYZ under D65 (SMPTE RP 177)."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    return columns * np.linalg.solve(columns, _xyz(WHITE_D65))


def _xyz(place: tuple[float, float]) -> Matrix:
    return np.array([place[0] / place[1], 1.0, (1 - place[0] - place[1]) / place[1]])


def profile_of(name: str) -> bytes:
    """An ICC profile of three primaries and a gamma, written by hand (ICC.1:2022, 8.3)."""
    wanted, given = BRADFORD @ WHITE_D50_XYZ, BRADFORD @ _xyz(WHITE_D65)
    adapted = np.linalg.inv(BRADFORD) @ np.diag(wanted / given) @ BRADFORD @ to_xyz(PRIMARIES[name])
    curve = struct.pack(">4s4xIH2x", b"curv", 1, round(GAMMAS[name] * 256))
    bodies = {tag: _xyz_tag(adapted[:, place]) for place, tag in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    bodies |= {b"wtpt": _xyz_tag(WHITE_D50_XYZ)} | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _profile(b"RGB ", bodies)


def _profile(space: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    at, table, data = 132 + 12 * len(tags), b"", b""
    for tag, body in tags.items():
        table += struct.pack(">4sII", tag, at + len(data), len(body))
        data += body
    kinds = (0x02400000, b"mntr", space, b"XYZ ", b"acsp", *_fixed(WHITE_D50_XYZ))
    head = struct.pack(">4xI4s4s4s12x4s28x3i48x", *kinds)
    whole = head + struct.pack(">I", len(tags)) + table + data
    return struct.pack(">I", len(whole) + 4) + whole


def _xyz_tag(values: Matrix) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *_fixed(values))


def _fixed(values: Matrix) -> list[int]:
    return [round(float(value) * 65536) for value in values]


def stored(colour: Rgb, name: str) -> Rgb:
    """The numbers by which a colour of sRGB is stored in another space."""
    levels = np.array(colour) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    other = np.linalg.solve(to_xyz(PRIMARIES[name]), to_xyz(SRGB) @ linear)
    red, green, blue = (round(float(level)) for level in 255 * np.clip(other, 0, 1) ** (1 / GAMMAS[name]))
    return red, green, blue


def seen(source: Path) -> list[Rgb]:
    with Image.open(made(source)) as result:
        assert (result.mode, "icc_profile" in result.info) == ("RGB", False)
        return read_chart(result)


@pytest.mark.parametrize("name", PRIMARIES)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".heic", ".avif", ".tiff"])
def test_wide_gamut_photos_keep_their_colours(tmp_path: Path, suffix: str, name: str) -> None:
    wide = [stored(colour, name) for colour in PATCHES]
    assert furthest(wide, PATCHES) > 15, "or it proves nothing"
    options: dict[str, Any] = {} if suffix == ".tiff" else {"quality": 97}
    source = save_photo(tmp_path / f"a{suffix}", chart(wide), icc_profile=profile_of(name), **options)

    assert furthest(seen(source), PATCHES) <= 8


@pytest.mark.parametrize("profiled", [False, True])
@pytest.mark.parametrize("suffix", [".jpg", ".tiff"])
def test_cmyk_photos_keep_their_colours(tmp_path: Path, suffix: str, *, profiled: bool) -> None:
    """Without a profile ink is the complement of light; a JPEG stores it inverted, as Adobe does."""
    options: dict[str, Any] = {"icc_profile": b"damaged"} if profiled else {}
    if suffix == ".jpg":
        options["quality"] = 97
    source = save_photo(tmp_path / f"a{suffix}", chart().convert("CMYK"), **options)

    assert furthest(seen(source), PATCHES) <= 8


@pytest.mark.parametrize("pixels", ["rgb48be", "rgba64be", "gray16be"])
@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_photos_of_sixteen_bits_keep_their_colours(tmp_path: Path, suffix: str, pixels: str) -> None:
    grey = pixels.startswith("gray")
    colours = [(level, level, level) for level, _, _ in PATCHES] if grey else list(PATCHES)
    still, source = save_photo(tmp_path / "still.png", chart(colours)), tmp_path / f"deep{suffix}"
    ffmpeg("-i", still, "-pix_fmt", pixels, "-frames:v", "1", source)

    assert furthest(seen(source), colours) <= 5


@pytest.mark.parametrize("mode", ["P", "L", "1"])
def test_photos_of_few_colours_keep_them(tmp_path: Path, mode: str) -> None:
    levels = [255 * (number % 2) if mode == "1" else 20 * number for number in range(12)]
    colours = list(PATCHES) if mode == "P" else [(level, level, level) for level in levels]
    source = save_photo(tmp_path / "a.png", chart(colours).convert(mode))

    assert furthest(seen(source), colours) <= 5


def test_grey_photos_follow_their_profile(tmp_path: Path) -> None:
    """A grey of gamma 1.0 is much lighter than its number."""
    tags = {b"wtpt": _xyz_tag(WHITE_D50_XYZ), b"kTRC": struct.pack(">4s4xI", b"curv", 0)}
    source = save_photo(
        tmp_path / "a.png", Image.new("L", (180, 320), 55), icc_profile=_profile(b"GRAY", tags)
    )

    assert furthest(seen(source), [(128, 128, 128)] * 12) <= 4
