"""What is told of a picture without decoding it must be what decoding it would tell."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from fakes.media import Clip, save_clip

from pipeline.tools.probe import probe

SIZE = (192, 128)
X264, X265 = ("-c:v", "libx264", "-preset", "ultrafast"), ("-c:v", "libx265", "-preset", "ultrafast")
SILENT, PQ = "log-level=none", "log-level=none:colorprim=9:transfer=16:colormatrix=9"
UNWRAPPED = "h264_metadata=colour_primaries=9:transfer_characteristics=18"
CODINGS = {
    "plain": (*X264, "-pix_fmt", "yuv420p"),
    "baseline": (*X264, "-profile:v", "baseline", "-pix_fmt", "yuv420p"),
    "slices": (*X264, "-x264-params", "slices=4", "-pix_fmt", "yuv420p"),
    "b-frames": ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
    "ten-bit": (*X264, "-pix_fmt", "yuv420p10le"),
    "all-colours": (*X264, "-pix_fmt", "yuv444p"),
    "full-range": (*X264, "-pix_fmt", "yuvj420p"),
    "interlaced": (*X264, "-flags", "+ilme+ildct", "-pix_fmt", "yuv420p"),
    "told-by-the-stream": (*X264, "-pix_fmt", "yuv420p", "-bsf:v", UNWRAPPED),
    "hevc": (*X265, "-x265-params", SILENT, "-pix_fmt", "yuv420p", "-tag:v", "hvc1"),
    "hevc-pq": (*X265, "-x265-params", PQ, "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"),
    "hevc-inside": (*X265, "-x265-params", SILENT, "-pix_fmt", "yuv420p", "-tag:v", "hev1"),
}


@pytest.fixture(scope="module", params=CODINGS)
def coded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    clip = Clip(size=SIZE, seconds=0.3, coding=CODINGS[request.param], filters="noise=alls=40")
    return save_clip(tmp_path_factory.mktemp(request.param) / "clip.mp4", clip)


def test_probing_tells_what_decoding_would(coded: Path) -> None:
    facts = probe(coded)

    with av.open(str(coded)) as container:
        frame = next(container.decode(video=0))
        context = container.streams.video[0].codec_context
        assert facts.pix_fmt == frame.format.name
        assert facts.interlaced == frame.interlaced_frame
        assert (facts.profile, facts.level) == (context.profile, context.level)
        assert facts.colour.full_range == (frame.color_range == 2)
        assert (facts.hdr == "pq") == (frame.color_trc == 16)


def test_probing_reads_the_headers_of_the_first_picture_and_nothing_behind_them(
    coded: Path, tmp_path: Path
) -> None:
    """Noise in a picture isn't noticed; that is found out when it is decoded to be reformatted."""
    with av.open(str(coded)) as container:
        first = next(container.demux(video=0))
        assert first.pos is not None
        last_byte = first.pos + first.size
    content = bytearray(coded.read_bytes())
    content[last_byte - 16 : last_byte] = bytes(range(1, 17))
    damaged = tmp_path / coded.name
    damaged.write_bytes(content)

    assert probe(damaged) == probe(coded)
