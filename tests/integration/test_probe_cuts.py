"""Where long videos can be cut by copying: never where a decoder couldn't begin."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import pytest
from fakes.media import Clip, ffmpeg, save_clip

from pipeline.tools.probe import probe

CODING = ("-c:v", "libx264", "-preset", "superfast", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p")
SECONDS = 12.0
LONG = Clip(size=(64, 96), seconds=SECONDS, coding=CODING)


def moments(path: Path) -> list[float]:
    return [cut.at_s for cut in probe(path).cuts]


def key_frames(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        found = [packet for packet in container.demux(video=0) if packet.size and packet.is_keyframe]
        return [float((packet.pts or 0) * packet.time_base) for packet in found]


def packet_bytes(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(packet.size for packet in container.demux())


@pytest.mark.parametrize(
    ("name", "muxing"),
    [
        ("a.mp4", ()),
        ("a.mov", ()),
        ("front.mp4", ("-movflags", "+faststart")),
        ("plain.mp4", ("-movflags", "+negative_cts_offsets", "-use_editlist", "0")),
        ("without-b.mp4", ("-bf", "0")),
    ],
)
def test_the_cuts_are_the_key_frames_and_the_end(tmp_path: Path, name: str, muxing: tuple[str, ...]) -> None:
    source = save_clip(tmp_path / name, Clip(seconds=SECONDS, coding=(*CODING, *muxing)))
    assert moments(source) == pytest.approx([*key_frames(source), SECONDS], abs=0.001)
    counts = [cut.bytes_before for cut in probe(source).cuts]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, packet_bytes(source))


def test_the_bytes_before_a_cut_are_those_of_the_packets_before_it(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", LONG)
    middle = probe(source).cuts[6]
    with av.open(str(source)) as container:
        packets = [packet for packet in container.demux() if packet.size]
        earlier = [one for one in packets if float((one.dts or 0) * one.time_base) < middle.at_s - 0.09]
        before = sum(packet.size for packet in earlier)
    assert middle.bytes_before == pytest.approx(before, abs=2_000)


def test_key_frames_that_need_what_came_before_are_no_cuts(tmp_path: Path) -> None:
    """With open GOPs, frames that are shown before a key frame come behind it."""
    coding = (*CODING, "-x264-params", "open-gop=1:b-adapt=0:bframes=3")
    source = save_clip(tmp_path / "a.mp4", Clip(seconds=SECONDS, coding=coding))
    assert len(key_frames(source)) > 4
    assert moments(source) == [0.0, SECONDS]


def test_a_frame_of_intra_refresh_is_no_cut_even_where_the_index_calls_it_one(tmp_path: Path) -> None:
    coding = (*CODING, "-bf", "0", "-x264-params", "intra-refresh=1")
    source = save_clip(tmp_path / "a.mp4", Clip(seconds=SECONDS, coding=coding))
    assert len(key_frames(source)) > 4
    assert moments(source) == [0.0, SECONDS]


@pytest.mark.parametrize(
    "name", ["short.mp4", "a.mkv", "fragmented.mp4", "hevc.mp4", "cut.mp4", "turned.mp4", "full-range.mp4"]
)
def test_no_cuts_are_told_where_they_are_not_needed_or_not_sure(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    match name:
        case "short.mp4":
            save_clip(source, Clip(seconds=5.0, coding=CODING))
        case "fragmented.mp4":
            fragmented = (*CODING, "-movflags", "frag_keyframe+empty_moov")
            save_clip(source, Clip(seconds=SECONDS, coding=fragmented))
        case "hevc.mp4":
            coding = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
            save_clip(source, Clip(seconds=SECONDS, coding=coding))
        case "cut.mp4":
            ffmpeg("-ss", "0.5", "-i", save_clip(tmp_path / "whole.mp4", LONG), "-c", "copy", source)
        case "turned.mp4":
            save_clip(tmp_path / "upright.mp4", LONG)
            ffmpeg("-display_rotation", "90", "-i", tmp_path / "upright.mp4", "-c", "copy", source)
        case "full-range.mp4":
            save_clip(source, Clip(seconds=SECONDS, coding=(*CODING, "-pix_fmt", "yuvj420p")))
        case _:
            save_clip(source, LONG)
    assert moments(source) == []


def test_cuts_lie_apart_where_every_frame_is_a_key_frame(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", Clip(seconds=SECONDS, coding=(*CODING, "-g", "1"), sound=False))
    found = moments(source)
    assert min(later - earlier for earlier, later in pairwise(found[:-1])) >= 0.25
    assert len(found) > 30
