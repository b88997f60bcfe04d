"""Sending by Apprise: every address at once, within a time limit, and without a word about addresses."""

from __future__ import annotations

import logging
import shlex
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.notify.message import Address, Message, Sent
from pipeline.tools.clock import monotonic_s

if TYPE_CHECKING:
    import apprise

PATIENCE_S = 10.0
"""For all addresses together; a run holds the lock meanwhile."""
THREAD = "storyrelay-notify"
INSTALL = f'{shlex.quote(sys.executable)} -m pip install "apprise>=1.9,<2"'
UNREADABLE = "isn't an address that Apprise understands; they look like ntfy://TOPIC or mailto://…"
SILENT = "didn't take it, or can't be reached"


@dataclass(frozen=True, slots=True)
class Way:
    """One address as Apprise understands it, and the service's name; or why it can't be used."""

    name: str
    apprise: apprise.Apprise | None = field(default=None, repr=False)
    why: str | None = None


def send(addresses: Sequence[Address], message: Message, patience_s: float = PATIENCE_S) -> list[Sent]:
    """Send to every address; how each went. Raises EnvironmentFault when Apprise isn't installed.

    An address that hangs is left behind after `patience_s`, in a thread that doesn't outlive us.
    """
    with _silence():
        ways = _ways(addresses, message.link)
        until_s = monotonic_s() + patience_s
        tries = [_Try(way, message) for way in ways]
        for one in tries:
            one.start()
        return [one.outcome(until_s - monotonic_s(), patience_s) for one in tries]


def parsed(addresses: Sequence[Address]) -> list[Sent]:
    """The same without sending anything: `why` an address can't be used."""
    with _silence():
        return [Sent(way.name, way.why) for way in _ways(addresses, None)]


class _Try(threading.Thread):
    """One sending. A daemon: whatever a server does, the program can end."""

    def __init__(self, way: Way, message: Message) -> None:
        super().__init__(name=THREAD, daemon=True)
        self._way, self._message, self._why = way, message, way.why

    def run(self) -> None:
        if self._way.apprise is None:
            return
        try:
            taken = self._way.apprise.notify(
                body=self._message.body, title=self._message.title, body_format="text"
            )
        except Exception as fault:  # noqa: BLE001 - a hundred services, each with errors that may quote secrets
            self._why = f"failed ({type(fault).__name__})"
        else:
            self._why = None if taken else SILENT

    def outcome(self, seconds: float, patience_s: float) -> Sent:
        """How it went, waited for at most so long."""
        self.join(max(0.0, seconds))
        return Sent(self._way.name, f"no answer within {patience_s:g} s" if self.is_alive() else self._why)


def _ways(addresses: Sequence[Address], link: str | None) -> list[Way]:
    try:
        import apprise  # 1 s with all its services: only when there is something to tell
    except ImportError:
        raise EnvironmentFault(
            f"storyrelay[notify] isn't installed, so you aren't told. Next: {INSTALL}"
        ) from None
    # Without masks nothing makes a phone fetch an icon from a foreign server.
    asset = apprise.AppriseAsset(
        app_id="storyrelay",
        app_desc="storyrelay",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask="",
        storage_mode="memory",
    )
    return [_way(address, asset, link) for address in addresses]


def _way(address: Address, asset: apprise.AppriseAsset, link: str | None) -> Way:
    import apprise

    try:
        revealed = reveal(address.kept, address.name)
    except ConfigError as missing:
        return Way(address.name, why=str(missing).removeprefix(f"{address.name}: "))
    service = apprise.Apprise.instantiate(revealed or "", asset=asset)
    if service is None:
        return Way(address.name, why=UNREADABLE)
    if link and getattr(service, "click", link) is None:
        setattr(service, "click", link)  # noqa: B010 - only some services have it
    post = apprise.Apprise(asset=asset)
    post.add(service)
    return Way(f"{address.name} ({service.service_name})", post)


@contextmanager
def _silence() -> Iterator[None]:
    """Apprise's own log may quote what it sends and where; warnings and logs of its libraries name hosts.

    Both logs stay shut: who was left behind may have something to say later.
    """
    logging.getLogger("apprise").disabled = True
    logging.getLogger("urllib3.connectionpool").addFilter(_of_others)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _of_others(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD
