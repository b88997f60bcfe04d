from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from fakes.footage import beep_at, frames_of, refreshed, rendered
from fakes.media import PLAIN, Clip, ffmpeg, save_clip
from fakes.orders import bench_in, left_behind, order_for

from pipeline.errors import BudgetError, RenderError
from pipeline.model import Fit, Part, Size
from pipeline.reformat import render
from pipeline.tools.probe import probe

X264 = PLAIN.coding
NOISE = Clip(size=(96, 64), seconds=2.0, filters="noise=alls=90:allf=t")


@pytest.mark.parametrize("fit", ["blur", "contain", "cover"])
def test_each_fit_keeps_every_promise(tmp_path: Path, fit: Fit) -> None:
    rendition = rendered(tmp_path, save_clip(tmp_path / "a.mkv"), fit)
    facts = probe(rendition.path)

    assert (facts.width, facts.height, facts.codec, facts.pix_fmt) == (90, 160, "h264", "yuv420p")
    assert (facts.colour.matrix, facts.colour.primaries, facts.colour.transfer) == ("bt709",) * 3
    assert (facts.fps, facts.vfr, facts.faststart, facts.edit_list) == (30.0, False, True, False)
    assert (facts.metadata, facts.extra_streams, rendition.mime) == (False, 0, "video/mp4")
    assert facts.audio is not None
    assert (facts.audio.codec, facts.audio.channels, facts.audio.sample_rate) == ("aac", 2, 48000)
    assert facts.duration_s == pytest.approx(1.0, abs=0.001)
    assert len(frames_of(rendition.path)) == 30


def test_the_shown_part_is_exactly_the_one_asked_for(tmp_path: Path) -> None:
    brightening = "format=yuv420p,geq=lum=20+200*T/4:cb=128:cr=128"
    source = save_clip(tmp_path / "a.mp4", Clip(seconds=4, filters=brightening, muxing=("-g", "50")))
    order = order_for(source, "cover", parts=(Part(0, 1.5), Part(1.5, 3.0), Part(3.0, 4.0)))
    bench = bench_in(tmp_path)

    results = [render(dataclasses.replace(order, part=part), bench) for part in (1, 2, 3)]

    counts = [len(frames_of(result.path)) for result in results]
    assert counts == [45, 45, 30]
    assert [result.part for result in results] == [1, 2, 3]
    assert len({result.path for result in results}) == 3
    ends = [
        np.asarray(frames_of(result.path)[at].convert("L")).mean() for result in results for at in (0, -1)
    ]
    assert all(after >= before - 2 for before, after in pairwise(ends))
    assert ends[5] - ends[0] > 180
    assert all(0 <= ends[at] - ends[at - 1] < 6 for at in (2, 4))  # a frame of the source is 2.3 brighter


def test_variable_rates_become_constant_without_drift(tmp_path: Path) -> None:
    source = tmp_path / "a.mkv"
    uneven = "testsrc=s=96x64:r=60:d=2,select='not(mod(n,7))+not(mod(n,3))'"
    ffmpeg("-f", "lavfi", "-i", uneven, "-fps_mode", "vfr", *X264, source)

    facts = probe(rendered(tmp_path, source).path)

    assert (facts.vfr, facts.fps) == (False, 30.0)
    assert facts.duration_s == pytest.approx(2.0, abs=0.04)


def test_a_limit_that_the_ceiling_misses_is_met_in_two_passes(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", NOISE)
    free = rendered(tmp_path, source, "cover", quality=15)

    fitted = rendered(tmp_path, source, "cover", quality=15, max_bytes=free.bytes // 2)

    assert free.bytes // 4 < fitted.bytes <= free.bytes // 2


def test_a_limit_that_no_bitrate_meets_names_the_setting(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    order = order_for(save_clip(tmp_path / "a.mp4", NOISE), max_bytes=3000)

    with pytest.raises(BudgetError, match=r"a\.mp4.*platforms\.whatsapp_status\.video\.max_seconds"):
        render(order, bench)

    assert left_behind(bench) == []
    assert list(bench.folder.glob("*")) == []


def test_a_video_that_breaks_off_is_an_error_that_says_how_much_there_is(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", Clip(seconds=4, muxing=("-movflags", "+faststart", "-g", "10")))
    order = order_for(source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    bench = bench_in(tmp_path)

    with pytest.raises(RenderError, match=r"a\.mp4 is damaged.*4\.0 s.*only [12]\.\d s"):
        render(refreshed(order), bench)

    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_a_video_full_of_errors_is_not_sent(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", Clip(size=(320, 240), seconds=2, filters="noise=alls=60:allf=t"))
    order = order_for(source)
    damaged = bytearray(source.read_bytes())
    start = damaged.index(b"mdat") + 2000
    for at in range(start, len(damaged) - 20_000, 400):
        damaged[at] ^= 0xFF
    source.write_bytes(damaged)

    with pytest.raises(RenderError, match=r"a\.mp4"):
        render(refreshed(order), bench_in(tmp_path))


def test_a_compliant_video_is_rewrapped_without_touching_picture_and_sound(tmp_path: Path) -> None:
    muxing = (
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-map",
        "1:a",
        "-metadata",
        "title=Secret",
        "-c:a",
        "aac",
        "-bf",
        "2",
    )
    source = save_clip(tmp_path / "a.mp4", Clip(size=(90, 160), seconds=2, fps=30, muxing=muxing))

    rendition = rendered(tmp_path, source, action="remux")

    assert packets(rendition.path, "video") == packets(source, "video")
    assert set(packets(rendition.path, "audio")) <= set(packets(source, "audio"))
    assert abs(beep_at(rendition.path) - beep_at(source)) < 0.025
    assert b"Secret" not in rendition.path.read_bytes()
    facts = probe(rendition.path)
    assert (facts.extra_streams, facts.faststart, facts.edit_list) == (0, True, False)


def packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as container:
        stream = container.streams.get({kind: 0})[0]
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


def test_what_an_edit_list_hides_stays_hidden(tmp_path: Path) -> None:
    whole = save_clip(tmp_path / "whole.mp4", Clip(size=(90, 160), seconds=3, fps=30, muxing=("-g", "90")))
    ffmpeg("-ss", "1", "-i", whole, "-c", "copy", tmp_path / "cut.mp4")
    assert probe(tmp_path / "cut.mp4").edit_list

    rendition = rendered(tmp_path, tmp_path / "cut.mp4")

    assert len(frames_of(rendition.path)) == pytest.approx(60, abs=2)


def test_a_clip_that_fits_is_passed_through_byte_by_byte(tmp_path: Path) -> None:
    made = rendered(tmp_path, save_clip(tmp_path / "a.mkv"))
    source = tmp_path / "again.mp4"
    source.write_bytes(made.path.read_bytes())

    assert rendered(tmp_path, source, action="passthrough").path.read_bytes() == source.read_bytes()


def test_only_what_the_part_needs_is_read(tmp_path: Path) -> None:
    source = save_clip(
        tmp_path / "a.mp4", Clip(size=(320, 240), seconds=8, muxing=("-movflags", "+faststart"))
    )
    order = order_for(source, "cover", parts=(Part(0, 2), Part(2, 8)))
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))
    bench = bench_in(tmp_path)

    assert render(refreshed(order), bench).duration_s == 2.0
    with pytest.raises(RenderError, match=r"a\.mp4 is damaged"):
        render(refreshed(dataclasses.replace(order, part=2)), bench)


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    seen: list[float] = []

    render(order_for(save_clip(tmp_path / "a.mp4", NOISE)), bench_in(tmp_path, progress=seen.append))

    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert min(seen) >= 0


def test_progress_never_falls_back_where_a_limit_takes_several_tries(tmp_path: Path) -> None:
    source = save_clip(tmp_path / "a.mp4", NOISE)
    free = rendered(tmp_path, source, "cover", quality=15)
    seen: list[float] = []

    order = order_for(source, "cover", quality=15, max_bytes=free.bytes // 2)
    render(order, bench_in(tmp_path, progress=seen.append))

    assert seen == sorted(seen)
    assert (seen[-1], len(set(seen))) == (1.0, len(seen))


def test_an_odd_size_and_full_chroma_are_no_trouble(tmp_path: Path) -> None:
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    source = save_clip(tmp_path / "a.mp4", Clip(size=(95, 63), coding=coding))

    assert rendered(tmp_path, source, "blur", canvas=Size(180, 320)).width == 180
