"""HDR becomes SDR of the same hues, as bright as BT.2408 and our curve say; wide gamuts become BT.709."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from fakes.dolby import with_metadata
from fakes.footage import frames_of
from fakes.outcomes import made
from fakes.patches import PATCHES, Rgb, chart_clip, furthest, insert_box, read_chart

from pipeline.errors import RenderError
from pipeline.model import Colour
from pipeline.tools.probe import probe

GAMMA = 2.4
PAPER_NITS = 203
NOMINAL_NITS = 150
PEAK = 10.0
PQ, HLG = "smpte2084", "arib-std-b67"
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "5")
VP9 = ("-c:v", "libvpx-vp9", "-profile:v", "2", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "4M")
AV1 = ("-c:v", "libsvtav1", "-preset", "12", "-crf", "5", "-svtav1-params", "lp=1")
IN_SAMPLE_ENTRY = (
    *((b"moov", 8), (b"trak", 8), (b"mdia", 8), (b"minf", 8), (b"stbl", 8), (b"stsd", 16)),
    (b"hvc1", 86),
)
FOR_METADATA = (*X265, "-x265-params", "log-level=none:bframes=0:aud=1:repeat-headers=1", "-tag:v", "hvc1")
DOLBY_VISION_8_4 = b"\1\0\x10\x4d\x41" + bytes(19)
"""Profile 8, level 9, with a base layer that is HLG (Dolby Vision Streams within ISO base media, 3.1)."""


def into_hdr(curve: str, extent: str = "limited") -> tuple[str, ...]:
    """Filters that take an sRGB picture for one whose white is a sheet of paper in HDR."""
    rgb = "format=gbrp,zscale=tin=bt709:pin=bt709:min=gbr:rin=full"
    return (
        "-vf",
        f"{rgb}:t={curve}:p=bt2020:m=bt2020nc:r={extent}:npl={PAPER_NITS},format=yuv420p10le",
    )


def x265(curve: str, extent: str = "limited") -> tuple[str, ...]:
    tags = f"colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc:range={extent}"
    return (*X265, "-x265-params", f"log-level=none:{tags}", "-tag:v", "hvc1")


def hable(light: float) -> float:
    """John Hable's filmic curve (Filmic Tonemapping Operators, 2010)."""
    return (light * (0.15 * light + 0.05) + 0.004) / (light * (0.15 * light + 0.5) + 0.06) - 0.02 / 0.3


def toned(colour: Rgb) -> Rgb:
    """What a colour becomes that was lit as paper in HDR: its brightest channel follows the curve."""
    red, green, blue = ((level / 255) ** GAMMA * PAPER_NITS / NOMINAL_NITS for level in colour)
    brightest = max(red, green, blue, 1e-9)
    ratio = hable(brightest) / hable(PEAK) / brightest
    return (_level(red * ratio), _level(green * ratio), _level(blue * ratio))


def _level(light: float) -> int:
    return round(255 * float(min(1.0, light) ** (1 / GAMMA)))


WANTED = [toned(colour) for colour in PATCHES]


def seen(source: Path) -> list[Rgb]:
    """The patches of a run's result, which says nothing but BT.709."""
    result = made(source)
    facts = probe(result)
    assert (facts.colour, facts.hdr, facts.pix_fmt) == (Colour("bt709", "bt709", "bt709"), None, "yuv420p")
    return read_chart(frames_of(result)[5])


def test_the_curve_is_neither_dark_nor_grey() -> None:
    """Mid grey, paper, and a light of 1000 cd/m²."""
    assert [toned((level,) * 3)[0] for level in (118, 255)] == [89, 172]
    assert _level(hable(1000 / NOMINAL_NITS) / hable(PEAK)) > 240


@pytest.mark.parametrize("curve", [PQ, HLG])
@pytest.mark.parametrize(("suffix", "extent"), [("mp4", "limited"), ("mkv", "full")])
def test_hdr_of_phones_has_the_colours_that_it_should(
    tmp_path: Path, suffix: str, extent: str, curve: str
) -> None:
    source = chart_clip(tmp_path / f"a.{suffix}", *into_hdr(curve, extent), *x265(curve, extent))
    assert probe(source).hdr == {PQ: "pq", HLG: "hlg"}[curve]

    assert furthest(seen(source), WANTED) <= 6


@pytest.mark.parametrize(("name", "coding"), [("a.webm", VP9), ("a.mp4", AV1), ("a.mkv", AV1)])
@pytest.mark.parametrize("curve", [PQ, HLG])
def test_hdr_of_other_codecs_has_them_too(
    tmp_path: Path, name: str, coding: tuple[str, ...], curve: str
) -> None:
    option, filters = into_hdr(curve)
    tags = f",setparams=range=tv:color_primaries=bt2020:color_trc={curve}:colorspace=bt2020nc"
    source = chart_clip(tmp_path / name, option, filters + tags, *coding)

    assert furthest(seen(source), WANTED) <= 8


def test_dolby_vision_of_phones_is_shown_by_its_hlg_layer(tmp_path: Path) -> None:
    source = chart_clip(tmp_path / "a.mp4", *into_hdr(HLG), *x265(HLG))
    insert_box(source, IN_SAMPLE_ENTRY, struct.pack(">I4s", 32, b"dvvC") + DOLBY_VISION_8_4)
    assert probe(source).hdr == "dolby-vision"

    assert furthest(seen(source), WANTED) <= 6


@pytest.mark.parametrize("suffix", ["mkv", "ts"])
def test_dolby_vision_is_known_without_an_mp4_too(tmp_path: Path, suffix: str) -> None:
    source = chart_clip(tmp_path / "plain.mp4", *into_hdr(HLG), *FOR_METADATA)
    dolby = with_metadata(source, tmp_path / f"dolby.{suffix}")
    assert (probe(dolby).hdr, probe(dolby).colour.transfer) == ("dolby-vision", HLG)

    assert furthest(seen(dolby), WANTED) <= 6


@pytest.mark.parametrize("suffix", ["mkv", "ts"])
def test_dolby_vision_that_nothing_else_can_show_is_refused_and_not_sent_in_wrong_colours(
    tmp_path: Path, suffix: str
) -> None:
    option, filters = into_hdr(PQ)
    untold = ",setparams=color_primaries=unknown:color_trc=unknown:colorspace=unknown"
    source = chart_clip(tmp_path / "plain.mp4", option, filters + untold, *FOR_METADATA)
    dolby = with_metadata(source, tmp_path / f"dolby.{suffix}")

    with pytest.raises(RenderError, match="Dolby Vision without an HLG or PQ base layer"):
        made(dolby)


def test_a_container_that_calls_hdr_sdr_is_not_believed(tmp_path: Path) -> None:
    source = chart_clip(tmp_path / "a.mp4", *into_hdr(PQ), *x265(PQ))
    data = bytearray(source.read_bytes())
    at = data.index(b"colrnclx") + 8
    data[at : at + 6] = struct.pack(">3H", 1, 1, 1)
    source.write_bytes(data)
    assert probe(source).hdr == "pq"

    assert furthest(seen(source), WANTED) <= 6


def test_where_only_the_container_says_hdr_it_is_believed(tmp_path: Path) -> None:
    silent = (*X265, "-x265-params", "log-level=none", "-tag:v", "hvc1")
    option, filters = into_hdr(HLG)
    untold = ",setparams=color_primaries=unknown:color_trc=unknown:colorspace=unknown"
    source = chart_clip(tmp_path / "a.mp4", option, filters + untold, *silent)
    nclx = struct.pack(">I4s4s3HB", 19, b"colr", b"nclx", 9, 18, 9, 0)
    assert b"colr" not in source.read_bytes()
    insert_box(source, IN_SAMPLE_ENTRY, nclx)

    assert furthest(seen(source), WANTED) <= 6


@pytest.mark.parametrize(("primaries", "matrix"), [("smpte432", "bt709"), ("bt2020", "bt2020nc")])
@pytest.mark.parametrize(("pixels", "slack"), [("yuv420p", 12), ("yuv420p10le", 5)])
def test_wide_gamuts_without_hdr_keep_their_colours(
    tmp_path: Path, pixels: str, slack: int, primaries: str, matrix: str
) -> None:
    rgb = "format=gbrp,zscale=tin=bt709:pin=bt709:min=gbr:rin=full"
    convert = f"{rgb}:t=bt709:p={primaries}:m={matrix}:r=limited,format={pixels}"
    tags = f"setparams=range=tv:color_primaries={primaries}:color_trc=bt709:colorspace={matrix}"
    x264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "5")
    source = chart_clip(tmp_path / "a.mp4", "-vf", f"{convert},{tags}", *x264)

    assert furthest(seen(source), PATCHES) <= slack
