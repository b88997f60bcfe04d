"""Parts that are joined again give the whole: no gap and no overlap in the sound, each frame once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import numpy as np
import pytest
from fakes.media import ffmpeg
from fakes.outcomes import parts_of, planned
from numpy.typing import NDArray

HZ = 48_000
SECONDS = 12.0
SLOWEST_HZ, FASTER_HZ = 200.0, 60.0
PACKET = 1024
HALF_A_PACKET_S = PACKET / 2 / HZ
BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
X264 = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-crf",
    "12",
    "-pix_fmt",
    "yuv420p",
    "-bf",
    "2",
    "-g",
    "20",
)
CHIRP = f"aevalsrc='0.5*sin(2*PI*({SLOWEST_HZ}*t+{FASTER_HZ}/2*t*t))':s={HZ}:d={SECONDS}"
"""Its pitch tells the time: 200 Hz at the start, and 60 Hz more each second."""

COUNTED = f"format=yuv420p,{BT709},geq=lum='40+20*mod(N,10)':cb='40+20*mod(floor(N/10),10)':cr=128"
"""A frame's brightness and blue tell its number, up to a hundred."""


@dataclass(frozen=True)
class Whole:
    """A chirp over numbered frames, and the parts that a run makes of it."""

    source: Path
    seconds: float

    @cached_property
    def parts(self) -> list[Path]:
        return parts_of(planned(self.source, seconds=self.seconds), self.source.parent)

    @cached_property
    def starts_s(self) -> list[float]:
        return [part.start_s for part in planned(self.source, seconds=self.seconds).recipe.parts]


def made_of(folder: Path, size: str, seconds: float) -> Whole:
    source = folder / "whole.mp4"
    picture = f"color=s={size}:r=30:d={SECONDS},{COUNTED}"
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", CHIRP, *X264, "-c:a", "aac", source)
    return Whole(source, seconds)


@pytest.fixture(scope="module", params=["encoded", "copied"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    size = "120x160" if request.param == "encoded" else "90x160"
    made = made_of(tmp_path_factory.mktemp(request.param), size, 5)
    assert planned(made.source, seconds=5).recipe.action == {"encoded": "transcode"}.get(
        request.param, "remux"
    )
    assert len(made.parts) == 3
    return made


def sound_of(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(float)


def moment_s(sound: NDArray[np.float64], at_s: float) -> float:
    """What time the chirp tells around a moment of a sound, by the best fit of short stretches of it."""
    length = 4096
    start = round(at_s * HZ) - length // 2
    window = np.hanning(length)
    heard = sound[start : start + length] * window
    offsets = np.arange(-0.06, 0.06, 1 / HZ * 24)
    ticks = np.arange(-(length // 2), length // 2) / HZ
    fits = [abs(np.vdot(heard, window * np.exp(1j * _phase(ticks, at_s + offset)))) for offset in offsets]
    return at_s + float(offsets[int(np.argmax(fits))])


def _phase(ticks: NDArray[np.float64], at_s: float) -> NDArray[np.float64]:
    moments = ticks + at_s
    return 2 * np.pi * (SLOWEST_HZ * moments + FASTER_HZ / 2 * moments**2)


def test_the_ear_of_these_tests_tells_the_time(whole: Whole) -> None:
    for at_s in (1.0, 6.3, 11.5):
        assert moment_s(sound_of(whole.source), at_s) == pytest.approx(at_s, abs=0.001)


def test_in_every_part_the_sound_is_that_of_its_time(whole: Whole) -> None:
    for part, start_s in zip(whole.parts, whole.starts_s, strict=True):
        sound = np.concatenate([np.zeros(round(start_s * HZ)), sound_of(part)])
        for at_s in (start_s + 0.1, start_s + 1.5, len(sound) / HZ - 0.1):
            assert moment_s(sound, at_s) == pytest.approx(at_s, abs=HALF_A_PACKET_S + 0.001)


def test_joined_again_the_sound_has_no_gap_and_no_overlap(whole: Whole) -> None:
    """Without edit lists a part begins with the encoder's priming, a packet, and ends on a whole packet."""
    sounds, ends_s = [sound_of(part) for part in whole.parts], [*whole.starts_s[1:], SECONDS]
    for sound, start_s, end_s in zip(sounds, whole.starts_s, ends_s, strict=True):
        assert abs(len(sound) / HZ - (end_s - start_s)) <= PACKET / HZ
        loudness = [
            float(np.sqrt(np.mean(sound[at : at + 480] ** 2)))
            for at in range(PACKET, len(sound) - PACKET, 480)
        ]
        assert min(loudness) > 0.2
    assert abs(sum(map(len, sounds)) / HZ - SECONDS) <= len(sounds) * PACKET / HZ


def numbers_of(path: Path) -> list[int]:
    """The numbers of the frames that a file shows, modulo a hundred."""
    with av.open(str(path)) as container:
        planes = [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]
    ones = [round((float(plane[:160, :90].mean()) - 40) / 20) for plane in planes]
    tens = [round((float(plane[160:200].reshape(-1)[: 80 * 45].mean()) - 40) / 20) for plane in planes]
    return [10 * ten + one for one, ten in zip(ones, tens, strict=True)]


def test_joined_again_each_frame_is_there_once(whole: Whole) -> None:
    joined = [number for part in whole.parts for number in numbers_of(part)]

    assert joined == [number % 100 for number in range(round(SECONDS * 30))]
