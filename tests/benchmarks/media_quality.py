"""The picture at the byte limit: ours beside two passes of x264's `slow`, by VMAF and SSIM."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.media_clips import CANVAS, order_of
from fakes.media import ffmpeg
from fakes.orders import bench_in
from fakes.planning import WHATSAPP, FakeDestination, FakeSettings

from pipeline.execute import cores
from pipeline.model import Asset, Part
from pipeline.plan.story import recipe_for
from pipeline.reformat import Order, render
from pipeline.tools.clock import fresh_name, monotonic_s
from pipeline.tools.probe import probe

LIMIT_SECONDS = 60.0
"""The clip stands for a minute at WhatsApp's limit: it gets its share of the bytes."""

CONTAINER_SHARE = 0.99
EVERY_NTH_FRAME = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """How long an encode took, its bytes as a share of what is allowed, and how near it is to the source."""

    seconds: float
    bytes_share: float
    height: int
    vmaf: float
    ssim: float


def ours_at_the_limit(folder: Path) -> Seen:
    """What the plan chooses for a minute like this."""
    order = _minute(folder / "hard.mp4")
    bench = bench_in(folder / f"ours-{fresh_name()}", threads=cores(), encode_minutes=10.0)
    seconds = _seconds(lambda: render(order, bench))
    rendition = render(order, bench)
    return _seen(rendition.path, order, seconds)


def reference_at_the_limit(folder: Path) -> Seen:
    """Two slow passes at 1080×1920 that spend every byte."""
    order, target = _minute(folder / "hard.mp4"), folder / "reference.mp4"
    audio_kbps = order.recipe.audio_kbps or 0
    kbps = order.recipe.max_bytes * CONTAINER_SHARE * 8 / order.seconds / 1000 - audio_kbps
    usual = f"-c:v libx264 -preset slow -profile:v high -b:v {kbps:.0f}k -threads {cores()}".split()
    passes = ["-passlogfile", str(folder / "reference")]
    source = ["-i", str(order.asset.path)]
    sound = ["-c:a", "aac", "-b:a", f"{audio_kbps}k"]

    def encode() -> None:
        ffmpeg(*source, *usual, *passes, "-pass", "1", "-an", "-f", "null", "-")
        ffmpeg(*source, *usual, *passes, "-pass", "2", *sound, target)

    return _seen(target, order, _seconds(encode))


def _minute(source: Path) -> Order:
    """The order for a minute like this clip, shortened to the clip, with its share of the bytes."""
    facts = order_of(source).asset.facts
    seconds = facts.duration_s or 0.0
    longer = LIMIT_SECONDS / seconds
    minute = dataclasses.replace(facts, duration_s=LIMIT_SECONDS, bytes=round(facts.bytes * longer))
    asset = dataclasses.replace(order_of(source).asset, facts=minute)
    recipe = recipe_for(asset, FakeDestination(WHATSAPP.name), FakeSettings())
    assert recipe.action == "transcode", recipe.why
    assert len(recipe.parts) == 1, recipe.notes
    shortened = dataclasses.replace(
        recipe, parts=(Part(0.0, seconds),), max_bytes=round(recipe.max_bytes / longer)
    )
    return Order(Asset(source, asset.sha256, facts), shortened, part=1)


def _seconds(act: Callable[[], object]) -> float:
    before = monotonic_s()
    act()
    return monotonic_s() - before


def _seen(result: Path, order: Order, seconds: float) -> Seen:
    vmaf, ssim = _likeness(result, order.asset.path)
    share = result.stat().st_size / order.recipe.max_bytes
    return Seen(seconds, share, probe(result).height, vmaf, ssim)


def _likeness(result: Path, source: Path) -> tuple[float, float]:
    """VMAF and SSIM, as shown at full size."""
    told = result.with_suffix(".vmaf.json")
    straight = "settb=AVTB,setpts=PTS-STARTPTS"
    graph = (
        f"[0:v]scale={CANVAS[0]}:{CANVAS[1]}:flags=bicubic,{straight}[shown];[1:v]{straight}[source];"
        f"[shown][source]libvmaf=n_threads={cores()}:n_subsample={EVERY_NTH_FRAME}:feature=name=float_ssim:"
        f"log_fmt=json:log_path={told}"
    )
    ffmpeg("-i", result, "-i", source, "-filter_complex", graph, "-f", "null", "-")
    pooled = json.loads(told.read_text())["pooled_metrics"]
    return float(pooled["vmaf"]["mean"]), float(pooled["float_ssim"]["mean"])
