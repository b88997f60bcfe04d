"""The accounts that stories are published to: are their secrets kept well, is somebody logged in."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.config.secrets import careless, reveal
from pipeline.errors import NeedsPerson
from pipeline.ledger import snapshot
from pipeline.mirror.session import session_file
from pipeline.mirror.tokens import REMIND, token_file
from pipeline.report.health.check import Check, guarded
from pipeline.report.sources import stopped_reason
from pipeline.report.words import without_next
from pipeline.tools.clock import now

if TYPE_CHECKING:
    from pipeline.config import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def account_checks(settings: Settings) -> Iterator[Check]:
    """One check of all secrets, and one of each session. Nothing is asked of a server."""
    if settings.accounts or settings.notify.urls or settings.monitor.url or settings.sources:
        told = list(careless(settings))
        detail = "; ".join(told) or "no secret lies open"
        yield Check(
            "secrets", "warn" if told else "ok", detail, "keep each in a file of its own, with chmod 600"
        )
    for name, account in settings.accounts.items():
        look = _session if account.token is None else _token
        yield guarded(
            f"{'session' if account.token is None else 'token'} {name}",
            lambda name=name, look=look: look(settings, name),  # type: ignore[misc]
        )


def _token(settings: Settings, name: str) -> Check:
    known = token_file(settings.state, name).read()
    called, login = f"token {name}", f"storyrelay session login {name}"
    reveal(settings.accounts[name].token, f"accounts.{name}.token")
    if known is None:
        return Check(called, "unknown", "nobody has asked yet whether it is good", login)
    if known.ends_at is None:
        return Check(called, "ok", f"it named no end when it was last asked, {known.asked_at:%Y-%m-%d}")
    ends = f"it ends {known.ends_at:%Y-%m-%d}"
    soon = known.ends_at - now() <= REMIND
    return Check(called, "warn" if soon else "ok", ends, f"make a new one, then {login}")


def source_checks(settings: Settings) -> Iterator[Check]:
    """One check of each account that stories are fetched from: whether a person must act first."""
    if not any(chosen.instagram and chosen.enabled for chosen in settings.sources.values()):
        return
    with snapshot(settings.state) as ledger:
        for name, chosen in settings.sources.items():
            if chosen.instagram and chosen.enabled:
                yield _source(name, settings, chosen.instagram, stopped_reason(ledger, settings, name))


def _source(name: str, settings: Settings, account: str, stopped: str | None) -> Check:
    called, login = f"source {name}", f"storyrelay session login {account}"
    if stopped:
        return Check(called, "warn", f"stopped: {without_next(stopped)}", login)
    saved = session_file(settings.state, account).read()
    if saved is None or not saved.logged_in:
        return Check(called, "warn", f"nobody is logged in to {account}, so nothing is fetched", login)
    return Check(called, "ok", f"your own stories of @{settings.accounts[account].username}")


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
