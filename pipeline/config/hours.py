"""Hours of the day, and the time zone they are meant in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, time, tzinfo
from pathlib import Path

from pipeline.values import dataclass

LOCALTIME = Path("/etc/localtime")

_CLOCK = r"((?:[01]?[0-9]|2[0-3]):[0-5][0-9])"
_HOURS = re.compile(rf"\s*{_CLOCK}\s*[-\u2013]\s*{_CLOCK}\s*")  # a hyphen or an en dash


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` up to, but not including, `end`; over midnight when `end` is the earlier one."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def quiet_hours(text: str) -> QuietHours:
    """Reads "22:00-07:00". Raises ValueError with a sentence for people."""
    written = _HOURS.fullmatch(text)
    if not written:
        raise ValueError(f"'{text}' is not a stretch of the day such as \"22:00-07:00\"")
    start, end = (time.fromisoformat(clock.zfill(len("00:00"))) for clock in written.groups())
    if start == end:
        raise ValueError(f"'{text}' ends where it starts: write null for no quiet hours")
    return QuietHours(start, end)


def zone(name: str) -> tzinfo:
    """The time zone of that name. Raises ValueError with a sentence for people."""
    import zoneinfo  # 1 ms

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name}' is not a time zone; {_suggestion(name)}") from None


def _suggestion(name: str) -> str:
    import zoneinfo

    from pipeline.config.nearest import nearest  # with difflib

    everywhere = sorted(zoneinfo.available_timezones())
    cities = {known.rpartition("/")[2]: known for known in everywhere if "/" in known}
    city = nearest(name.rpartition("/")[2].replace(" ", "_"), list(cities))
    known = nearest(name, everywhere) or (city and cities[city])
    return f"did you mean {known}?" if known else "write it as Europe/Berlin"


def system_zone(environment: Mapping[str, str], localtime: Path = LOCALTIME) -> tzinfo:
    """The computer's own time zone, with its changes over the year.

    Raises ValueError when `TZ` holds rules instead of a name.
    """
    if "TZ" in environment:
        return _zone_of_variable(environment["TZ"].removeprefix(":"))
    return _zone_of_file(localtime)


def _zone_of_variable(name: str) -> tzinfo:
    if not name:
        return UTC
    if name.startswith("/"):
        return _zone_of_file(Path(name))
    try:
        return zone(name)
    except ValueError:
        problem = f"the variable TZ is '{name}', which names no time zone"
        raise ValueError(f"{problem}; write one here, such as Europe/Berlin") from None


def _zone_of_file(localtime: Path) -> tzinfo:
    name = str(localtime.resolve()).partition("zoneinfo/")[2]
    try:
        return zone(name)  # by name, because a zone that was read from a file can't be pickled
    except ValueError:
        return _rules_in(localtime)


def _rules_in(localtime: Path) -> tzinfo:
    import zoneinfo

    try:
        with localtime.open("rb") as rules:
            return zoneinfo.ZoneInfo.from_file(rules, key="localtime")
    except (OSError, ValueError):
        return UTC  # as the C library does
