"""Whether word to you can get out, as far as that shows without sending anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.notify import INSTALL, Address, addresses, parsed, unusable
from pipeline.report.health.check import Check, guarded

if TYPE_CHECKING:
    from pipeline.config import Settings

TEST = "storyrelay notify test"


def notify_checks(settings: Settings) -> Iterator[Check]:
    """One check of all addresses, and one of the monitor's, where there are any."""
    if settings.notify.urls:
        yield guarded("notify", lambda: addresses_check(addresses(settings)))
    if settings.monitor.url:
        yield guarded("monitor", lambda: monitor_check(settings))


def addresses_check(to: list[Address]) -> Check:
    """Whether each address can be had and understood."""
    try:
        found = parsed(to)
    except EnvironmentFault as missing:
        return Check("notify", "warn", str(missing).partition(". Next:")[0], INSTALL)
    wrong = "; ".join(f"{one.name} {one.why}" for one in found if one.why is not None)
    if wrong:
        return Check("notify", "warn", wrong, f"correct it, then: {TEST}")
    return Check("notify", "ok", f"{', '.join(one.name for one in found)}; `{TEST}` sends a message")


def monitor_check(settings: Settings) -> Check:
    """Whether the monitor's address can be had and understood; it hears nothing of this."""
    try:
        why = unusable(reveal(settings.monitor.url, "monitor.url") or "")
    except ConfigError as missing:
        return Check("monitor", "warn", str(missing), "correct it, then: storyrelay doctor")
    if why is not None:
        return Check("monitor", "warn", f"monitor.url {why}", "correct it, then: storyrelay doctor")
    return Check("monitor", "ok", "monitor.url; every run tells it how it went")
