"""`storyrelay phone pair` and `revoke`: which phones may open the page."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from pipeline.cli.options import Options, takes
from pipeline.cli.output import remark, say_all
from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.report.words import columns, moment, printable
from pipeline.tools.clock import now

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.handoff.paired import Paired

PIXELS_A_DOT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions(Options):
    """For which phone, and how the code is shown."""

    url: str | None
    name: str | None
    picture: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOptions(Options):
    """Which phones."""

    names: tuple[str, ...]


@click.command()
@click.option("--url", metavar="URL", help="Where the phone reaches the page, instead of `page.url`.")
@click.option("--name", metavar="NAME", help="What to call the phone.")
@click.option(
    "-o", "picture", type=click.Path(dir_okay=False, path_type=Path), metavar="PNG", help="Also as a picture."
)
@takes(PairOptions)
def pair(options: PairOptions) -> int:
    """Let a phone open the page: scan the code with its camera within 15 minutes. It works once.

    `storyrelay serve` must be running, and the phone on the cable, or `page.url` an address it reaches.
    """
    from pipeline.config import page_address
    from pipeline.handoff.paired import Phones

    settings = options.settings()
    try:
        base = page_address(options.url) if options.url else settings.page.address()
    except ValueError as wrong:
        raise ConfigError(f"--url: {wrong}") from None
    phones = Phones(settings.state)
    with _picture(options.picture) as picture:  # before anybody is invited
        secret = phones.invite(now(), options.name)
        address = f"{base}/#pair={secret}"
        drawn = _code(address, picture)
    say_all(drawn)
    say_all([address])
    remark("Scan it with the phone's camera within 15 minutes; it works once. Keep it to yourself.")
    remark(f"The page must be served meanwhile: {options.program.call('serve')}")
    return 0


@contextmanager
def _picture(path: Path | None) -> Iterator[BinaryIO | None]:
    """A file for the picture, for its owner only before there is anything to see on it."""
    if path is None:
        yield None
        return
    try:
        with open(path, "wb", opener=partial(os.open, mode=0o600)) as file:
            os.fchmod(file.fileno(), 0o600)
            yield file
    except OSError as fault:
        raise EnvironmentFault(
            f"{path} can't be written: {fault.strerror}. Next: name another file"
        ) from fault


def _code(address: str, picture: BinaryIO | None) -> Sequence[str]:
    import segno

    code = segno.make(address, error="m", micro=False)
    if picture is not None:
        code.save(picture, kind="png", scale=PIXELS_A_DOT)
    drawn = io.StringIO()
    code.terminal(drawn, compact=True)
    return drawn.getvalue().splitlines()


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME|ID...")
@takes(RevokeOptions)
def revoke(options: RevokeOptions) -> int:
    """Let phones open the page no more, from this moment on. `phone devices` lists them."""
    from pipeline.handoff.paired import Phones

    phones = Phones(options.settings().state)
    gone = {name: phones.revoke(name) for name in options.names}
    say_all(f"{printable(phone.name)} is let in no more" for found in gone.values() for phone in found)
    if any(gone.values()) and not phones.all():
        remark(
            "storyrelay: no phone may open the page any more; the next run offers elsewhere what waits there"
        )
        remark(f"storyrelay: Next: {options.program.call('phone', 'pair')}, or {options.program.call('run')}")
    unknown = [name for name, found in gone.items() if not found]
    if unknown:
        listing = options.program.call("phone", "devices")
        raise ConfigError(f"no paired phone is called {', '.join(map(printable, unknown))}. Next: {listing}")
    return 0


def paired_lines(phones: Sequence[Paired], settings: Settings) -> list[str]:
    """The phones that may open the page, for people."""
    at, zone = now(), settings.timezone()
    rows = [
        (
            phone.id,
            printable(phone.name),
            f"since {moment(phone.since, at, zone)}",
            f"last seen {moment(phone.seen, at, zone)}",
        )
        for phone in phones
    ]
    return columns(rows) if rows else []


def paired_as_json(phones: Sequence[Paired]) -> list[dict[str, str]]:
    """The same for programs; nothing of their keys."""
    return [
        {"id": one.id, "name": one.name, "since": one.since.isoformat(), "seen": one.seen.isoformat()}
        for one in phones
    ]
