"""The picture at the byte limit: ours beside two passes of x264's `slow`, by VMAF."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.media_clips import CANVAS, order_of
from fakes.media import ffmpeg
from fakes.orders import bench_in
from fakes.planning import WHATSAPP, FakeDestination, FakeSettings

from pipeline.execute import cores
from pipeline.model import Asset, Part
from pipeline.plan.budget import container_bytes
from pipeline.plan.treatment import recipe_for
from pipeline.reformat import Order, render
from pipeline.reformat.graph import picture_graph
from pipeline.tools.clock import fresh_name, monotonic_s
from pipeline.tools.probe import probe

LIMIT_SECONDS = 60.0
"""A clip stands for a minute at WhatsApp's limit: it is encoded by the minute's recipe, and the reference
may take as many bytes as that does."""

NEARLY_LOSSLESS = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "4", "-c:a", "copy")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an encode took, its bitrate with sound, and how near it is to the frames it is made of.

    `vmaf` is the mean, `low` what a twentieth of the frames stays below.
    """

    seconds: float
    cpu_s: float
    kbps: float
    height: int
    vmaf: float
    low: float


def at_the_limit(clip: Path, rounds: int) -> tuple[Seen, Seen]:
    """Ours, and two slow passes at 1080×1920 over frames that are ready; they take turns."""
    order = _minute(clip)
    ready = _ready(order)
    works = (_ours(order), _two_slow_passes(order, ready, _ours(order)().stat().st_size))
    taken = [[_took(work) for work in works] for _ in range(rounds)]
    own, other = ([turn[at] for turn in taken] for at in (0, 1))
    return _seen(own, order, ready), _seen(other, order, ready)


@dataclass(frozen=True, slots=True)
class _Took:
    seconds: float
    cpu_s: float
    result: Path


def _ours(order: Order) -> Callable[[], Path]:
    """What the plan chooses for a minute like this, through the public door."""

    def work() -> Path:
        bench = bench_in(
            order.asset.path.parent / f"ours-{fresh_name()}", threads=cores(), encode_minutes=10.0
        )
        return render(order, bench).path

    return work


def _two_slow_passes(order: Order, ready: Path, size_bytes: int) -> Callable[[], Path]:
    """They spend every byte of `size_bytes`."""
    target, audio_kbps = ready.with_suffix(".slow.mp4"), order.recipe.audio_kbps or 0
    kbps = (size_bytes - container_bytes(order.seconds)) * 8 / order.seconds / 1000 - audio_kbps
    usual = f"-c:v libx264 -preset slow -profile:v high -b:v {kbps:.0f}k -threads {cores()}".split()
    passes = ["-passlogfile", str(target.with_suffix(".log"))]

    def work() -> Path:
        ffmpeg("-i", ready, *usual, *passes, "-pass", "1", "-an", "-f", "null", "-")
        sound = ["-c:a", "aac", "-b:a", f"{audio_kbps}k"]
        ffmpeg("-i", ready, *usual, *passes, "-pass", "2", *sound, target)
        return target

    return work


def _minute(source: Path) -> Order:
    """The order for a minute like this clip, shortened to the clip."""
    facts = order_of(source).asset.facts
    seconds = facts.duration_s or 0.0
    longer = LIMIT_SECONDS / seconds
    minute = dataclasses.replace(facts, duration_s=LIMIT_SECONDS, bytes=round(facts.bytes * longer))
    asset = dataclasses.replace(order_of(source).asset, facts=minute)
    recipe = recipe_for(asset, FakeDestination(WHATSAPP.name), FakeSettings())
    assert recipe.action == "transcode", recipe.why
    assert len(recipe.parts) == 1, recipe.notes
    shortened = dataclasses.replace(recipe, parts=(Part(0.0, seconds),))
    return Order(Asset(source, asset.sha256, facts), shortened, part=1)


def _ready(order: Order) -> Path:
    """The frames that are to be encoded, as they are meant to be seen: full size, nothing lost."""
    ready = order.asset.path.with_suffix(".ready.mkv")
    recipe = order_of(order.asset.path).recipe  # of the short clip, which is never made smaller
    assert (recipe.canvas.width, recipe.canvas.height) == CANVAS
    graph = picture_graph(dataclasses.replace(order, recipe=recipe))
    made = ("-filter_complex", graph, "-map", "[v]", "-map", "0:a", *NEARLY_LOSSLESS)
    ffmpeg("-noautorotate", "-i", order.asset.path, *made, ready)
    return ready


def _took(work: Callable[[], Path]) -> _Took:
    before, cpu_before_s = monotonic_s(), _cpu_s()
    result = work()
    return _Took(monotonic_s() - before, _cpu_s() - cpu_before_s, result)


def _cpu_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _seen(taken: list[_Took], order: Order, ready: Path) -> Seen:
    result = taken[-1].result
    each = _vmaf_of_frames(result, ready)
    return Seen(
        seconds=statistics.median(took.seconds for took in taken),
        cpu_s=statistics.median(took.cpu_s for took in taken),
        kbps=result.stat().st_size * 8 / order.seconds / 1000,
        height=probe(result).height,
        vmaf=statistics.mean(each),
        low=sorted(each)[len(each) // 20],
    )


def _vmaf_of_frames(result: Path, ready: Path) -> list[float]:
    """Frame by frame, as shown at full size."""
    told = result.with_suffix(".vmaf.json")
    straight = "settb=AVTB,setpts=PTS-STARTPTS"
    graph = (
        f"[0:v]scale={CANVAS[0]}:{CANVAS[1]}:flags=bicubic,{straight}[shown];[1:v]{straight}[source];"
        f"[shown][source]libvmaf=n_threads={cores()}:log_fmt=json:log_path={told}"
    )
    ffmpeg("-i", result, "-i", ready, "-filter_complex", graph, "-f", "null", "-")
    return [float(frame["metrics"]["vmaf"]) for frame in json.loads(told.read_text())["frames"]]
