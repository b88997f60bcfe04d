from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from fakes.films import (
    SOUND_HZ,
    composed,
    frames_of,
    heard_in,
    level_of,
    order_of,
    plain_photo,
    save_sound,
    sound,
    take_of,
    tone,
    with_music,
)
from fakes.media import Clip, ffmpeg, save_clip
from fakes.orders import bench_in, left_behind

from pipeline.errors import RenderError, UnreadableError
from pipeline.model import Composition, Voice
from pipeline.reformat import render

GREY = (90, 90, 90)
MUSIC, SPEECH = 440.0, 1000.0
AT_ONCE = {"fade_in_s": 0.0, "fade_out_s": 0.0, "gain_db": 0.0}


@pytest.fixture
def still(tmp_path: Path) -> Composition:
    return composed(take_of(plain_photo(tmp_path / "a.png", GREY), 3.0), fps=2.0)


def heard(folder: Path, composition: Composition) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    left = heard_in(render(order_of(composition, audio_kbps=128), bench_in(folder)).path)
    return left.reshape(-1)


def test_music_makes_room_for_a_voice_and_comes_back(tmp_path: Path, still: Composition) -> None:
    voice = sound(save_sound(tmp_path / "v.wav", tone(0.8, SPEECH, 0.3)))
    composition = with_music(still, save_sound(tmp_path / "m.wav", tone(3.0, MUSIC, 0.2)), **AT_ONCE)
    left = heard(tmp_path, dataclasses.replace(composition, voice=Voice(voice, delay_s=1.0)))
    alone, under, after = (level_of(left, MUSIC, span) for span in ((0.2, 0.7), (1.05, 1.75), (2.75, 2.95)))
    assert alone == pytest.approx(0.2, abs=0.02)
    assert 20 * np.log10(under / alone) == pytest.approx(-12, abs=1.0)
    assert after == pytest.approx(0.2, abs=0.02)
    assert level_of(left, SPEECH, (1.1, 1.7)) == pytest.approx(0.3, abs=0.03)
    assert level_of(left, SPEECH, (0.2, 0.9)) < 0.01


def test_music_starts_where_it_should_repeats_without_a_gap_and_fades(
    tmp_path: Path, still: Composition
) -> None:
    bed = np.concatenate([tone(0.5, 3000.0, 0.2), tone(0.7, MUSIC, 0.2)])
    composition = with_music(
        still,
        save_sound(tmp_path / "m.wav", bed),
        start_s=0.5,
        gain_db=-6.0,
        fade_in_s=0.5,
        fade_out_s=1.0,
    )
    left = heard(tmp_path, composition)
    assert level_of(left, 3000.0, (0.1, 2.9)) < 0.002
    middle = [level_of(left, MUSIC, (start, start + 0.05)) for start in np.arange(0.6, 1.9, 0.05)]
    assert min(middle) == pytest.approx(0.1, abs=0.015)
    assert level_of(left, MUSIC, (0.1, 0.2)) == pytest.approx(0.03, abs=0.02)
    assert level_of(left, MUSIC, (2.8, 2.9)) == pytest.approx(0.015, abs=0.01)


def test_the_own_sound_of_clips_fades_into_one_another_as_loud_as_before(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "a.mp4", Clip(size=(96, 64), seconds=1.5))
    takes = (take_of(clip, 1.5), take_of(clip, 1.0, start_s=0.5))
    composition = composed(*takes, crossfade_s=0.5)
    left = heard(tmp_path, composition)
    alone = level_of(left, MUSIC, (0.3, 0.9))
    assert alone == pytest.approx(1 / 8, abs=0.02)  # as loud as ffmpeg's sine
    assert level_of(left, MUSIC, (1.15, 1.35)) >= alone * 0.9
    silent = dataclasses.replace(composition, own_sound=False)
    assert not silent.has_sound


def test_a_flash_and_a_beep_stay_together(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    flash = "color=black:s=108x192:r=24:d=1,drawbox=c=white:t=fill:enable='gte(t,0.5)'"
    beep = "aevalsrc='if(gte(t,0.5),0.5*sin(2*PI*1000*t),0)':s=48000:d=1"
    ffmpeg("-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep, "-pix_fmt", "yuv420p", clip)
    before = plain_photo(tmp_path / "a.png", (0, 0, 0))
    composition = composed(take_of(before, 0.75), take_of(clip, 1.0))
    result = render(order_of(composition), bench_in(tmp_path)).path
    flash_s = np.argmax(frames_of(result)[:, 96, 54, 1] > 128) / 24
    beep_s = np.argmax(np.abs(heard_in(result)) > 0.2) / SOUND_HZ
    assert flash_s == pytest.approx(1.0)
    assert beep_s == pytest.approx(1.0, abs=0.005)


def test_sounds_that_are_too_loud_together_are_not_clipped(tmp_path: Path, still: Composition) -> None:
    voice = sound(save_sound(tmp_path / "v.wav", tone(3.0, SPEECH, 0.7)))
    composition = with_music(
        still, save_sound(tmp_path / "m.wav", tone(3.0, MUSIC, 0.7)), duck_db=0.0, **AT_ONCE
    )
    left = heard(tmp_path, dataclasses.replace(composition, voice=Voice(voice)))
    assert np.abs(left[SOUND_HZ // 10 :]).max() < 0.95  # AAC itself overshoots where sound sets in
    assert level_of(left, SPEECH, (0.5, 2.5)) > 0.4


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".ogg", ".flac"])
def test_music_comes_in_any_usual_format(tmp_path: Path, still: Composition, suffix: str) -> None:
    plain, bed = save_sound(tmp_path / "m.wav", tone(1.0, MUSIC, 0.2)), tmp_path / f"m{suffix}"
    ffmpeg("-i", plain, *(("-c:a", "libvorbis") if suffix == ".ogg" else ()), bed)
    left = heard(tmp_path, with_music(dataclasses.replace(still, fps=1.0), bed, **AT_ONCE))
    assert level_of(left, MUSIC, (0.3, 0.8)) == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"ffconcat version 1.0\nfile v.wav\n"])
def test_music_that_is_none_is_named(tmp_path: Path, still: Composition, content: bytes) -> None:
    save_sound(tmp_path / "v.wav", tone(1.0))
    bed = tmp_path / "tune.mp3"
    bed.write_bytes(content)
    bench = bench_in(tmp_path)
    with pytest.raises(UnreadableError, match=r"tune\.mp3 can't be used as sound"):
        render(order_of(with_music(still, bed)), bench)
    assert list(bench.folder.glob("*")) == left_behind(bench) == []


def test_music_that_ends_before_it_starts_is_named(tmp_path: Path, still: Composition) -> None:
    bed = save_sound(tmp_path / "short.wav", tone(1.0))
    with pytest.raises(RenderError, match=r"short\.wav lasts 1\.00 s: nothing is left from 5 s on"):
        render(order_of(with_music(still, bed, start_s=5.0)), bench_in(tmp_path))
