"""Renditions as a preview shows them, without a rendition behind them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes.planning import CANVAS, WHATSAPP
from PIL import Image

from pipeline.model import Asset, Facts, Rendition, Texts
from pipeline.report.preview import Screen, Shot, Sight

FACTS = Facts("video", 1920, 1080, 9_000_000, "mp4", "h264", "yuv420p", duration_s=130.0)
RENDITION = Rendition(
    path=Path("gone.mp4"),
    sha256="0" * 64,
    bytes=4_100_000,
    mime="video/mp4",
    width=1080,
    height=1920,
    duration_s=43.0,
    action="transcode",
    profile="whatsapp_status",
    part=1,
    parts=1,
)


def sight_of(name: str = "beach.mp4", shots: tuple[Shot, ...] = (), **changes: Any) -> Sight:
    """A part of a video, but for `changes` of the rendition or of what is shown."""
    shown = {key: changes.pop(key) for key in ("screens", "fit", "before") if key in changes}
    usual = Sight(
        asset=Asset(Path("inbox") / name, "1" * 64, FACTS),
        rendition=replace(RENDITION, **changes),
        screens=(screen_of(),),
        canvas=CANVAS,
        fit="blur",
        shots=shots,
    )
    return replace(usual, **shown)


def screen_of(platform: str = "whatsapp_status", **texts: Any) -> Screen:
    """One app's, with those texts; its destination is called as the app is."""
    return Screen(platform, (platform.partition("_")[0],), WHATSAPP.safe_area, Texts(**texts))


def shot_of(path: Path, colour: str = "#c0c0c0", at_s: float | None = None) -> Shot:
    """A small frame of one colour."""
    Image.new("RGB", (90, 160), colour).save(path, "JPEG", quality=95)
    return Shot(path, at_s)
