"""Frames of real clips, and previews of them through the command."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fakes.command import call
from fakes.media import Clip, ffmpeg, save_clip, save_photo
from fakes.shop import Shop
from fakes.sights import RENDITION
from PIL import Image

from pipeline.model import Rendition
from pipeline.report.preview.frames import Darkroom, first_shot, shots_of
from pipeline.tools.child import Limits
from pipeline.tools.probe import probe

COLOURS = {
    "red": (255, 0, 0),
    "lime": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128,) * 3,
}
BT709 = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
SMALL = tuple(
    word
    for key, value in (("canvas.width", 360), ("canvas.height", 640), ("video.max_seconds", 2))
    for word in ("--set", f"platforms.whatsapp_status.{key}={value}")
)


@pytest.fixture
def darkroom(tmp_path: Path) -> Darkroom:
    (tmp_path / "dark").mkdir()
    return Darkroom(tmp_path / "dark", Limits(60, 2000))


def striped(path: Path, *options: str) -> Rendition:
    """Five colours for 0.4 s each, as a rendition."""
    sources = [
        word for name in COLOURS for word in ("-f", "lavfi", "-i", f"color={name}:s=90x160:r=10:d=0.4")
    ]
    graph = "concat=n=5,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    ffmpeg(*sources, "-filter_complex", graph, "-c:v", "libx264", "-crf", "8", *BT709, *options, path)
    return replace(RENDITION, path=path, duration_s=probe(path).duration_s)


def colour_of(picture: Path) -> tuple[int, ...]:
    with Image.open(picture) as opened:
        return tuple(opened.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes())


def test_frames_are_those_of_their_moments_in_the_right_colours(tmp_path: Path, darkroom: Darkroom) -> None:
    shots = shots_of(striped(tmp_path / "clip.mp4"), darkroom, "clip")
    assert [shot.at_s for shot in shots] == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0])
    for shot, wanted in zip(shots, COLOURS.values(), strict=True):
        assert colour_of(shot.picture) == pytest.approx(wanted, abs=5)


def test_the_last_frame_is_found_where_it_stays_for_long(tmp_path: Path, darkroom: Darkroom) -> None:
    still = "setpts='if(eq(N,19),PTS+5/TB,PTS)'"
    ffmpeg(
        "-f", "lavfi", "-i", f"testsrc=s=90x160:r=10:d=2,{still}", "-fps_mode", "vfr", tmp_path / "clip.mp4"
    )
    longer = replace(RENDITION, path=tmp_path / "clip.mp4", duration_s=12.0)
    shots = shots_of(longer, darkroom, "clip")
    assert len(shots) == 5
    assert shots[4].picture.read_bytes() == shots[3].picture.read_bytes() != shots[0].picture.read_bytes()


def test_only_small_pictures_are_left_of_a_look_at_a_clip(tmp_path: Path, darkroom: Darkroom) -> None:
    rendition = striped(tmp_path / "clip.mp4")
    shots_of(rendition, darkroom, "clip")
    first_shot(rendition, darkroom, "clip")
    assert {path.suffix for path in darkroom.folder.iterdir()} == {".jpg"}


def pictures_of(page: Path) -> list[Image.Image]:
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page.read_text())
    return [Image.open(BytesIO(b64decode(one))) for one in found]


def test_every_part_of_a_clip_is_shown_with_its_source_before_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    save_clip(tmp_path / "clip.mov", Clip(seconds=3, fps=10))
    said = call(shop, "preview", "clip.mov", "-o", "sheet.png", "--html", "page.html", "--json", *SMALL)
    assert (said.code, said.json()["failures"]) == (0, [])
    told = [(one["part"], one["parts"], one["frames"]) for one in said.json()["renditions"]]
    assert told == [(1, 2, 5), (2, 2, 5)]
    shapes = [round(picture.width / picture.height, 1) for picture in pictures_of(tmp_path / "page.html")]
    assert shapes == [1.5, *[0.6] * 5, 1.5, *[0.6] * 5]
    assert sorted(os.listdir(tmp_path)) == ["clip.mov", "inbox", "page.html", "sheet.png", "storyrelay.yaml"]  # noqa: PTH208 - hidden too


def test_the_source_is_shown_upright_and_whole(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    save_photo(tmp_path / "turned.jpg", exif=turned, quality=95)
    shop = Shop(tmp_path)
    assert call(shop, "preview", "turned.jpg", "--html", "page.html", "--fit", "cover").code == 0
    before, after = pictures_of(tmp_path / "page.html")
    assert before.width / before.height == pytest.approx(48 / 64, abs=0.01)
    assert after.width / after.height == pytest.approx(9 / 16, abs=0.01)
    red, _, blue = before.convert("RGB").crop((before.width - 20, 20, before.width - 19, 21)).tobytes()
    assert red > blue
