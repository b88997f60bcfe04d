from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from fakes.footage import close, frames_of, rendered, still_clip
from fakes.media import GROUND, MARK, PLAIN, ffmpeg, picture, save_photo
from fakes.orders import bench_in, order_for
from PIL import Image

from pipeline.reformat import render
from pipeline.tools.probe import probe

X264 = PLAIN.coding


def test_oblong_pixels_are_made_square(tmp_path: Path) -> None:
    disc = Image.new("RGB", (120, 120), (0, 0, 0))
    disc.paste((255, 255, 255), (30, 30, 90, 90))
    still = save_photo(tmp_path / "disc.png", disc.resize((60, 120)))
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "30", "-vf", "setsar=2", *X264, tmp_path / "a.mp4")

    for fit in ("contain", "cover"):
        result = frames_of(rendered(tmp_path, tmp_path / "a.mp4", fit, background="#000000").path)[3]
        box = result.convert("L").point(lambda level: 255 if level > 128 else 0).getbbox()
        assert box is not None
        assert abs((box[2] - box[0]) - (box[3] - box[1])) <= 2


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m"])
@pytest.mark.parametrize("extent", ["tv", "pc"])
@pytest.mark.parametrize("size", [(96, 64), (1280, 720)])
def test_colours_stay_right_whatever_the_source_is_coded_in(
    tmp_path: Path, matrix: str, extent: str, size: tuple[int, int]
) -> None:
    red = (200, 40, 30)
    tags = f"scale=out_color_matrix={matrix}:out_range={extent},setparams=colorspace={matrix}:range={extent}"
    source = still_clip(tmp_path, red, "-vf", f"{tags},format=yuv420p", "-c:v", "libx264", size=size)

    result = rendered(tmp_path, source, "contain", background="#c8281e")

    frame = frames_of(result.path)[3]
    assert close(frame.getpixel((45, 80)), red, 5)
    assert close(frame.getpixel((45, 10)), red, 5)


def test_an_untagged_small_video_is_taken_for_bt601(tmp_path: Path) -> None:
    red = (200, 40, 30)
    source = still_clip(
        tmp_path,
        red,
        "-vf",
        "scale=out_color_matrix=bt601,format=yuv420p,setparams=colorspace=unknown",
        "-c:v",
        "libx264",
    )

    assert close(frames_of(rendered(tmp_path, source, "cover").path)[3].getpixel((45, 80)), red, 5)


def hdr_clip(tmp_path: Path, curve: str, colour: tuple[int, int, int]) -> Path:
    """A second of one colour, whose numbers are taken for a signal of that HDR curve."""
    x265 = f"log-level=none:colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc:range=limited"
    coding = ("-vf", "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le", "-c:v", "libx265")
    return still_clip(tmp_path, colour, *coding, "-preset", "ultrafast", "-x265-params", x265)


@pytest.mark.parametrize(("curve", "percent"), [("arib-std-b67", 75), ("smpte2084", 58)])
def test_both_kinds_of_hdr_show_white_paper_equally_bright(tmp_path: Path, curve: str, percent: int) -> None:
    """By BT.2408, 203 cd/m² are 75 % of an HLG signal and 58 % of a PQ one."""
    source = hdr_clip(tmp_path, curve, (round(percent * 2.55),) * 3)
    assert probe(source).hdr is not None

    frame = frames_of(rendered(tmp_path, source, "cover").path)[3]

    assert close(frame.getpixel((45, 80)), (172, 172, 172), 5)


def test_hdr_colours_are_as_strong_as_they_were(tmp_path: Path) -> None:
    """Shown as it is, this red of BT.2020 would be (150, 60, 50)."""
    source = hdr_clip(tmp_path, "arib-std-b67", (150, 60, 50))

    frame = frames_of(rendered(tmp_path, source, "cover").path)[3]

    red, green, blue = np.asarray(frame)[80, 45].tolist()
    assert red - green > 100
    assert red - blue > 100


def test_nothing_in_the_result_says_hdr_any_more(tmp_path: Path) -> None:
    display = (
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
    )
    x265 = f"log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:{display}"
    coding = ("-vf", "format=yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", x265)
    source = still_clip(tmp_path, (120, 120, 120), *coding)

    result = rendered(tmp_path, source, "cover").path

    assert not any(box in result.read_bytes() for box in (b"mdcv", b"clli", b"colrnclx\x00\x09"))


def test_interlaced_video_has_no_combs(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    moving = "testsrc2=s=90x160:r=50:d=1,tinterlace=interleave_top"
    ffmpeg("-f", "lavfi", "-i", moving, *X264, "-x264-params", "tff=1", "-flags", "+ilme+ildct", source)
    assert probe(source).interlaced
    order = order_for(source, "cover")
    blind = dataclasses.replace(
        order,
        asset=dataclasses.replace(
            order.asset, facts=dataclasses.replace(order.asset.facts, interlaced=False)
        ),
    )

    combs = [
        combing(render(one, bench_in(tmp_path / name)).path) for name, one in (("a", order), ("b", blind))
    ]

    assert combs[0] < combs[1] * 0.7


def combing(path: Path) -> float:
    """How much lines differ from both neighbours in the same direction."""
    lines = np.asarray(frames_of(path)[15].convert("L"), dtype=float)
    above, line, below = lines[:-2], lines[1:-1], lines[2:]
    return float(np.maximum(0, np.minimum((line - above), (line - below))).mean())


def test_transparent_video_lies_on_the_matte(tmp_path: Path) -> None:
    source = tmp_path / "a.webm"
    glass = "color=red@0.0:s=96x64:r=30:d=1,format=yuva420p"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        glass,
        "-c:v",
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-auto-alt-ref",
        "0",
        source,
    )
    order = order_for(source, "cover", matte="#00c800")
    order = dataclasses.replace(
        order,
        asset=dataclasses.replace(order.asset, facts=dataclasses.replace(order.asset.facts, alpha=True)),
    )

    frame = frames_of(render(order, bench_in(tmp_path)).path)[3]

    assert close(frame.getpixel((45, 80)), (0, 200, 0))


def test_marks_are_where_they_belong(tmp_path: Path) -> None:
    still = save_photo(tmp_path / "mark.png", picture((96, 64)))
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "30", *X264, tmp_path / "a.mp4")

    frame = frames_of(rendered(tmp_path, tmp_path / "a.mp4", "blur").path)[9]

    assert close(frame.getpixel((10, 56)), MARK, 30)
    assert close(frame.getpixel((80, 56)), GROUND, 30)
    assert close(frame.getpixel((80, 150)), GROUND, 30)
