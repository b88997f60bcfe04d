"""What a composed story costs: seconds of work for a second of it, and memory, from photos to a checked file.

    PYTHONPATH=tests .venv/bin/python -m benchmarks.compose [ROUNDS]

Three photos of 12 megapixels, a moving camera, cross-fades, typed words and music, 15 s at 1080×1920 and 30
fps. In turn with it, in processes of their own: its first half alone, the film; its second half, the encode
of a film that is there; and moviepy's own way to move a camera over one photo, 3 s of it. Medians.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from fakes.films import composed, order_of, save_sound, take_of, tone, with_music
from fakes.orders import bench_in
from PIL import Image, ImageFilter

from pipeline.lettering import Measure, typesetter
from pipeline.model import Composition, Motion, Overlay, Rect, Size, Typeface, Words
from pipeline.reformat import render
from pipeline.reformat.compose.film import of_film

CANVAS, ROOMY, FPS = Size(1080, 1920), Size(1350, 2400), 30.0
SECONDS = 15.0
MOTIONS: tuple[Motion, ...] = ("zoom-in", "pan", "zoom-out")
MOVIEPY_S = 3.0
MOST_RATIO, MOST_MB = 2.0, 600
MEMORY_EVERY_S = 0.05


def make_materials(folder: Path) -> None:
    """Photos with fine detail everywhere, and a minute of music."""
    for number in range(len(MOTIONS)):
        noise = np.random.default_rng(number).integers(0, 256, (504, 378, 3), dtype=np.uint8)
        photo = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(3)).resize((3024, 4032))
        photo.save(folder / f"{number}.jpg", quality=90)
    save_sound(folder / "music.wav", np.concatenate([tone(7, 440.0), tone(3, 660.0)]))


def story(folder: Path) -> Composition:
    """Of these materials."""
    seconds = (SECONDS + 0.5 * (len(MOTIONS) - 1)) / len(MOTIONS)
    takes = (
        take_of(folder / f"{number}.jpg", seconds, ROOMY, motion=motion, focal=(0.4, 0.4))
        for number, motion in enumerate(MOTIONS)
    )
    face, box = Typeface("sans", 700), Rect(90, 1200, 900, 300)
    setting = typesetter().fit("Fresh from the oven, every day", Measure(face, Size(900, 300), 90, 20))
    assert setting is not None
    measures = (setting.size_px, setting.ascent_px, setting.line_px)
    words = Words(setting.lines, box, face, *measures, "#ffffff", animation="typewriter")
    composition = composed(
        *takes, canvas=CANVAS, fps=FPS, crossfade_s=0.5, animated=Overlay(CANVAS, words=(words,))
    )
    return with_music(composition, folder / "music.wav")


def whole(folder: Path) -> float:
    """From photos to a checked file."""
    with TemporaryDirectory(dir=folder) as fresh:
        render(order(folder), bench_in(Path(fresh), threads=2, encode_minutes=5.0))
    return SECONDS


def film(folder: Path) -> float:
    """The first half, which leaves its film for the second one."""
    for old in (folder / "store").glob("*"):
        old.unlink()
    composition = story(folder)
    of_film(order(folder), composition, bench_in(folder, threads=2, encode_minutes=5.0))
    return SECONDS


def encode(folder: Path) -> float:
    """The second half."""
    rendition = render(order(folder), bench_in(folder, threads=2, encode_minutes=5.0))
    rendition.path.unlink()
    return SECONDS


def moviepy_alone(folder: Path) -> float:
    """A clip that is resized by a function of time, in a composite, written by moviepy itself."""
    import moviepy

    with Image.open(folder / "0.jpg") as photo:
        small = np.asarray(photo.resize((ROOMY.width, ROOMY.height)))
    still = moviepy.ImageClip(small).with_duration(MOVIEPY_S)
    moving = still.resized(lambda at_s: 0.8 + 0.2 * at_s / MOVIEPY_S).with_position("center")
    clip = moviepy.CompositeVideoClip([moving], size=(CANVAS.width, CANVAS.height))
    clip.write_videofile(str(folder / "moviepy.mp4"), fps=FPS, preset="veryfast", logger=None)
    return MOVIEPY_S


def order(folder: Path) -> Any:
    """One part, as a plan for Instagram would have it."""
    return order_of(story(folder), video_kbps=6000, max_bytes=100_000_000)


CONTENDERS: dict[str, Callable[[Path], float]] = {
    "whole": whole,
    "film": film,
    "encode": encode,
    "moviepy": moviepy_alone,
}


def family_mb() -> float:
    """What this process and its children hold, counted together."""
    me, pages = os.getpid(), 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if me in (parent, int(entry.name)):
                pages += int((entry / "statm").read_text().split()[1])
        except OSError:
            continue
    return pages * resource.getpagesize() / 1e6


def measured(name: str, folder: Path) -> dict[str, float]:
    """One run in this process: ratios of wall clock and of processor to the story's length, and MB."""
    peak_mb, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak_mb
        while not done.wait(MEMORY_EVERY_S):
            peak_mb = max(peak_mb, family_mb())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started = time.perf_counter()
    seconds = CONTENDERS[name](folder)
    wall_s = time.perf_counter() - started
    done.set()
    watcher.join()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in used)
    return {"wall": wall_s / seconds, "cpu": cpu_s / seconds, "mb": peak_mb}


def main(rounds: int) -> None:
    """Take turns, then print medians."""
    with TemporaryDirectory() as name:
        make_materials(Path(name))
        runs: dict[str, list[dict[str, float]]] = {contender: [] for contender in CONTENDERS}
        for _ in range(rounds):
            for contender, results in runs.items():
                command = [sys.executable, "-m", "benchmarks.compose", contender, name]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                results.append(json.loads(done.stdout.splitlines()[-1]))
    lines = [f"for each second of the story        wall      CPU   peak MB   (medians of {rounds} rounds)"]
    for contender, results in runs.items():
        wall, cpu, most = (statistics.median(one[key] for one in results) for key in ("wall", "cpu", "mb"))
        promise = f"promised: ≤ {MOST_RATIO} s, ≤ {MOST_MB} MB" if contender == "whole" else ""
        lines.append(f"  {contender:<30}{wall:8.2f} {cpu:8.2f} {most:9.0f}   {promise}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))) + "\n")
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
