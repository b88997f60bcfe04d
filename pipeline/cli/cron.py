"""`storyrelay cron`: what starts runs by itself, printed, put in and taken out again."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Options, takes
from pipeline.cli.output import remark, say_all
from pipeline.config.place import here
from pipeline.config.secrets import only_in_environment
from pipeline.errors import ConfigError, EnvironmentFault, NeedsPerson
from pipeline.report.cron import (
    UNITS,
    WATCH,
    Installation,
    crontab_of,
    entry_of,
    is_of,
    units_of,
    with_entry,
    without_entry,
)
from pipeline.report.words import printable
from pipeline.tools.crontab import read_crontab, write_crontab
from pipeline.tools.systemd import OF_THE_SYSTEM, Units, folders

if TYPE_CHECKING:
    from pipeline.config import Settings

NAMES = {"systemd": UNITS, "watch": WATCH}
"""The units of a way; the last one is enabled."""
WAYS = click.Choice(["crontab", *NAMES])
BY_ADB = {"intent", "status"}
USUAL_PLACES = {"/usr/local/bin", "/usr/bin", "/bin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CronOptions(Options):
    """What is put in or taken out, and for whom."""

    install: str | None
    remove: str | None
    personal: bool


@click.command()
@click.option("--install", type=WAYS, help="Put it in: crontab, systemd's timer, or the service of watch.")
@click.option("--remove", type=WAYS, help="Take it out again: crontab, systemd or watch.")
@click.option("--user", "personal", is_flag=True, help="With systemd: your own units, even for root.")
@takes(CronOptions)
def cron(options: CronOptions) -> int:
    """Print what starts runs by itself: a crontab line, systemd's timer, or a service that watches.

    All are for this very program and config; one of them is enough. --install puts one in, for root in
    /etc/systemd/system; doing so again changes nothing else. Exit code 4 when systemd must be told by you.
    """
    if options.assignments:
        raise ConfigError("leave out --set: what every run needs stands in the config file")
    if options.install and options.remove:
        raise click.UsageError("--install or --remove, not both")
    settings = options.settings()
    installation = _installation(settings)
    for where, variable in only_in_environment(settings):
        remark(
            f"storyrelay: warning: {where} is in the environment variable {variable}, which runs that start"
            " by themselves don't get; keep it in a file, or set it there too"
        )
    way = options.install or options.remove
    if way is None:
        return _print(installation, _units(options))
    if options.install:
        _warn_of_others(way, installation, options)
    if way == "crontab":
        return _crontab(installation, install=bool(options.install))
    names, units = NAMES[way], _units(options)
    if options.install:
        return _install(units, names, installation, settings)
    return _remove(units, names, installation)


def _warn_of_others(way: str, installation: Installation, options: CronOptions) -> None:
    for other in _ways_in(installation, options):
        if other != way:
            remark(
                f"storyrelay: warning: {other} starts runs of this config, too, and one way is enough."
                f" Next: storyrelay cron --remove {other}"
            )


def _ways_in(installation: Installation, options: CronOptions) -> Iterator[str]:
    """What is put in already, as far as it can be read."""
    with suppress(EnvironmentFault):
        crontab = read_crontab()
        if without_entry(crontab, installation) != crontab:
            yield "crontab"
    with suppress(ConfigError):
        units = _units(options)
        for way, names in NAMES.items():
            if is_of(units.read(names[0]) or "", installation):
                yield way


def _print(installation: Installation, units: Units) -> int:
    _write(crontab_of(installation))
    for name, text in units_of(installation, _owner(installation, units), (*UNITS, *WATCH)).items():
        _write(f"\n# {units.folder / name}\n{text}")
    return 0


def _crontab(installation: Installation, *, install: bool) -> int:
    before = read_crontab()
    after = (with_entry if install else without_entry)(before, installation)
    if after == before:
        say_all(["the crontab is as it should be" if install else "the crontab holds no run of this config"])
        return 0
    write_crontab(after)
    line = printable(entry_of(installation)[1])
    say_all([f"your crontab now has:\n{line}" if install else "taken out of your crontab"])
    return 0


def _install(units: Units, names: tuple[str, ...], installation: Installation, settings: Settings) -> int:
    _check_whose(units, names, installation)
    for folder in (settings.outbox, settings.state):  # a unit may not make them: elsewhere it writes nothing
        _make(folder)
    units.write(units_of(installation, _owner(installation, units), names))
    say_all(f"wrote {printable(str(units.folder / name))}" for name in names)
    left = units.tell(["daemon-reload"], ["enable", "--now", names[-1]])
    if not left and units.personal:
        say_all(["Next: loginctl enable-linger   (so that it runs while you aren't logged in)"])
    return _to_do(left)


def _remove(units: Units, names: tuple[str, ...], installation: Installation) -> int:
    _check_whose(units, names, installation)
    if units.read(names[0]) is None:
        say_all([f"there is no {printable(str(units.folder / names[0]))}"])
        return 0
    left = units.tell(["disable", "--now", names[-1]])
    say_all(f"removed {printable(str(path))}" for path in units.remove(names))
    return _to_do([*left, *units.tell(["daemon-reload"])])


def _to_do(left: list[str]) -> int:
    for command in left:
        remark(f"storyrelay: systemd couldn't be told. Next: {command}")
    return NeedsPerson.exit_code if left else 0


def _check_whose(units: Units, names: tuple[str, ...], installation: Installation) -> None:
    there = units.read(names[0])
    if there is not None and not is_of(there, installation):
        raise ConfigError(
            f"{units.folder / names[0]} starts another config; nothing was changed. Next: remove it, or take "
            "the crontab, which holds several"
        )


def _installation(settings: Settings) -> Installation:
    file = settings.file
    if file is None:
        raise ConfigError("a config file is needed: storyrelay init")
    return Installation(
        program=_program(),
        config=Path(os.path.abspath(file)),  # noqa: PTH100 - links stay links
        written=tuple(_written(settings)),
        places=tuple(_places(settings)),
    )


def _program() -> Path:
    """This program, by a path that is good everywhere."""
    started = sys.argv[0] if sys.argv else ""
    beside = Path(sys.executable).parent / "storyrelay"
    found = (
        started if Path(started).name == "storyrelay" and os.sep in started else shutil.which("storyrelay")
    )
    return Path(os.path.abspath(found or beside))  # noqa: PTH100 - links stay links


def _written(settings: Settings) -> Iterator[Path]:
    yield from (settings.outbox, settings.state)
    if settings.log.file:
        yield settings.log.file.parent
    home = here().home
    if home and _uses_adb(settings):
        yield home / ".android"


def _places(settings: Settings) -> Iterator[str]:
    """Where adb is, if cron wouldn't find it."""
    adb = shutil.which("adb") if _uses_adb(settings) else None
    folder = os.path.dirname(os.path.abspath(adb)) if adb else None  # noqa: PTH100, PTH120 - links stay links
    if folder and folder not in USUAL_PLACES:
        yield folder


def _uses_adb(settings: Settings) -> bool:
    """The page reaches a phone through adb too, but from `serve`."""
    return any(BY_ADB & set(chosen.channels) for chosen in settings.destinations.values() if chosen.enabled)


def _units(options: CronOptions) -> Units:
    if os.geteuid() == 0 and not options.personal:
        return Units(OF_THE_SYSTEM, personal=False)
    home = here().home
    if home is None:
        raise ConfigError("HOME isn't set, so your units have no place")
    return Units(next(folders(home)), personal=True)


def _owner(installation: Installation, units: Units) -> str | None:
    """In the system's units, runs are those of whom the config belongs to."""
    if units.personal:
        return None
    number = installation.config.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"{folder} can't be made: {fault.strerror}") from fault


def _write(text: str) -> None:
    """As bytes: a path may be no text."""
    click.echo(os.fsencode(text), nl=False)
