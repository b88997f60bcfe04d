"""Whatever container and codec a clip comes in, its picture is right and its sound stays with it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from fakes.footage import beep_at, close, flash_at, frames_of
from fakes.media import PLAIN, ffmpeg
from fakes.outcomes import made, recipe_of
from numpy.typing import NDArray

from pipeline.tools.probe import probe

FLASH_S = 1.48
WIDER, FITTING = "120x160", "90x160"
"""The first has to be encoded anew, the second may be copied."""

RED, GREEN, BLUE, WHITE = (200, 40, 30), (40, 160, 60), (30, 60, 200), (250, 250, 250)
QUARTERS = {(0, 0): RED, (1, 0): GREEN, (0, 1): BLUE, (1, 1): (200, 180, 60)}
BEEP = f"aevalsrc='0.8*sin(2*PI*1000*t)*between(t,{FLASH_S},{FLASH_S + 0.1})':s=48000:d=2.4"

X264 = PLAIN.coding
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
TEN_BITS = ("-pix_fmt", "yuv420p10le")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-pix_fmt", "yuv420p")
AV1 = ("-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1")
SHARP = ("-q:v", "2", "-pix_fmt", "yuv420p")
AMR = ("-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1", "-b:a", "12.2k")
FRAGMENTS = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-g", "20")
DASH = ("-movflags", "+dash+delay_moov+global_sidx", "-frag_duration", "400000", "-g", "10")


def clip(path: Path, *coding: str, size: str = WIDER, fps: str = "25", seconds: float = 2.4) -> Path:
    """Four colours, all white for a moment, and a beep at that moment."""
    width, height = (int(length) // 2 for length in size.split("x"))
    boxes = ",".join(
        f"drawbox={x * width}:{y * height}:{width}:{height}:0x{bytes(colour).hex()}:fill"
        for (x, y), colour in QUARTERS.items()
    )
    flash = f"drawbox=c=white:t=fill:enable='between(t,{FLASH_S - 0.001},{FLASH_S + 0.1})'"
    picture = f"color=s={size}:r={fps}:d={seconds},format=gbrp,{boxes},{flash}"
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", BEEP, *coding, path)
    return path


def assert_four_colours(path: Path, slack: int = 14) -> None:
    frame = frames_of(path)[10]
    for (x, y), colour in QUARTERS.items():
        assert close(frame.getpixel((22 + 45 * x, 40 + 80 * y)), colour, slack), (x, y)


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("h264.mp4", (*X264, "-bf", "2")),
        ("ten-bits.mp4", (*X264[:-1], "yuv420p10le")),
        ("every-chroma.mp4", (*X264[:-1], "yuv444p")),
        ("mpeg4.mp4", ("-c:v", "mpeg4", *SHARP)),
        ("av1.mp4", (*AV1, "-pix_fmt", "yuv420p")),
        ("av1-ten-bits.mkv", (*AV1, *TEN_BITS)),
        ("fragments.mp4", (*X264, "-bf", "2", *FRAGMENTS)),
        ("dash.mp4", (*X264, "-bf", "2", *DASH)),
        ("hevc.mov", (*X265, "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le")),
        ("hevc-ten-bits.mov", (*X265, *TEN_BITS)),
        ("prores.mov", ("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le")),
        ("hevc.mkv", (*X265, "-pix_fmt", "yuv420p", "-c:a", "flac")),
        ("vp8.webm", (*VP8, "-c:a", "libvorbis")),
        ("vp9.webm", (*VP9, "-pix_fmt", "yuv420p", "-c:a", "libopus")),
        ("vp9-ten-bits.webm", (*VP9, *TEN_BITS, "-profile:v", "2", "-c:a", "libopus")),
        ("mpeg4.avi", ("-c:v", "mpeg4", *SHARP, "-bf", "2", "-c:a", "libmp3lame")),
        ("mjpeg.avi", ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le")),
        ("mpeg4.3gp", ("-c:v", "mpeg4", *SHARP, *AMR)),
        ("h264.ts", (*X264, "-bf", "2", "-c:a", "aac")),
        ("hevc.ts", (*X265, "-pix_fmt", "yuv420p", "-c:a", "aac")),
        ("mpeg2.ts", ("-c:v", "mpeg2video", *SHARP, "-c:a", "ac3")),
        ("h264.flv", (*X264, "-bf", "2", "-c:a", "aac")),
        ("wmv2.wmv", ("-c:v", "wmv2", *SHARP, "-c:a", "wmav2")),
    ],
)
def test_picture_and_sound_of_every_container_are_right_and_together(
    tmp_path: Path, name: str, coding: tuple[str, ...]
) -> None:
    result = made(clip(tmp_path / name, *coding))

    assert_four_colours(result)
    assert flash_at(result) == pytest.approx(FLASH_S, abs=0.081 if name == "fragments.mp4" else 0.041)
    assert beep_at(result) - flash_at(result) == pytest.approx(0, abs=0.022)
    facts = probe(result)
    assert (facts.fps, facts.extra_streams) == (25, 0)
    assert facts.duration_s == pytest.approx(2.4, abs=0.081)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        *((f"a.{suffix}", "remux") for suffix in ("mp4", "mov", "mkv", "ts", "flv")),
        ("dash.mp4", "transcode"),
        ("fragments.mp4", "transcode"),
    ],
)
def test_picture_and_sound_are_together_where_a_copy_would_do(tmp_path: Path, name: str, action: str) -> None:
    muxing = {"fragments.mp4": FRAGMENTS, "dash.mp4": DASH}.get(name, ())
    source = clip(tmp_path / name, *X264, "-bf", "2", "-c:a", "aac", *muxing, size=FITTING)

    result = made(source)

    assert recipe_of(source).action == action
    assert_four_colours(result)
    assert beep_at(result) - flash_at(result) == pytest.approx(0, abs=0.022)


def test_h263_of_an_old_phone_is_right(tmp_path: Path) -> None:
    source = clip(tmp_path / "old.3gp", "-c:v", "h263", "-q:v", "2", *AMR, size="176x144")

    result = made(source, "contain")

    frame = frames_of(result)[10]
    for (x, y), colour in QUARTERS.items():
        assert close(frame.getpixel((22 + 45 * x, 62 + 36 * y)), colour, 20), (x, y)
    assert beep_at(result) - FLASH_S == pytest.approx(0, abs=0.041)


def test_a_cover_picture_is_never_shown(tmp_path: Path) -> None:
    plain = clip(tmp_path / "plain.mkv", *X264)
    cover = tmp_path / "cover.jpg"
    ffmpeg("-f", "lavfi", "-i", "color=white:s=640x640", "-frames:v", "1", cover)
    for name, attaching in (
        ("a.mp4", ("-i", str(cover), "-i", str(plain), "-map", "0", "-map", "1", "-c", "copy",
                   "-disposition:v:0", "attached_pic")),
        ("a.mkv", ("-i", str(plain), "-attach", str(cover), "-metadata:s:t", "mimetype=image/jpeg",
                   "-c", "copy")),
    ):  # fmt: skip
        ffmpeg(*attaching, tmp_path / name)
        result = made(tmp_path / name)
        assert_four_colours(result)
        assert beep_at(result) == pytest.approx(FLASH_S, abs=0.021)


def test_data_subtitles_chapters_and_timecodes_stay_out(tmp_path: Path) -> None:
    plain, words = clip(tmp_path / "plain.mkv", *X264, "-c:a", "aac"), tmp_path / "words.srt"
    words.write_text("1\n00:00:00,100 --> 00:00:02,000\nSecret\n")
    chapters = tmp_path / "chapters.txt"
    chapters.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=Secret\n")
    source = tmp_path / "a.mov"
    ffmpeg(
        "-i", plain, "-i", words, "-i", chapters, "-map", "0", "-map", "1", "-map_chapters", "2",
        "-c", "copy", "-c:s", "mov_text", "-timecode", "01:00:00:00", source,
    )  # fmt: skip
    assert probe(source).extra_streams >= 2

    result = made(source)

    with av.open(str(result)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
    assert b"Secret" not in result.read_bytes()
    assert_four_colours(result)


def test_of_several_pictures_and_sounds_the_first_of_each_is_taken(tmp_path: Path) -> None:
    plain, source = clip(tmp_path / "plain.mkv", *X264), tmp_path / "a.mp4"
    ffmpeg(
        "-i", plain, "-f", "lavfi", "-i", "color=white:s=320x320:r=60:d=2.4",
        "-f", "lavfi", "-i", "sine=frequency=300:duration=2.4", "-map", "0:v", "-map", "1:v",
        "-map", "0:a", "-map", "2:a", *X264, source,
    )  # fmt: skip

    result = made(source)

    assert_four_colours(result)
    assert beep_at(result) == pytest.approx(FLASH_S, abs=0.021)


def test_a_clip_without_sound_stays_without(tmp_path: Path) -> None:
    result = made(clip(tmp_path / "a.mp4", *X264, "-an"))

    assert probe(result).audio is None
    assert_four_colours(result)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_that_goes_on_after_the_picture_ends_with_it(tmp_path: Path, suffix: str) -> None:
    result = made(clip(tmp_path / f"a.{suffix}", *X264, seconds=1.6))

    facts = probe(result)
    assert facts.duration_s == pytest.approx(1.6, abs=0.041)
    assert facts.audio is not None
    assert facts.audio.duration_s == pytest.approx(1.6, abs=0.041)
    assert beep_at(result) == pytest.approx(FLASH_S, abs=0.021)


def test_what_an_edit_list_cuts_off_in_front_is_cut_off_of_picture_and_sound(tmp_path: Path) -> None:
    whole = clip(tmp_path / "whole.mp4", *X264, "-g", "100", "-bf", "2")
    ffmpeg("-ss", "0.6", "-i", whole, "-c", "copy", tmp_path / "cut.mp4")
    assert probe(tmp_path / "cut.mp4").edit_list

    result = made(tmp_path / "cut.mp4")

    assert flash_at(result) == pytest.approx(FLASH_S - 0.6, abs=0.021)
    assert beep_at(result) == pytest.approx(FLASH_S - 0.6, abs=0.021)
    assert probe(result).duration_s == pytest.approx(1.8, abs=0.041)


@pytest.mark.parametrize("late", [0, 1], ids=["picture", "sound"])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("size", [WIDER, FITTING])
def test_a_track_that_starts_late_starts_late(tmp_path: Path, size: str, suffix: str, late: int) -> None:
    whole = clip(tmp_path / "whole.mkv", *X264, "-c:a", "aac", size=size)
    inputs = ("-itsoffset", "0.4", "-i", str(whole), "-i", str(whole))
    maps = ("-map", "0:v", "-map", "1:a") if late == 0 else ("-map", "1:v", "-map", "0:a")
    ffmpeg(*inputs, *maps, "-c", "copy", tmp_path / f"late.{suffix}")

    result = made(tmp_path / f"late.{suffix}")

    ahead_s = 0.4 if late else -0.4
    assert beep_at(result) - flash_at(result) == pytest.approx(ahead_s, abs=0.025)
    assert flash_at(result) == pytest.approx(FLASH_S + (0 if late else 0.4), abs=0.041)


def tones_of(path: Path) -> list[set[int]]:
    """The frequencies that are heard on each side, in hundreds of Hz."""
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    return [_tones(side[:48_000]) for side in sound]


def _tones(side: NDArray[np.float32]) -> set[int]:
    loud = np.abs(np.fft.rfft(side * np.hanning(len(side))))
    return {round(float(place) / 100) for place in np.flatnonzero(loud > loud.max() * 0.1)}


def test_six_channels_become_two_with_everything_where_it_belongs(tmp_path: Path) -> None:
    tones = "|".join(f"0.5*sin(2*PI*{hertz}*t)" for hertz in (300, 500, 700, 60, 900, 1100))
    source = tmp_path / "a.mkv"
    ffmpeg(
        "-f", "lavfi", "-i", "color=s=90x160:r=25:d=2", "-f", "lavfi", "-i",
        f"aevalsrc='{tones}':s=48000:d=2:c=5.1", *X264, "-c:a", "flac", source,
    )  # fmt: skip

    result = made(source)

    left, right = tones_of(result)
    assert {3, 7, 9} <= left
    assert not {5, 11} & left
    assert {5, 7, 11} <= right
    assert not {3, 9} & right
    with av.open(str(result)) as container:
        peak = max(float(np.abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0))
    assert 0.6 < peak <= 1.0


def test_a_clip_too_short_is_shown_again_with_its_sound(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    beep = "aevalsrc='0.8*sin(2*PI*1000*t)*between(t,0.2,0.24)':s=48000:d=0.4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=90x160:r=25:d=0.4", "-f", "lavfi", "-i", beep, *X264, source)

    result = made(source)

    with av.open(str(result)) as container:
        frames = list(container.decode(audio=0))
    loud = np.abs(np.concatenate([frame.to_ndarray()[0] for frame in frames])) > 0.05
    places = np.flatnonzero(loud)
    onsets = places[np.diff(places, prepend=-48_000) > 4_800] / 48_000
    assert onsets[0] == pytest.approx(0.2, abs=0.021)
    assert len(onsets) == 3
    assert all(0.39 < later - earlier < 0.45 for earlier, later in pairwise(onsets.tolist()))
