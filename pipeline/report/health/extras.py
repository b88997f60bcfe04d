"""What isn't needed by everybody, and whether these settings need it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config.place import here
from pipeline.look.faces import PACKAGE, has_cpu_for_faces, is_installed
from pipeline.report.cron import WATCH
from pipeline.report.health.check import Check, guarded
from pipeline.tools.changes import INSTALL
from pipeline.tools.systemd import folders

if TYPE_CHECKING:
    from pipeline.config import Settings

FACES_FIX = f'{shlex.quote(sys.executable)} -m pip install "dlib-bin>=20.0.1,<21"'


def extra_checks(settings: Settings) -> Iterator[Check]:
    """Every optional part."""
    wanted = crops_by_itself(settings)
    yield guarded(
        "faces", lambda: faces_check(wanted=wanted, installed=is_installed(), runs=has_cpu_for_faces())
    )
    yield guarded(
        "watch", lambda: watch_check(unit=_unit_that_watches(), installed=find_spec("watchfiles") is not None)
    )


def crops_by_itself(settings: Settings) -> bool:
    """Whether these settings leave it to us what a crop keeps; a sidecar may do so anyway."""
    fits = {settings.fit, *(destination.fit for destination in settings.destinations.values())}
    return "cover" in fits and settings.focal == "auto"


def faces_check(*, wanted: bool, installed: bool, runs: bool) -> Check:
    """Whether crops can keep faces."""
    if installed and not runs:
        detail = f"{PACKAGE} needs AVX, which this processor lacks: crops don't look for faces"
        return Check("faces", "warn" if wanted else "ok", detail, "name a point with `focal`")
    if installed:
        return Check("faces", "ok", f"found by {PACKAGE}")
    if wanted:
        detail = "fit: cover can't look for faces: the extra storyrelay[faces] isn't installed"
        return Check("faces", "warn", detail, FACES_FIX)
    return Check("faces", "ok", "not looked for; only fit: cover would use storyrelay[faces]")


def watch_check(*, unit: Path | None, installed: bool) -> Check:
    """Whether `storyrelay watch` can run; `unit` is what starts it on this machine, if anything does."""
    if installed:
        started = f"; {unit} starts it" if unit else ""
        return Check("watch", "ok", f"watchfiles is installed, which `storyrelay watch` needs{started}")
    if unit:
        return Check(
            "watch", "warn", f"{unit} starts `storyrelay watch`, but watchfiles isn't installed", INSTALL
        )
    return Check("watch", "ok", "watchfiles isn't installed; only `storyrelay watch` needs it")


def _unit_that_watches() -> Path | None:
    units = (folder / name for folder in folders(here().home) for name in WATCH)
    return next((unit for unit in units if unit.is_file()), None)
