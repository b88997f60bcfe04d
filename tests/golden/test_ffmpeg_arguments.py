"""The complete arguments of ffmpeg for typical sources, compared with the files in arguments/.

After a change that is meant to change them, write them anew and look at what `git diff` shows:
STORYRELAY_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/golden/test_ffmpeg_arguments.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from fakes.orders import recipe_for
from fakes.planning import CANVAS, animation, asset, video

from pipeline.model import Audio, Colour, Facts, Fit, Part, Size
from pipeline.reformat.arguments import Call, encode_arguments, remux_arguments
from pipeline.reformat.laid import Laid
from pipeline.reformat.order import Order

ARGUMENTS = Path(__file__).parent / "arguments"
WRITE = os.environ.get("STORYRELAY_WRITE_GOLDEN") == "1"
WIDE = video(width=1920, height=1080, duration_s=130.0)
PHONE_HDR = video(
    width=1080,
    height=1440,
    rotation=90,
    pix_fmt="yuv420p10le",
    codec="hevc",
    hdr="hlg",
    colour=Colour("bt2020nc", "bt2020", "arib-std-b67"),
)

SOURCES: dict[str, tuple[Facts, Fit]] = {
    "landscape_second_of_three_parts": (WIDE, "blur"),
    "landscape_cropped": (video(width=1920, height=1080, audio=Audio("aac", 1, 44_100)), "cover"),
    "phone_hdr_turned": (PHONE_HDR, "blur"),
    "dvd_interlaced_oblong": (
        video(width=1024, height=576, interlaced=True, sample_aspect=64 / 45, colour=Colour("bt470bg")),
        "contain",
    ),
    "gif_played_twice": (animation(), "blur"),
    "apng_transparent": (animation(container="apng", alpha=True, pix_fmt="RGBA"), "contain"),
}


def arguments_of(facts: Facts, fit: Fit) -> str:
    split = facts.duration_s == 130.0
    parts = (Part(0, 43.333), Part(43.333, 86.666), Part(86.666, 130)) if split else None
    changes = {"parts": parts} if parts else {"plays": 2} if facts.kind == "animation" else {}
    order = Order(asset(facts), recipe_for(facts, fit, canvas=CANVAS, **changes), 2 if split else 1)
    return in_lines(encode_arguments(Call(order, Path("/inbox/beach"), 2), Path("/store/result.mp4")))


def in_lines(arguments: list[str]) -> str:
    """One option with its value a line, one filter a line."""
    text = re.sub(r" (?=-[a-z])", "\n", " ".join(arguments))
    return re.sub(r"(?<!\\),", ",\n    ", text.replace(";", ";\n  ")) + "\n"


@pytest.mark.parametrize("name", SOURCES)
def test_the_arguments_are_the_known_ones(name: str) -> None:
    compare(name, arguments_of(*SOURCES[name]))


def test_the_arguments_of_a_video_with_something_over_it_are_the_known_ones() -> None:
    order = Order(asset(WIDE), recipe_for(WIDE, canvas=CANVAS), 1)
    laid = Laid(Path("/scratch/laid.yuv"), Size(950, 536), 64, 1000)
    arguments = encode_arguments(Call(order, Path("/inbox/beach"), 2, laid), Path("/store/result.mp4"))

    compare("landscape_under_an_overlay", in_lines(arguments))


def test_the_arguments_of_a_new_wrapping_are_the_known_ones() -> None:
    order = Order(asset(video()), recipe_for(video(), action="remux"), 1)
    arguments = remux_arguments(Call(order, Path("/inbox/beach"), 2), Path("/store/result.mp4"))

    compare("new_wrapping", in_lines(arguments))


def test_the_arguments_of_a_part_that_is_copied_are_the_known_ones() -> None:
    parts = (Part(0, 44), Part(44, 88), Part(88, 130))
    order = Order(asset(WIDE), recipe_for(WIDE, action="remux", parts=parts), 2)
    arguments = remux_arguments(Call(order, Path("/inbox/beach"), 2), Path("/store/result.mp4"))

    compare("second_of_three_copied_parts", in_lines(arguments))


def compare(name: str, text: str) -> None:
    known = ARGUMENTS / f"{name}.txt"
    if WRITE:
        known.parent.mkdir(exist_ok=True)
        known.write_text(text)
    assert text == known.read_text()
