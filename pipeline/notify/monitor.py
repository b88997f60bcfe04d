"""Pings to a monitor, healthchecks-style: beside the run, in limited time, without a word of the address.

URL/start, then URL or URL/fail, as https://healthchecks.io/docs/http_api/ has it (2026-11).
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from pipeline import __version__
from pipeline.config.secrets import reveal
from pipeline.errors import ConfigError
from pipeline.notify.message import Address

MOST_BYTES = 10_000
THREAD = "storyrelay-monitor"
AGENT = f"storyrelay/{__version__}"
NO_ADDRESS = "isn't an http or https address"


@dataclass(frozen=True, slots=True)
class Ping:
    """What the monitor hears; `said` is text, of which the end counts most."""

    signal: Literal["start", "success", "fail"]
    said: str = ""

    def body(self) -> bytes:
        """The last 10 kB of what was said."""
        whole = self.said.encode("utf-8", "backslashreplace")
        return whole[-MOST_BYTES:].decode("utf-8", "ignore").encode()


class Monitor(threading.Thread):
    """Sends pings one after the other. A daemon: whatever the monitor does, the program can end."""

    def __init__(self, to: Address, seconds: float) -> None:
        super().__init__(name=THREAD, daemon=True)
        self._to, self._seconds = to, seconds
        self._pings: queue.SimpleQueue[Ping | None] = queue.SimpleQueue()
        self._why: str | None = None

    def ping(self, ping: Ping) -> None:
        """Send it as soon as those before it are out; doesn't wait."""
        self._pings.put(ping)

    def end(self) -> str | None:
        """Wait for what was sent, at most so long as the person allows; why not all of it was taken."""
        self._pings.put(None)
        self.join(self._seconds)
        return f"no answer within {self._seconds:g} s" if self.is_alive() else self._why

    def run(self) -> None:
        """Until `end`."""
        while (ping := self._pings.get()) is not None:
            why = self._sent(ping)
            self._why = self._why or why

    def _sent(self, ping: Ping) -> str | None:
        try:
            url = reveal(self._to.kept, self._to.name) or ""
        except ConfigError as missing:
            return str(missing).removeprefix(f"{self._to.name}: ")
        return unusable(url) or _posted(address_for(url, ping), ping.body(), self._seconds)


def unusable(url: str) -> str | None:
    """Why it can't be an address; nothing of it is repeated."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    return None if usable and url.isascii() and url.isprintable() and " " not in url else NO_ADDRESS


def address_for(url: str, ping: Ping) -> str:
    """Where a ping goes; what stands behind a question mark stays behind."""
    parts = urlsplit(url)
    end = "" if ping.signal == "success" else f"/{ping.signal}"
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + end, fragment=""))


def _posted(url: str, body: bytes, seconds: float) -> str | None:
    import urllib.error  # 40 ms with TLS: only where there is a monitor
    import urllib.request

    headers = {"User-Agent": AGENT, "Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - checked by `unusable`
    try:
        with urllib.request.build_opener(_stays()).open(request, timeout=seconds) as answer:
            answer.read(MOST_BYTES)
    except urllib.error.HTTPError as refused:
        refused.close()
        return f"answered {refused.code}"
    except urllib.error.URLError as fault:
        return f"can't be reached ({type(fault.reason).__name__})"
    except Exception as fault:  # noqa: BLE001 - whatever it is, it may quote the address
        return f"can't be reached ({type(fault).__name__})"
    return None


def _stays() -> Any:
    """Nobody else is told the address, or what a run said."""
    from urllib.request import HTTPRedirectHandler

    class Stays(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    return Stays()
