"""What the page is made of: the settings, the phones that are let in, and the names it answers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.handoff.paired import Phones
from pipeline.reformat import Store
from pipeline.tools.clock import Clock, now

if TYPE_CHECKING:
    from pipeline.config import Settings

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Site:
    """One served page. `origins` has the origin of every Host that is answered; `turn` orders the answers."""

    settings: Settings
    origins: Mapping[str, str]
    clock: Clock = now
    turn: Lock = field(default_factory=Lock)

    @property
    def phones(self) -> Phones:
        """The phones that are let in."""
        return Phones(self.settings.state)

    @property
    def store(self) -> Store:
        """Where the finished files are."""
        return Store(self.settings.state / "store")


def site_of(settings: Settings, port: int, *, tls: bool = False, clock: Clock = now) -> Site:
    """The site on a port of this computer, and at the address of `page.url`."""
    origins = local_origins(port, "https" if tls else "http")
    url = settings.page.url
    if url:
        origins |= dict.fromkeys(_hosts_of(url), url)
    return Site(settings, origins, clock)


def local_origins(port: int, scheme: str = "http") -> dict[str, str]:
    """The origin of every name that this computer has for itself, by what a browser sends as `Host`."""
    from pipeline.config.page import USUAL_PORTS, page_address

    origins = {f"{name}:{port}": page_address(f"{scheme}://{name}:{port}") for name in LOCAL_NAMES}
    if port == USUAL_PORTS[scheme]:
        origins |= {name: f"{scheme}://{name}" for name in LOCAL_NAMES}
    return origins


def _hosts_of(url: str) -> set[str]:
    """How a browser or a proxy may name it in `Host`: the usual port goes without saying."""
    from pipeline.config.page import USUAL_PORTS

    parts = urlsplit(url)
    return {parts.netloc} if parts.port else {parts.netloc, f"{parts.netloc}:{USUAL_PORTS[parts.scheme]}"}
