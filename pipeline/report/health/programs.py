"""ffmpeg, SQLite and the decoders: what the work itself leans on."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator

from pipeline.errors import EnvironmentFault
from pipeline.ledger.opening import sqlite_version
from pipeline.report.health.check import Check, guarded
from pipeline.tools.ffmpeg import find_ffmpeg, has_encoders, has_filters, version

FILTERS = ("zscale", "scale", "gblur", "overlay", "setsar")
ENCODERS = ("libx264", "aac")
SQLITE_WITH_STRICT = (3, 37)
RESET_BUG = ((3, 7, 0), (3, 51, 2))
"""A write-ahead log can be damaged by several writers at once in these versions; there is only one here."""
FFMPEG_FIX = f"{shlex.quote(sys.executable)} -m pip install -U imageio-ffmpeg"


def program_checks() -> Iterator[Check]:
    """Everything but the packages and the folders."""
    yield guarded("ffmpeg", _ffmpeg)
    yield sqlite_check(sqlite_version())
    yield guarded("heic", _heic)
    yield guarded("avif", _avif)


def _ffmpeg() -> Check:
    try:
        path, number = find_ffmpeg(), version()
        filters = [name for name in FILTERS if not has_filters(name)]
        encoders = [name for name in ENCODERS if not has_encoders(name)]
    except EnvironmentFault as fault:
        return Check("ffmpeg", "fail", str(fault), FFMPEG_FIX)
    missing = ", ".join(filters + encoders)
    if missing:
        detail = f"{number} at {path} lacks {missing}"
        return Check("ffmpeg", "fail", detail, f"unset STORYRELAY_FFMPEG, or {FFMPEG_FIX}")
    return Check("ffmpeg", "ok", f"{number} at {path}")


def sqlite_check(text: str) -> Check:
    """Whether SQLite knows strict tables, and what is known against its version."""
    number = tuple(map(int, text.split(".")))
    if number < SQLITE_WITH_STRICT:
        return Check("sqlite", "fail", f"{text} is older than 3.37", "install a Python with a newer SQLite")
    if RESET_BUG[0] <= number <= RESET_BUG[1]:
        return Check("sqlite", "ok", f"{text} (its WAL-reset bug needs two writers; the ledger has one)")
    return Check("sqlite", "ok", text)


def _heic() -> Check:
    import pillow_heif  # only to ask it

    return Check("heic", "ok", f"libheif {pillow_heif.libheif_version()}")


def _avif() -> Check:
    from PIL import features  # only to ask it

    if features.check("avif"):
        return Check("avif", "ok", f"libavif {features.version('avif')}")
    fix = f'{shlex.quote(sys.executable)} -m pip install --force-reinstall "pillow>=13,<14"'
    return Check("avif", "warn", "this Pillow can't read AVIF photos", fix)
