"""What starts runs by itself: a crontab line and units of systemd, made of the samples in config/cron."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError

PROGRAM = ".local/bin/storyrelay"
CONFIG = ".config/storyrelay/storyrelay.yaml"
PLACES = "PATH=/usr/local/bin:/usr/bin:/bin"
UNITS = ("storyrelay.service", "storyrelay.timer")
WATCH = ("storyrelay-watch.service",)
"""Instead of both."""
MARK = "# storyrelay run, "
WORD = r"\"\\"
FOR_THE_SYSTEM = re.compile(r"^#(?=[A-Z][A-Za-z]+=)", re.MULTILINE)
UNPRINTABLE = "\x00-\x1f\x7f\udc80-\udcff"
"""Control characters, and what isn't UTF-8: no unit can hold them."""


@dataclass(frozen=True, slots=True)
class Installation:
    """This program with this config: what runs write to, and where they find other programs."""

    program: Path
    config: Path
    written: tuple[Path, ...] = ()
    places: tuple[str, ...] = ()


def crontab_of(installation: Installation) -> str:
    """The sample with this installation's paths, for people to read and paste. Raises ConfigError."""
    for path in (installation.program, installation.config):
        if "\n" in str(path) or "\r" in str(path):
            raise ConfigError(f"{str(path)!r} has a line break, which no crontab can hold: rename it")
    text = shipped("cron/storyrelay.crontab").read_text(encoding="utf-8")
    text = text.replace(f'"$HOME/{PROGRAM}"', _in_crontab(str(installation.program)))
    text = text.replace(f'"$HOME/{CONFIG}"', _in_crontab(str(installation.config)))
    return text.replace(
        PLACES, f"{PLACES}{''.join(':' + _in_crontab(place) for place in installation.places)}"
    )


def entry_of(installation: Installation) -> tuple[str, str]:
    """The two lines that are put into a crontab: the comment that marks ours, and the run."""
    lines = _lines(crontab_of(installation))
    at = next(number for number, line in enumerate(lines) if line.startswith(MARK))
    return lines[at], lines[at + 1]


def with_entry(crontab: str, installation: Installation) -> str:
    """The crontab with our lines where they were, else at its end; every other line stays."""
    mark, line = entry_of(installation)
    lines = _lines(crontab)
    at = lines.index(mark) if mark in lines else len(lines)
    return "\n".join([*lines[:at], mark, line, *lines[_end(lines, at) :], ""])


def without_entry(crontab: str, installation: Installation) -> str:
    """The crontab without our lines."""
    lines, (mark, _) = _lines(crontab), entry_of(installation)
    if mark not in lines:
        return crontab
    at = lines.index(mark)
    return "".join(f"{line}\n" for line in [*lines[:at], *lines[_end(lines, at) :]])


def units_of(
    installation: Installation, owner: str | None = None, names: tuple[str, ...] = UNITS
) -> dict[str, str]:
    """The units of systemd by name; with `owner`, for the whole system, else for a person's own.

    Raises ConfigError for paths that systemd doesn't take.
    """
    return {name: _unit_of(name, installation, owner) for name in names}


def _unit_of(name: str, installation: Installation, owner: str | None) -> str:
    text = shipped(f"cron/{name}").read_text(encoding="utf-8")
    text = text.replace(f"%h/{PROGRAM}", _in_unit(installation.program, WORD + "'"))
    text = text.replace(f"%h/{CONFIG}", _argument(installation.config))
    written = " ".join(f'"-{_in_unit(path, WORD)[1:]}' for path in installation.written)
    text = re.sub(r"^ReadWritePaths=.*$", lambda _: f"ReadWritePaths={written}", text, flags=re.MULTILINE)
    if owner is not None:
        text = FOR_THE_SYSTEM.sub("", text).replace("User=somebody", f"User={owner}")
    return text


def is_of(unit: str, installation: Installation) -> bool:
    """Whether a unit that is there already starts this config; options may stand after it."""
    return re.search(rf" -c {re.escape(_argument(installation.config))}[ \n]", unit) is not None


def _in_crontab(text: str) -> str:
    """For the shell, and for cron, which takes a bare % for the end of the command."""
    return shlex.quote(text).replace("%", r"\%")


def _in_unit(path: Path, refused: str) -> str:
    """A path in quotes, with what systemd would take for a specifier written out."""
    text = str(path)
    if re.search(f"[{UNPRINTABLE}{refused}]", text):
        raise ConfigError(f"{text!r} has signs that systemd refuses: take the crontab, or rename it")
    return f'"{text.replace("%", "%%")}"'


def _argument(path: Path) -> str:
    """The same where variables and escapes count."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return _in_unit(Path(escaped), "")


def _lines(crontab: str) -> list[str]:
    """Nothing but a line feed ends a line."""
    return crontab.removesuffix("\n").split("\n") if crontab else []


def _end(lines: list[str], at: int) -> int:
    """Where ours ends; a run that somebody took out by hand isn't missed."""
    ours = lines[at + 1 : at + 2]
    return at + (2 if ours and " run -q -c " in ours[0] else 1)
