"""render with a real clip that is longer than one story."""

from __future__ import annotations

import os
from pathlib import Path

from fakes.command import call
from fakes.media import Clip, save_clip
from fakes.shop import Shop

SMALL = tuple(
    word
    for key, value in (("canvas.width", 360), ("canvas.height", 640), ("video.max_seconds", 2))
    for word in ("--set", f"platforms.whatsapp_status.{key}={value}")
)


def test_the_parts_of_a_long_clip_are_named_in_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    save_clip(tmp_path / "clip.mov", Clip(seconds=3, fps=10))
    said = call(shop, "render", "clip.mov", "-o", "out", "--json", *SMALL)
    assert (said.code, said.json()["failures"]) == (0, [])
    told = [(one["path"], one["part"], one["parts"]) for one in said.json()["renditions"]]
    assert told == [("out/clip-1of2.mp4", 1, 2), ("out/clip-2of2.mp4", 2, 2)]
    assert sorted(os.listdir(tmp_path / "out")) == ["clip-1of2.mp4", "clip-2of2.mp4"]  # noqa: PTH208 - hidden too
