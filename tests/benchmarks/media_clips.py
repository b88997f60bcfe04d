"""Contenders with clips: ours, ffmpeg and x264 by themselves, and moviepy, all ready to go."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.media_footage import FPS
from fakes.orders import bench_in
from fakes.planning import WHATSAPP, FakeDestination, FakeSettings

from pipeline.execute import cores
from pipeline.model import Asset, Fit
from pipeline.plan.canvas import THOROUGH, THOROUGH_CRF
from pipeline.plan.treatment import recipe_for
from pipeline.reformat import Order, render
from pipeline.reformat.arguments import USUAL_PRESET, Call, encode_arguments
from pipeline.tools.child import Limits
from pipeline.tools.clock import fresh_name
from pipeline.tools.ffmpeg import find_ffmpeg
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

Work = Callable[[], None]
CANVAS = (1080, 1920)
READY_FRAMES = "ready.yuv"
OURS_STEP_BACK = Limits(0, 0).nice


def order_of(source: Path, fit: Fit = "blur") -> Order:
    """What the plan makes of a clip for WhatsApp."""
    asset = Asset(source, sha256_of(source), probe(source))
    return Order(asset, recipe_for(asset, FakeDestination(WHATSAPP.name), FakeSettings(fit=fit)), part=1)


def ours(folder: Path) -> Work:
    """A blurred background round a wide clip, through the public door: hashed, encoded, verified, kept."""
    return rendering(order_of(folder / "wide.mp4"), folder)


def ours_short(folder: Path) -> Work:
    """The same from a clip so short that there is time for moviepy."""
    return rendering(order_of(folder / "short.mp4"), folder)


def ours_4k(folder: Path) -> Work:
    """The same from 4K."""
    return rendering(order_of(folder / "wide-4k.mp4"), folder)


def ours_4k_hdr(folder: Path) -> Work:
    """The same from 4K in HEVC with 10 bits, as phones film HDR."""
    return rendering(order_of(folder / "wide-4k-hdr.mp4"), folder)


def ours_4k_short_of_bits(folder: Path) -> Work:
    """The same from 4K, by the thorough preset that a minute of it would get."""
    order = order_of(folder / "wide-4k.mp4")
    recipe = dataclasses.replace(order.recipe, preset=THOROUGH, quality=THOROUGH_CRF, video_kbps=1926)
    return rendering(dataclasses.replace(order, recipe=recipe), folder)


def passthrough(folder: Path) -> Work:
    """A clip that is already what is wanted."""
    order = order_of(folder / "fitting.mp4")
    assert order.recipe.action == "passthrough", order.recipe.why
    return rendering(order, folder)


def remux(folder: Path) -> Work:
    """A clip of which only the wrapping is wrong."""
    order = order_of(folder / "fitting-tagged.mp4")
    assert order.recipe.action == "remux", order.recipe.why
    return rendering(order, folder)


def transcode(folder: Path) -> Work:
    """The same clip encoded anew."""
    order = order_of(folder / "fitting.mp4")
    kbps = WHATSAPP.video.max_video_kbps
    recipe = dataclasses.replace(order.recipe, action="transcode", fps=float(FPS), video_kbps=kbps)
    return rendering(dataclasses.replace(order, recipe=recipe), folder)


def bare_ffmpeg(folder: Path) -> Work:
    """ffmpeg alone, with the arguments that ours gives it."""
    arguments = encode_arguments(
        Call(order_of(folder / "wide.mp4"), folder / "wide.mp4", cores()), folder / "bare.mp4"
    )
    return _stepped_back(arguments)


def x264_alone(folder: Path) -> Work:
    """Frames that are ready, and the sound, to the same encoders: what no engine can go below."""
    order = order_of(folder / "wide.mp4")
    size = f"{CANVAS[0]}x{CANVAS[1]}"
    given = encode_arguments(Call(order, order.asset.path, cores()), folder / "alone.mp4")
    coding = given[given.index("-c:v") :]
    frames = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", str(FPS), "-i"]
    assert order.recipe.preset in coding
    return _stepped_back(
        [*frames, str(folder / READY_FRAMES), "-i", str(order.asset.path), "-map", "0:v"]
        + ["1:a:0" if argument == "0:a:0" else argument for argument in coding]
    )


def moviepy_as_written(folder: Path) -> Work:
    """As tutorials do it: every frame blurred at full size by Pillow."""
    import numpy as np
    from moviepy import VideoFileClip
    from PIL import Image, ImageFilter

    def blurred(frame: Any) -> Any:
        return np.asarray(Image.fromarray(frame).filter(ImageFilter.GaussianBlur(40)))

    clip = VideoFileClip(str(folder / "short.mp4"))
    back = clip.resized(height=CANVAS[1]).cropped(x_center=CANVAS[1] * 8 / 9, width=CANVAS[0])
    return _composed(clip, back.image_transform(blurred), folder / "written.mp4")


def moviepy_tuned(folder: Path) -> Work:
    """The best that moviepy can do: blurred small, everything by its own fast paths."""
    import numpy as np
    from moviepy import VideoFileClip
    from PIL import Image, ImageFilter

    small = (90, 160)

    def blurred(frame: Any) -> Any:
        height, width = frame.shape[:2]
        cut = frame[:, (width - height * 9 // 16) // 2 : (width + height * 9 // 16) // 2]
        shrunk = Image.fromarray(cut).resize(small, Image.Resampling.BOX)
        wide = shrunk.filter(ImageFilter.GaussianBlur(3)).resize(CANVAS, Image.Resampling.BILINEAR)
        return np.asarray(wide)

    clip = VideoFileClip(str(folder / "short.mp4"))
    return _composed(clip, clip.image_transform(blurred), folder / "tuned.mp4")


def _composed(clip: Any, back: Any, target: Path) -> Work:
    from moviepy import CompositeVideoClip

    front = clip.resized(width=CANVAS[0]).with_position("center")
    whole = CompositeVideoClip([back, front], size=CANVAS)

    def work() -> None:
        os.nice(OURS_STEP_BACK)
        whole.write_videofile(
            str(target),
            fps=FPS,
            codec="libx264",
            preset=USUAL_PRESET,
            audio_codec="aac",
            threads=cores(),
            ffmpeg_params=["-crf", "21"],
            logger=None,
        )

    return work


def rendering(order: Order, folder: Path) -> Work:
    """Into an empty store, so that nothing is found there."""
    empty = folder / f"ours-{fresh_name()}"
    bench = bench_in(empty, threads=cores(), encode_minutes=10.0)

    def work() -> None:
        render(order, bench)

    return work


def _stepped_back(arguments: list[str]) -> Work:
    """ffmpeg as it is, but as low in the queue for the processor as ours puts it."""
    command = ["nice", "-n", str(OURS_STEP_BACK), find_ffmpeg(), "-nostdin", "-loglevel", "error", "-y"]

    def work() -> None:
        subprocess.run([*command, *arguments], stdout=subprocess.DEVNULL, check=True)

    return work
