"""`storyrelay serve`: the page on your phone, until it is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Options, takes
from pipeline.cli.output import remark
from pipeline.errors import ConfigError
from pipeline.report.words import count, printable

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions(Options):
    """Where it is served."""

    host: str | None
    port: int | None
    url: str | None
    lan: bool
    cert: Path | None
    key: Path | None


_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen: 127.0.0.1, with --lan 0.0.0.0.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="N", help="Another port than `page.port`.")
@click.option("--url", metavar="URL", help="Where phones reach it, instead of `page.url`.")
@click.option("--lan", is_flag=True, help="Listen to the network too. Takes --cert, --key and a URL.")
@click.option("--cert", type=_file, metavar="FILE", help="A certificate (PEM), for https.")
@click.option("--key", type=_file, metavar="FILE", help="Its private key (PEM).")
@takes(ServeOptions)
def serve(options: ServeOptions) -> int:
    """Show what waits for your Send on your phone, with a button that shares it to WhatsApp.

    A phone on the cable (USB debugging) reaches it at http://localhost, led here by adb; any other over
    https. `storyrelay phone pair` lets a phone in. Only runs make stories: leave cron as it is.
    """
    from pipeline.page.server import Place, check_place

    chosen = [] if options.url is None else [f"page.url={options.url}"]
    settings = options.settings(*chosen)
    if options.url is not None and settings.page.url is None:
        raise ConfigError("--url and --set page.url contradict each other")
    host = options.host or ("0.0.0.0" if options.lan else "127.0.0.1")  # noqa: S104 - only with TLS
    port = settings.page.port if options.port is None else options.port
    place = Place(host, port, options.cert, options.key)
    check_place(place, lan=options.lan, url=settings.page.url)
    _serve(options, settings, place)
    return 0


def _serve(options: ServeOptions, settings: Settings, place: object) -> None:
    from pipeline.page.cable import Cable
    from pipeline.page.server import Place, look_after, serving
    from pipeline.tools.signals import watched

    if not isinstance(place, Place):
        raise TypeError(place)
    with watched() as stop, serving(settings, place) as served:
        scheme = "https" if place.tls else "http"
        _say(f"the page is served at {settings.page.url or f'{scheme}://localhost:{served.port}'}")
        known = served.site.phones.all()
        if known:
            _say(f"{count(len(known), 'phone')} may open it; storyrelay phone devices lists them")
        else:
            _say(f"no phone may open it yet. Next: {options.program.call('phone', 'pair')}")
        cable = None if place.tls else Cable(settings.phone, served.port, _say)
        look_after(served, cable, stop.requested, _say)


def _say(line: str) -> None:
    remark(f"storyrelay: {printable(line)}")
