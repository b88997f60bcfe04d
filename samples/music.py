"""The music: soft chords, plucked notes and a room around them, all computed."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
Sound = NDArray[np.float64]

# A slow turn in F: Fmaj9, Am7, Dm9, Bb maj7, C sus; MIDI note numbers, bass first.
CHORDS = (
    (41, 57, 60, 64, 67),
    (45, 55, 60, 64, 67),
    (38, 57, 60, 65, 64),
    (46, 57, 62, 65, 69),
    (48, 58, 62, 65, 67),
)


@dataclass(frozen=True, slots=True)
class Tune:
    """How long, how fast (beats a minute), and which melody."""

    seconds: float
    beats_a_minute: float
    seed: int


def compose(tune: Tune, target: Path) -> None:
    """Write the tune as a stereo WAV."""
    beat = 60 / tune.beats_a_minute
    dry = np.zeros((round((tune.seconds + 4) * RATE_HZ), 2))
    rng = np.random.default_rng(tune.seed)
    for bar in range(int(tune.seconds / (4 * beat)) + 1):
        chord, start = CHORDS[bar % len(CHORDS)], bar * 4 * beat
        _add(dry, start, _keys(chord[0] - 0, 4 * beat) * 0.30, 0.5)
        for voice, note in enumerate(chord[1:]):
            _add(dry, start + 0.018 * voice, _keys(note, 4 * beat) * 0.17, 0.3 + 0.13 * voice)
        for step in sorted(rng.choice(8, size=4 + bar % 2, replace=False)):
            note = int(rng.choice(chord[1:])) + 12
            _add(
                dry,
                start + step * beat / 2 + rng.normal(0, 0.006),
                _pluck(note, rng) * 0.20,
                rng.uniform(0.3, 0.7),
            )
    wet = _room(dry, rng)[: round(tune.seconds * RATE_HZ)]
    _save(_faded(wet / np.abs(wet).max() * 0.55), target)


def _hertz(note: int) -> float:
    return 440 * 2 ** ((note - 69) / 12)


def _keys(note: int, seconds: float) -> Sound:
    """An electric piano: a sine bent by another that dies away, with a slow tremor."""
    t = np.arange(int((seconds + 1.6) * RATE_HZ)) / RATE_HZ
    pitch = 2 * np.pi * _hertz(note) * t
    tone = np.sin(pitch + 0.9 * np.exp(-t * 3.2) * np.sin(pitch)) + 0.25 * np.sin(2 * pitch) * np.exp(-t * 4)
    swell = np.clip(t / 0.02, 0, 1) * np.exp(-t * 0.75) * np.clip((seconds + 1.6 - t) / 1.6, 0, 1)
    return np.asarray(tone * swell * (1 + 0.10 * np.sin(2 * np.pi * 4.1 * t)))


def _pluck(note: int, rng: np.random.Generator) -> Sound:
    """A nylon string (Karplus and Strong's), a block of one period at a time."""
    period = round(RATE_HZ / _hertz(note))
    block = np.convolve(np.tile(rng.uniform(-1, 1, period), 3), np.ones(9) / 9, mode="same")[
        period : 2 * period
    ]
    periods = []
    for _ in range(int(1.8 * RATE_HZ / period)):
        periods.append(block)
        block = 0.996 * (0.5 * block + 0.5 * np.roll(block, 1))
    string = np.concatenate(periods)
    return np.asarray(string * np.clip((len(string) - np.arange(len(string))) / (0.4 * RATE_HZ), 0, 1))


def _add(mix: Sound, start_s: float, voice: Sound, pan: float) -> None:
    first = max(0, round(start_s * RATE_HZ))
    length = min(len(voice), len(mix) - first)
    if length > 0:
        sides = np.sqrt([1 - pan, pan])
        mix[first : first + length] += voice[:length, None] * sides


def _room(dry: Sound, rng: np.random.Generator) -> Sound:
    """The sound in a wooden room: a tail of fading noise, different at each ear."""
    t = np.arange(int(1.8 * RATE_HZ)) / RATE_HZ
    wet = np.empty_like(dry)
    for side in (0, 1):
        tail = np.convolve(rng.normal(0, 1, len(t)), np.ones(24) / 24, mode="same") * np.exp(-t * 3.6)
        size = len(dry) + len(tail)
        wet[:, side] = np.fft.irfft(np.fft.rfft(dry[:, side], size) * np.fft.rfft(tail, size), size)[
            : len(dry)
        ]
    return np.asarray(dry + wet * (0.5 * np.abs(dry).max() / np.abs(wet).max()))


def _faded(sound: Sound) -> Sound:
    position = np.arange(len(sound)) / RATE_HZ
    end = len(sound) / RATE_HZ
    return np.asarray(
        sound * (np.clip(position / 0.05, 0, 1) * np.clip((end - position) / 1.4, 0, 1))[:, None]
    )


def _save(sound: Sound, target: Path) -> None:
    with wave.open(str(target), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
