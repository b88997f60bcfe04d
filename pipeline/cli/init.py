"""`storyrelay init`: a config to start with, an inbox, and what to do next."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.cli.options import Options, called_as, takes
from pipeline.cli.output import say_all
from pipeline.config.place import Place, here
from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError, EnvironmentFault
from pipeline.report.next_step import Program
from pipeline.report.words import printable
from pipeline.tools.files import write_whole

NAME = "storyrelay.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class InitOptions(Options):
    """Where the config goes."""

    folder: Path | None


@dataclass(frozen=True, slots=True)
class Start:
    """A config file that is to be written, the inbox, and the folders as the file names them."""

    file: Path
    inbox: Path
    folders: dict[str, str]


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@takes(InitOptions)
def init(options: InitOptions) -> int:
    """Write a commented config and make an inbox; nothing that is there already is changed.

    With FOLDER, everything lies in it: config/storyrelay.yaml, inbox, outbox. Without, the config goes to
    ~/.config/storyrelay/ (or to the FILE of -c) and the folders to ~/storyrelay.
    """
    if options.assignments:
        raise ConfigError("init writes the defaults: leave out --set, and edit the file afterwards")
    start = _start(options, here())
    text = shipped(NAME).read_text(encoding="utf-8")
    for key, folder in start.folders.items():
        text = with_folder(text, key, folder)
    _write(start, text)
    say_all(_next_steps(start))
    return 0


def with_folder(text: str, key: str, folder: str) -> str:
    """The config with another folder, its comment kept in its column where that fits."""

    def other(line: re.Match[str]) -> str:
        written, comment = f"{key}: {folder}", line["comment"]
        return f"{written + '  ':<{len(line['value'])}}{comment}" if comment else written

    pattern = rf"^(?P<value>{key}: \S+ *)(?P<comment>#.*)?$"
    return re.sub(pattern, other, text, count=1, flags=re.MULTILINE)


def _start(options: InitOptions, place: Place) -> Start:
    if options.folder is not None:
        if options.config_file is not None:
            raise click.UsageError("name a FOLDER or a file with -c, not both")
        folder = Path(os.path.abspath(options.folder))  # noqa: PTH100 - links stay links
        names = {"inbox": "../inbox", "outbox": "../outbox", "state": "../.state"}
        return Start(folder / "config" / NAME, folder / "inbox", names)
    if place.home is None:
        raise ConfigError("HOME isn't set; name a folder: storyrelay init FOLDER")
    file = options.config_file or place.home / ".config" / "storyrelay" / NAME
    names = {
        "inbox": "~/storyrelay/inbox",
        "outbox": "~/storyrelay/outbox",
        "state": "~/.local/state/storyrelay",
    }
    return Start(Path(os.path.abspath(file)), place.home / "storyrelay" / "inbox", names)  # noqa: PTH100 - as above


def _write(start: Start, text: str) -> None:
    if start.file.exists():
        check = Program(called_as(), ("-c", str(start.file))).call("config check")
        raise ConfigError(f"{start.file} is there already; nothing was changed. Next: {check}")
    try:
        write_whole(start.file, text.encode())
        start.inbox.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(
            f"{fault.filename or start.file} can't be written: {fault.strerror}"
        ) from fault


def _next_steps(start: Start) -> Iterator[str]:
    program = Program(called_as(), ("-c", str(start.file)))
    yield f"wrote {printable(str(start.file))}"
    yield f"made  {printable(str(start.inbox))}"
    yield "Next: put photos and videos there, and try it:"
    yield f"      {program.call('doctor')}"
    yield f"      {program.call('run')}"
    yield "Does the inbox hold what shall not go out? First take it as seen:"
    yield f"      {program.call('run', '--adopt')}"
    yield "Then let it run by itself, every quarter of an hour (or take systemd):"
    yield f"      {program.call('cron', '--install', 'crontab')}"
