from __future__ import annotations

import dataclasses
from pathlib import Path

import av
import numpy as np
import pytest
from fakes.footage import beep_at, flash_at, rendered
from fakes.media import PLAIN, ffmpeg, save_clip
from fakes.orders import bench_in, order_for

from pipeline.model import Part
from pipeline.reformat import render
from pipeline.tools.probe import probe

X264 = PLAIN.coding


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_flash_and_beep_stay_together(tmp_path: Path, start: float) -> None:
    flash = "drawbox=c=black:t=fill,drawbox=c=white:t=fill:enable='between(t,1.999,2.05)'"
    beep = "aevalsrc='sin(2*PI*1000*t)*between(t,2,2.04)':s=44100:d=4"
    source = tmp_path / "a.mp4"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        f"testsrc=s=96x64:r=30:d=4,{flash}",
        "-f",
        "lavfi",
        "-i",
        beep,
        *X264,
        "-c:a",
        "aac",
        source,
    )

    result = rendered(tmp_path, source, "cover", parts=(Part(start, 4.0),))

    assert flash_at(result.path) == pytest.approx(2.0 - start, abs=0.001)
    assert beep_at(result.path) == pytest.approx(2.0 - start, abs=0.005)


def test_the_file_has_no_edit_list_and_sound_ends_with_the_picture(tmp_path: Path) -> None:
    result = rendered(tmp_path, save_clip(tmp_path / "a.mp4"))

    assert b"elst" not in result.path.read_bytes()
    with av.open(str(result.path)) as container:
        sound, shown = container.streams.audio[0], container.streams.video[0]
        sound_s = float((sound.duration or 0) * (sound.time_base or 0))
        shown_s = float((shown.duration or 0) * (shown.time_base or 0))
    assert 0 <= shown_s - sound_s < 0.03


@pytest.mark.parametrize("part", [1, 2])
def test_sound_that_ends_early_is_followed_by_silence(tmp_path: Path, part: int) -> None:
    source = tmp_path / "a.mp4"
    tone = ("-f", "lavfi", "-i", "sine=frequency=440:duration=0.5")
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=96x64:r=30:d=2", *tone, *X264, source)
    order = dataclasses.replace(order_for(source, parts=(Part(0, 1), Part(1, 2))), part=part)

    facts = probe(render(order, bench_in(tmp_path)).path)

    assert facts.audio is not None
    assert facts.audio.duration_s == pytest.approx(1.0, abs=0.03)


def test_a_sound_that_starts_late_stays_late(tmp_path: Path) -> None:
    source = tmp_path / "a.mkv"
    late = ("-itsoffset", "0.5", "-f", "lavfi", "-i", "sine=frequency=440:duration=1")
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=96x64:r=30:d=1.5", *late, *X264, "-c:a", "pcm_s16le", source)

    assert beep_at(rendered(tmp_path, source).path) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("channels", ["mono", "stereo"])
def test_sound_is_as_loud_as_it_was(tmp_path: Path, channels: str) -> None:
    source = tmp_path / "a.mkv"
    tone = f"sine=frequency=440:duration=1,volume=12dB,aformat=channel_layouts={channels}"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=96x64:r=30:d=1",
        "-f",
        "lavfi",
        "-i",
        tone,
        *X264,
        "-c:a",
        "pcm_s16le",
        source,
    )

    assert loudness(rendered(tmp_path, source).path) == pytest.approx(loudness(source), rel=0.05)


def loudness(path: Path) -> float:
    """Root mean square, 1 being full scale."""
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    scale = 32768 if np.issubdtype(sound.dtype, np.integer) else 1
    return float(np.sqrt(np.mean((sound.astype(float) / scale) ** 2)))
