"""How near the media engine is to what is possible, in ratios.

    make bench-media [QUICK=--quick]

Footage is drawn first, then contenders take turns, each in a process of its own, and medians are compared:
a busy machine distorts all of them alike. The whole takes some minutes on two idle cores.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.media_clips import READY_FRAMES, order_of
from benchmarks.media_footage import make_footage, ready_frames, tagged
from benchmarks.media_photos import (
    PROBE_ROUNDS,
    PROBED,
    ROUND_OF_PHOTOS,
    imagemagick,
    peak_of_the_program_mb,
)
from benchmarks.media_quality import at_the_limit
from benchmarks.media_race import race, ratios

from pipeline.execute import cores
from pipeline.reformat.graph import picture_graph

CLIPS, PHOTOS = "media_clips", "media_photos"


@dataclass(frozen=True, slots=True)
class Course:
    """Where the footage lies, and how many rounds there are of what is quick and of what is slow."""

    folder: Path
    rounds: int
    slow_rounds: int


@dataclass(frozen=True, slots=True)
class Line:
    """One measured number, and the promise that was made about it."""

    what: str
    measured: float
    unit: str = "×"
    least: float | None = None
    most: float | None = None
    further: str = ""

    def __str__(self) -> str:
        digits = 2 if self.measured < 20 else 0
        number = f"{self.measured:.{digits}f} {self.unit}"
        return f"  {self.what:<46}{number:>12}  {self._promise():<22}{self.further}".rstrip()

    def _promise(self) -> str:
        if self.least is not None:
            return f"(≥ {self.least:g}: {'kept' if self.measured >= self.least else 'MISSED'})"
        if self.most is not None:
            return f"(≤ {self.most:g}: {'kept' if self.measured <= self.most else 'MISSED'})"
        return ""


def encoding(course: Course) -> Iterator[Line]:
    """Ours beside the bare encoder, and beside ffmpeg with the very same arguments."""
    order = order_of(course.folder / "wide.mp4")
    ready_frames(order.asset.path, picture_graph(order), course.folder / READY_FRAMES)
    names = [f"{CLIPS}.{name}" for name in ("ours", "bare_ffmpeg", "x264_alone")]
    taken = race(names, course.folder, course.rounds)
    wall, cpu = ratios(taken, names[0], names[1])
    yield Line("blur fit: ours ÷ bare ffmpeg", wall, most=1.10, further=f"processor {cpu:.2f} ×")
    wall, cpu = ratios(taken, names[0], names[2])
    yield Line("blur fit: ours ÷ x264 alone on ready frames", wall, further=f"processor {cpu:.2f} ×")


def moviepy(course: Course) -> Iterator[Line]:
    """moviepy as people write it, and as well as it can be written."""
    names = [f"{CLIPS}.{name}" for name in ("ours_short", "moviepy_as_written", "moviepy_tuned")]
    taken = race(names, course.folder, course.slow_rounds)
    for name, words, least in ((names[1], "as written", 10.0), (names[2], "tuned", 5.0)):
        wall, cpu = ratios(taken, name, names[0])
        yield Line(f"blur fit: moviepy {words} ÷ ours", wall, least=least, further=f"processor {cpu:.1f} ×")


def copying(course: Course) -> Iterator[Line]:
    """What isn't encoded."""
    tagged(course.folder / "fitting.mp4", course.folder / "fitting-tagged.mp4")
    names = [f"{CLIPS}.{name}" for name in ("passthrough", "remux", "transcode")]
    taken = race(names, course.folder, course.slow_rounds)
    yield Line("transcode ÷ passthrough", ratios(taken, names[2], names[0])[0], least=100)
    yield Line("transcode ÷ remux", ratios(taken, names[2], names[1])[0])


def memory(course: Course) -> Iterator[Line]:
    """Peaks of our process and of the encoder, its child, which holds the pictures; they may not coincide."""
    kinds = {"ours_4k": "8 bits", "ours_4k_hdr": "HDR", "ours_4k_short_of_bits": "short of bits"}
    taken = race([f"{CLIPS}.{name}" for name in kinds], course.folder, 1)
    for name, words in kinds.items():
        peak = taken[f"{CLIPS}.{name}"]
        further = f"and our own process {peak.own_mb:.0f}"
        yield Line(f"4K {words}: peak memory of the encode", peak.child_mb, "MB", most=450, further=further)


def photos(course: Course) -> Iterator[Line]:
    """12 megapixels with Display P3, blurred background."""
    rivals = {"with_pillow": "Pillow as written"}
    rivals |= {"with_pyvips": "pyvips"} if find_spec("pyvips") else {}
    rivals |= {"with_imagemagick": "ImageMagick"} if imagemagick() else {}
    named = [f"{PHOTOS}.{name}" for name in ("ours", "ours_whole", *rivals)]
    taken = race(named, course.folder, course.slow_rounds + 1)
    for name, words in rivals.items():
        wall, cpu = ratios(taken, f"{PHOTOS}.{name}", named[0])
        if name == "with_pyvips":
            yield Line("photo: ours ÷ pyvips", 1 / wall, most=1.2, further=f"processor {1 / cpu:.2f} ×")
        else:
            least = 5 if name == "with_pillow" else None
            yield Line(f"photo: {words} ÷ ours", wall, least=least, further=f"processor {cpu:.1f} ×")
    whole, _ = ratios(taken, named[1], named[0])
    yield Line("photo: with hash, verification and sync ÷ without", whole)
    yield Line("photo: peak memory", peak_of_the_program_mb(course.folder), "MB", most=80)
    yield from _missing(rivals)


def _missing(rivals: dict[str, str]) -> Iterator[Line]:
    for name, words in (("with_pyvips", "pyvips"), ("with_imagemagick", "ImageMagick")):
        if name not in rivals:
            yield Line(f"photo: {words} isn't installed", float("nan"))


def threads(course: Course) -> Iterator[Line]:
    """Whether two threads do twice as much."""
    names = [f"{PHOTOS}.ours", f"{PHOTOS}.ours_two_threads"]
    taken = race(names, course.folder, course.rounds)
    wall, _ = ratios(taken, *names)
    yield Line("photos: one thread ÷ two", wall, least=1.8)


def probing(course: Course) -> Iterator[Line]:
    """What probing adds to opening a clip."""
    names = [f"{PHOTOS}.{name}" for name in ("probing", "opening", "probing_photos")]
    taken = race(names, course.folder, course.rounds)
    wall, _ = ratios(taken, names[0], names[1])
    clip_ms = taken[names[0]].wall_s * 1000 / (len(PROBED) * PROBE_ROUNDS)
    photo_ms = taken[names[2]].wall_s * 1000 / (4 * ROUND_OF_PHOTOS)
    yield Line("clips: probing ÷ opening with PyAV", wall)
    yield Line("clips: probing a file", clip_ms, "ms", most=10)
    yield Line("photos: probing a file", photo_ms, "ms", most=10)


def quality(course: Course) -> Iterator[Line]:
    """A minute at the byte limit, beside two slow passes."""
    for clip, words in (("hard-full.mp4", "full screen"), ("hard-wide.mp4", "amid a blur")):
        own, other = at_the_limit(course.folder / clip, course.slow_rounds)
        further = f"{own.height} lines, {own.kbps:.0f} kbit/s, worst twentieth {own.low:.1f}"
        what = f"minute at the limit, {words}"
        yield Line(f"{what}: VMAF", own.vmaf, "", least=round(other.vmaf, 2), further=further)
        yield Line(
            f"{what}: reference",
            other.vmaf,
            "",
            further=f"{other.kbps:.0f} kbit/s, worst twentieth {other.low:.1f}",
        )
        cpu = f"processor {own.cpu_s / other.cpu_s:.2f} ×"
        yield Line(f"{what}: time ÷ reference", own.seconds / other.seconds, most=0.5, further=cpu)


SECTIONS = (encoding, copying, memory, photos, threads, probing, quality, moviepy)


def main(*options: str) -> None:
    quick = "--quick" in options
    wanted = [option for option in options if not option.startswith("-")]
    with TemporaryDirectory(prefix="storyrelay-bench-") as name:
        course = Course(Path(name), 3 if quick else 7, 1 if quick else 3)
        make_footage(course.folder, quick=quick)
        for section in SECTIONS:
            if wanted and section.__name__ not in wanted:
                continue
            _say(f"{section.__name__} (load {os.getloadavg()[0]:.1f} on {cores()} cores)")
            for line in section(course):
                _say(str(line))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
