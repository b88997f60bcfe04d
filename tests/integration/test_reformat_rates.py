"""Every frame rate, even or not, becomes a constant one at which each moment is shown when it happened."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from fakes.footage import beep_at
from fakes.media import ffmpeg
from fakes.outcomes import made

from pipeline.tools.probe import probe

PERIOD_S = 2.0
BRIGHTER = f"format=yuv420p,geq=lum='20+200*mod(T,{PERIOD_S})/{PERIOD_S}':cb=128:cr=128"
"""The brightness of a frame tells when it was taken, up to whole periods."""

LEVEL_S = PERIOD_S / 200
BEEP_S = 3.5
BEEP = ("-f", "lavfi", "-i", f"aevalsrc='sin(2*PI*1000*t)*between(t,{BEEP_S},{BEEP_S + 0.1})':s=48000:d=4")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "5", "-bf", "2", "-g", "60")


def clock(path: Path, fps: str, *options: str, seconds: float = 4, uneven: str = "null") -> Path:
    """A clip whose picture tells the time, with a beep."""
    picture = f"color=s=36x64:r={fps}:d={seconds},{uneven},{BRIGHTER}"
    timing = ("-fps_mode", "vfr", "-enc_time_base:v", "1/90000") if uneven != "null" else ()
    ffmpeg("-f", "lavfi", "-i", picture, *BEEP, *X264, *timing, "-shortest", *options, path)
    return path


def errors_s(path: Path) -> list[float]:
    """For each frame, by how much the moment that it shows is later than the moment it is shown at."""
    with av.open(str(path)) as container:
        levels = [
            (float(frame.time or 0), frame.to_ndarray(format="yuv420p")[:160].mean())
            for frame in container.decode(video=0)
        ]
    late = [float(level - 20) / 200 * PERIOD_S - at_s for at_s, level in levels]
    return [(error_s + PERIOD_S / 2) % PERIOD_S - PERIOD_S / 2 for error_s in late]


def drift_s(errors: list[float]) -> float:
    """The freshest frame of a second at the end against that of a second at the start."""
    return max(errors[-30:]) - max(errors[:30])


@pytest.mark.parametrize(
    ("fps", "wanted"),
    [
        ("24000/1001", 24000 / 1001),
        ("24", 24),
        ("25", 25),
        ("30000/1001", 30000 / 1001),
        ("30", 30),
        ("50", 25),
        ("60000/1001", 30000 / 1001),
        ("60", 30),
        ("120", 30),
        ("240", 30),
        ("12", 24),
        ("15", 30),
    ],
)
def test_each_rate_keeps_its_time(tmp_path: Path, fps: str, wanted: float) -> None:
    result = made(clock(tmp_path / "a.mp4", fps, seconds=4))

    errors, longest_s = errors_s(result), max(1 / wanted, 1 / float(Fraction(fps)))
    facts = probe(result)
    assert facts.fps == pytest.approx(wanted, rel=1e-5)
    assert not facts.vfr
    assert len(errors) == pytest.approx(4 * wanted, abs=1)
    assert max(map(abs, errors)) <= longest_s / 2 + LEVEL_S * 2 + 0.5 / wanted
    assert abs(drift_s(errors)) < 0.01


@pytest.mark.parametrize(
    ("fps", "uneven", "longest_s"),
    [
        ("60", "select='not(mod(n,7))+not(mod(n,3))'", 3 / 60),
        ("60", "select='lt(t,2)+not(mod(n,4))'", 4 / 60),
        ("30", "setpts='(N+0.3*sin(N*7))/(30*TB)'", 1.6 / 30),
        ("30", "setpts='(N+not(mod(N,2))*0.4)/(30*TB)'", 1.4 / 30),
        ("30", "select='lt(t,1)+gt(t,1.9)'", 0.94),
    ],
    ids=["dropped", "slower", "jittery", "pairs", "gap"],
)
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_an_uneven_rate_becomes_even_without_drift(
    tmp_path: Path, suffix: str, fps: str, uneven: str, longest_s: float
) -> None:
    result = made(clock(tmp_path / f"a.{suffix}", fps, uneven=uneven))

    errors, facts = errors_s(result), probe(result)
    assert (facts.fps, facts.vfr) == (30, False)
    assert len(errors) == pytest.approx(120, abs=3)
    assert max(map(abs, errors)) < longest_s + LEVEL_S * 2
    assert abs(drift_s(errors)) < 0.02
    assert beep_at(result) == pytest.approx(BEEP_S, abs=0.012)
