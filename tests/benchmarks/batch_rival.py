"""The same stories by GNU parallel, bare ffmpeg and vips, as one would write it who knows all beforehand."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from benchmarks.media_clips import OURS_STEP_BACK, order_of

from pipeline.plan.lineup import cost_s, threads_for
from pipeline.reformat import Order
from pipeline.reformat.arguments import Call, encode_arguments
from pipeline.reformat.photo import BLUR_RADIUS_SHARE, BLUR_WIDTH
from pipeline.tools.ffmpeg import find_ffmpeg

TOOLS = {"parallel": "parallel", "vips": "libvips-tools"}


def missing_tools() -> list[str]:
    """The packages of Debian that the rival needs and that aren't here."""
    return [package for tool, package in TOOLS.items() if shutil.which(tool) is None]


def lines(inbox: Path, results: Path, cores: int) -> list[str]:
    """A line of shell for each asset, in the order of their names, with all that our plan knows about it."""
    orders = [order_of(path) for path in sorted(inbox.iterdir())]
    costs = [cost_s(order.asset, order.recipe, order.part) if order.seconds else 0 for order in orders]
    its_threads = threads_for(costs, cores, cores)
    return [
        _line(order, results / order.name, threads)
        for order, threads in zip(orders, its_threads, strict=True)
    ]


def command(cores: int) -> list[str]:
    """What takes these lines."""
    return ["parallel", "--will-cite", "--halt", "now,fail=1", "--jobs", str(cores)]


def _line(order: Order, target: Path, threads: int) -> str:
    if order.makes_photo:
        return _photo(order, target.with_suffix(".jpg"))
    if order.recipe.action != "transcode":
        message = f"{order.name} isn't encoded but {order.recipe.action}"
        raise ValueError(message)
    arguments = encode_arguments(Call(order, order.asset.path, threads), target.with_suffix(".mp4"))
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    stepped_back = ("nice", "-n", str(OURS_STEP_BACK))
    return shlex.join([*stepped_back, find_ffmpeg(), *quiet, *arguments]) + " > /dev/null"


def _photo(order: Order, target: Path) -> str:
    """Shrunk while it is decoded, upright, sRGB, before its own blur: made small, as we do."""
    recipe, frame, canvas = order.recipe, order.recipe.frame, order.recipe.canvas
    coded = f"{target}[Q={recipe.quality},strip]"
    front, cut, soft, back = (f"{target}.{step}.v" for step in ("front", "cut", "soft", "back"))
    fits = (str(frame.width), "--height", str(frame.height), "--size", "force", "--export-profile", "srgb")
    if (frame.width, frame.height) == (canvas.width, canvas.height):
        return shlex.join(["vips", "thumbnail", str(order.asset.path), coded, *fits])
    lines_px = round(BLUR_WIDTH * canvas.height / canvas.width)
    small = (str(BLUR_WIDTH), "--height", str(lines_px), "--crop", "centre")
    larger = (str(canvas.width / BLUR_WIDTH), "--vscale", str(canvas.height / lines_px), "--kernel", "cubic")
    steps = (
        ("thumbnail", str(order.asset.path), front, *fits),
        ("thumbnail", front, cut, *small),
        ("gaussblur", cut, soft, str(BLUR_WIDTH * BLUR_RADIUS_SHARE)),
        ("resize", soft, back, *larger),
        ("insert", back, front, coded, str(frame.x), str(frame.y)),
    )
    made = " && ".join(shlex.join(["vips", *step]) for step in steps)
    return f"{made} && {shlex.join(['rm', front, cut, soft, back])}"
