"""The accounts that stories are published to: are their secrets kept well, is somebody logged in."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.config.secrets import careless
from pipeline.errors import NeedsPerson
from pipeline.mirror.session import session_file
from pipeline.report.health.check import Check, guarded

if TYPE_CHECKING:
    from pipeline.config import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def account_checks(settings: Settings) -> Iterator[Check]:
    """One check of all secrets, and one of each session. Nothing is asked of a server."""
    if settings.accounts or settings.notify.urls or settings.monitor.url:
        told = list(careless(settings))
        detail = "; ".join(told) or "no secret lies open"
        yield Check(
            "secrets", "warn" if told else "ok", detail, "keep each in a file of its own, with chmod 600"
        )
    for name in settings.accounts:
        yield guarded(f"session {name}", lambda name=name: _session(settings, name))  # type: ignore[misc]


def _session(settings: Settings, name: str) -> Check:
    file = session_file(settings.state, name)
    called, login = f"session {name}", f"storyrelay session login {name}"
    try:
        saved = file.read()
    except NeedsPerson as damaged:
        return Check(called, "warn", str(damaged), login)
    if saved is None or not saved.logged_in:
        return Check(called, "warn", "nobody is logged in", login)
    if file.path.stat().st_mode & OTHERS:
        return Check(called, "warn", f"others can read {file.path}", f"chmod 600 {file.path}")
    detail = f"@{saved.username}; `storyrelay session status` asks Instagram whether it is still good"
    return Check(called, "ok", detail)
