from __future__ import annotations

import re
from typing import Any

import pytest
from fakes.orders import recipe_for
from fakes.planning import animation, asset, video

from pipeline.model import Colour, Facts, Fit, Part, Rect, Size
from pipeline.reformat.graph import picture_graph, rate
from pipeline.reformat.order import Order

PHONE = Size(1080, 1920)
WIDE = {"width": 1920, "height": 1080}


def graph_of(facts: Facts, fit: Fit = "blur", **changes: Any) -> str:
    return picture_graph(Order(asset(facts), recipe_for(facts, fit, canvas=PHONE, **changes), 1))


@pytest.mark.parametrize(
    ("fps", "exact"),
    [(30.0, "30"), (25, "25"), (29.97002997, "30000/1001"), (24000 / 1001, "24000/1001"), (12.5, "25/2")],
)
def test_a_frame_rate_is_written_exactly(fps: float, exact: str) -> None:
    assert rate(fps) == exact


def test_a_picture_that_fills_the_canvas_has_no_background_at_all() -> None:
    graph = graph_of(video())

    assert "overlay" not in graph
    assert "pad" not in graph
    assert "crop" not in graph


def test_the_background_is_blurred_small_and_brought_back_to_the_full_rate() -> None:
    graph = graph_of(video(**WIDE))

    assert "scale=144:256:flags=area,format=yuv444p,gblur" in graph
    assert graph.index("fps=10") < graph.index("scale=1080:1920") < graph.rindex("fps=30:start_time=0[back]")
    assert "overlay=0:656" in graph


def test_a_colour_fills_the_rest_when_one_is_named() -> None:
    assert "pad=1080:1920:0:656:color=0x204060" in graph_of(video(**WIDE), "contain")


def test_a_crop_is_cut_in_shares_because_pixels_may_be_oblong() -> None:
    facts = video(width=1920, height=1080, sample_aspect=4 / 3)

    assert "crop=iw*608/1920:ih*1080/1080:iw*656/1920:ih*0/1080" in graph_of(facts, "cover")


@pytest.mark.parametrize(
    ("rotation", "mirrored", "turn"),
    [
        (0, False, ""),
        (90, False, "transpose=clock,"),
        (180, False, "hflip,vflip,"),
        (270, True, "hflip,transpose=cclock,"),
    ],
)
def test_a_picture_is_turned_before_it_is_cropped(rotation: int, mirrored: bool, turn: str) -> None:  # noqa: FBT001
    graph = graph_of(video(rotation=rotation, mirrored=mirrored, **WIDE), "cover")

    assert f"start_time=0,{turn}crop=" in graph


def test_the_result_is_always_tagged_and_limited_to_bt709() -> None:
    for facts in (video(), video(**WIDE), video(hdr="hlg", **WIDE), animation(alpha=True)):
        assert re.search(r"setparams=range=tv:color_primaries=bt709:.*setsar=1\[v\]$", graph_of(facts))


@pytest.mark.parametrize(("height", "matrix"), [(1080, "bt709"), (480, "bt601")])
def test_an_untagged_picture_is_taken_for_what_players_take_it_for(height: int, matrix: str) -> None:
    facts = video(width=height * 16 // 9, height=height, colour=Colour())

    assert f"in_color_matrix={matrix}" in graph_of(facts)


def test_a_tagged_picture_speaks_for_itself() -> None:
    assert "in_color_matrix" not in graph_of(video(colour=Colour("smpte170m", "smpte170m", "smpte170m")))


@pytest.mark.parametrize(("hdr", "curve"), [("hlg", "arib-std-b67"), ("pq", "smpte2084")])
def test_hdr_is_tone_mapped_after_shrinking(hdr: str, curve: str) -> None:
    graph = graph_of(video(hdr=hdr, colour=Colour("bt2020nc", "bt2020", curve), **WIDE))

    assert f"zscale=w=1080:h=608:tin={curve}:pin=bt2020:min=bt2020nc:rin=limited:t=linear:p=bt709" in graph
    assert "tonemap=hable:desat=0" in graph


def test_wide_colours_without_hdr_are_converted_not_tone_mapped() -> None:
    graph = graph_of(video(colour=Colour("bt709", "smpte432", "bt709")))

    assert "pin=smpte432" in graph
    assert "tonemap" not in graph


def test_only_interlaced_pictures_are_deinterlaced() -> None:
    assert "bwdif" in graph_of(video(interlaced=True))
    assert "bwdif" not in graph_of(video())


def test_transparent_animations_get_a_matte_before_they_are_scaled() -> None:
    graph = graph_of(animation(alpha=True), matte="#ff8000")

    assert graph.index("drawbox=color=0xff8000") < graph.index("scale=")


def test_a_later_part_of_an_animation_is_cut_out_in_the_graph() -> None:
    graph = graph_of(animation(duration_s=90.0), parts=(Part(45.0, 90.0),))

    assert "trim=start=45.000000,setpts=PTS-STARTPTS" in graph


def test_odd_frames_are_made_even() -> None:
    assert "pad=1080:1920:10:100" in graph_of(video(**WIDE), "contain", frame=Rect(11, 101, 801, 451))


def test_the_picture_stream_is_the_one_that_was_probed() -> None:
    assert graph_of(video(picture_stream=1)).startswith("[0:1]")
