"""A few small upright frames of a photo, an animation or a video, in the colours they will be shown in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.errors import RenderError
from pipeline.model import Asset, Facts, Size
from pipeline.reformat.graph import looking_graph
from pipeline.reformat.photo import small_copy
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import run_ffmpeg
from pipeline.tools.motion import film_of
from pipeline.tools.picture import opened

LONGEST_SIDE_PX = 640
"""A face of a sixteenth of this is still found."""

MOMENTS = 5
FIRST_FRAMES = 60
"""So far into an animation, whose frames can only be had one after the other."""

LOCAL_FILES_ONLY = ("-protocol_whitelist", "file")


@dataclass(frozen=True, slots=True)
class Means:
    """With what a look is taken: limits for each frame of a video, and what lies behind transparent parts."""

    limits: Limits
    matte: str
    stop: Callable[[], bool] | None = None


def frames_of(asset: Asset, means: Means) -> list[Image.Image]:
    """One frame of a photo, up to five of what moves, spread over its length; fewer where they can't be had.

    Raises UnreadableError for a damaged photo or animation, Interrupted when `stop` asks for it.
    """
    match asset.facts.kind:
        case "photo":
            return list(_pictures(asset, means, 1))
        case "animation":
            return list(_pictures(asset, means, MOMENTS))
        case "video":
            with film_of(asset.path, asset.facts) as path:
                shots = [_shot(path, asset.facts, at_s, means) for at_s in _moments_s(asset.facts)]
            return [shot for shot in shots if shot is not None]


def small_size(facts: Facts) -> Size:
    """The upright size of a small copy, never larger than the picture."""
    scale = min(1.0, LONGEST_SIDE_PX / max(facts.width, facts.height))
    return Size(max(2, round(facts.width * scale)), max(2, round(facts.height * scale)))


def _pictures(asset: Asset, means: Means, moments: int) -> Iterator[Image.Image]:
    with opened(asset.path, asset.facts.container) as picture:
        count = min(int(getattr(picture, "n_frames", 1)), FIRST_FRAMES) if moments > 1 else 1
        for index in sorted({(2 * number + 1) * count // (2 * moments) for number in range(moments)}):
            if moments > 1:
                picture.seek(index)
            yield small_copy(picture, asset.facts, small_size(asset.facts), means.matte)


def _moments_s(facts: Facts) -> list[float]:
    return [(facts.duration_s or 0.0) * (2 * number + 1) / (2 * MOMENTS) for number in range(MOMENTS)]


def _shot(path: Path, facts: Facts, at_s: float, means: Means) -> Image.Image | None:
    """The key frame before a moment; None where there is none that can be read."""
    size, received = small_size(facts), bytearray()
    where = ("-noaccurate_seek", "-ss", f"{at_s:.3f}", "-noautorotate", "-i", f"file:{path.absolute()}")
    graph = ("-filter_complex", looking_graph(facts, size), "-map", "[v]", "-frames:v", "1")
    arguments = [*LOCAL_FILES_ONLY, "-threads", "1", *where, *graph, "-f", "rawvideo", "pipe:1"]
    try:
        run_ffmpeg(arguments, means.limits, stop=means.stop, on_bytes=received.extend)
    except RenderError:  # out of time
        return None
    if len(received) != size.width * size.height * len("rgb"):
        return None
    return Image.frombytes("RGB", (size.width, size.height), bytes(received))
