"""Serving the page: one socket, one thread for the web server, and what is looked after meanwhile."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, EnvironmentFault, StoryrelayError
from pipeline.page.cable import Cable, Say
from pipeline.page.saying import carry_out_what_was_left
from pipeline.page.site import Site, site_of
from pipeline.tools.clock import Clock, monotonic_s, now, pause

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from pipeline.config import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
BREATH_S = 0.2
LOOK_EVERY_S = 5.0
START_S = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is served; `certificate` and `key` are files."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether it speaks https by itself."""
        return self.certificate is not None


def check_place(place: Place, *, lan: bool, url: str | None) -> None:
    """Raise ConfigError for what would put the page into a network in the clear."""
    if (place.certificate is None) != (place.key is None):
        raise ConfigError("--cert and --key belong together")
    if place.host not in LOOPBACK and not lan:
        raise ConfigError(
            f"--host {place.host} is more than this computer. Next: add --lan, with --cert and --key"
        )
    if lan and not place.tls:
        raise ConfigError("--lan takes --cert and --key: phones share files only over https")
    if lan and url is None:
        raise ConfigError("--lan takes --url https://NAME:PORT (or `page.url`), a name of the certificate")


@dataclass(frozen=True, slots=True)
class Serving:
    """A page that is being served, at a port that may have been chosen by the system."""

    site: Site
    port: int
    alive: Callable[[], bool]


@contextmanager
def serving(settings: Settings, place: Place, clock: Clock = now) -> Iterator[Serving]:
    """Serve inside the block. Raises EnvironmentFault when the port is taken or the certificate no good."""
    from pipeline.page.app import app_of

    with listening(place) as line:
        port: int = line.getsockname()[1]
        site = site_of(settings, port, tls=place.tls, clock=clock)
        with answering(line, place, app_of(site)) as alive:
            yield Serving(site, port, alive)


@contextmanager
def answering(line: socket.socket, place: Place, app: ASGIApp) -> Iterator[Callable[[], bool]]:
    """Whatever is asked there is answered by `app`; what is given tells whether that is so still."""
    server = _server(app, place)
    thread = threading.Thread(target=server.run, args=([line],), name="page", daemon=True)
    thread.start()
    try:
        _wait_until(lambda: server.started or not thread.is_alive())
        if not server.started:
            raise EnvironmentFault("the page couldn't be started. Next: storyrelay doctor")
        yield thread.is_alive
    finally:
        server.should_exit = True
        thread.join(START_S)


def look_after(serving: Serving, cable: Cable | None, stop: Callable[[], bool], say: Say) -> None:
    """Until `stop`: keep the way over the cable open, and carry out what was said during a run.

    The cable is looked after by a thread of its own: an adb that hangs holds up neither answers nor the end.
    Raises EnvironmentFault when the page isn't served any more.
    """

    def over() -> bool:
        return stop() or not serving.alive()

    if cable:
        threading.Thread(target=_every_so_often, args=(cable.look, over), name="cable", daemon=True).start()
    _every_so_often(_Listener(serving.site, say).hear, over)
    if not stop():
        raise EnvironmentFault("the page isn't served any more. Next: storyrelay serve")


def _every_so_often(act: Callable[[], None], over: Callable[[], bool]) -> None:
    acted_s = -LOOK_EVERY_S
    while not over():
        if monotonic_s() - acted_s >= LOOK_EVERY_S:
            acted_s = monotonic_s()
            act()
        pause(BREATH_S)


@dataclass(slots=True)
class _Listener:
    """Hears what was said during a run; a trouble that lasts is told once."""

    site: Site
    say: Say
    told: str = ""

    def hear(self) -> None:
        try:
            carry_out_what_was_left(self.site)
            self.told = ""
        except StoryrelayError as trouble:
            if str(trouble) != self.told:
                self.told = str(trouble)
                self.say(self.told)


@contextmanager
def listening(place: Place) -> Iterator[socket.socket]:
    """A socket at that place, or at a free port for 0. Raises EnvironmentFault when it is taken."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    try:
        line = socket.create_server((place.host, place.port), family=family)
    except OSError as fault:
        message = (
            f"port {place.port} of {place.host} can't be had: {fault.strerror}. Next: end what uses it "
            "(another storyrelay serve?), or choose another with --port"
        )
        raise EnvironmentFault(message) from fault
    with line:
        yield line


def _server(app: ASGIApp, place: Place) -> uvicorn.Server:
    import uvicorn

    from pipeline.page.connection import IDLE_S, Connection

    logging.getLogger("uvicorn.error").addFilter(_without_addresses)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        http=Connection,
        loop="asyncio",
        proxy_headers=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=1,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as fault:
        raise EnvironmentFault(f"the certificate {place.certificate} can't be used: {fault}") from fault
    return uvicorn.Server(config)


def _without_addresses(record: logging.LogRecord) -> bool:
    """Only what is wrong with us: what is wrong with a request is nobody's business here."""
    return record.levelno >= logging.ERROR


def _wait_until(condition: Callable[[], bool]) -> None:
    begun_s = monotonic_s()
    while not condition():
        if monotonic_s() - begun_s > START_S:
            raise EnvironmentFault("the page didn't start within 10 s. Next: storyrelay doctor")
        with suppress(InterruptedError):
            pause(0.01)
