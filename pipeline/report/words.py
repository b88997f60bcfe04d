"""Quantities, times and names in words for people, safe to show on any terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

KILO = 1000
MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400
TENTHS_BELOW_S = 10
WIDEST = 100
JOINER = "\u200d"
"""Holds the parts of one emoji together; without it they fall apart."""


def printable(text: str, keep: str = JOINER) -> str:
    """The text with everything that a terminal would obey, or can't show, written out as an escape."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in keep else _escape(sign) for sign in text)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")


def name_of(path: Path) -> str:
    """A file's name as it may be shown."""
    return printable(path.name)


def part_of(path: Path, part: int, parts: int) -> str:
    """A story's name, with its part when there are several: `beach.mp4 2/3`."""
    return f"{name_of(path)} {part}/{parts}" if parts > 1 else name_of(path)


def about(path: Path, reason: str) -> str:
    """What happened to a file, in one line; most reasons name the file themselves."""
    told = printable("; ".join(reason.splitlines()))
    return told if name_of(path) in told else f"{name_of(path)}: {told}"


def without_next(reason: str) -> str:
    """A reason where the command that helps is told beside it."""
    return reason.partition(". Next: ")[0]


def size(count: int) -> str:
    """Bytes as `812 B`, `14 kB`, `4.1 MB`."""
    if count < KILO:
        return f"{count} B"
    if count < KILO**2:
        return f"{count / KILO:.0f} kB"
    if count < KILO**3:
        return f"{count / KILO**2:.1f} MB"
    return f"{count / KILO**3:.1f} GB"


def seconds(duration_s: float) -> str:
    """A length as `2.4 s`, `34 s`, `2:10` or `1:02:10`."""
    if duration_s < TENTHS_BELOW_S:
        return f"{duration_s:.1f} s"
    whole = round(duration_s)
    if whole < MINUTE_S:
        return f"{whole} s"
    minutes, rest = divmod(whole, MINUTE_S)
    hours, minutes = divmod(minutes, MINUTE_S)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def left(until: datetime, at: datetime) -> str:
    """The time that is left: `18 h left`, `45 min left`, `over`."""
    remaining_s = (until - at).total_seconds()
    if remaining_s <= 0:
        return "over"
    if remaining_s < 2 * HOUR_S:
        return f"{max(1, round(remaining_s / MINUTE_S))} min left"
    if remaining_s < 2 * DAY_S:
        return f"{round(remaining_s / HOUR_S)} h left"
    return f"{round(remaining_s / DAY_S)} days left"


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment on the person's clock: `18:00` today, `Tue 24 Nov 18:00` else, with the year when far."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    near = abs(at - now) < timedelta(days=180)
    return f"{local:%a %d %b %H:%M}" if near else f"{local:%d %b %Y %H:%M}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 story`, `7 stories`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def width_of(text: str) -> int:
    """How many columns a terminal needs for the text."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) != 0 for sign in text)


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows as lines whose cells stand below each other; every row has as many cells as the first.

    A cell wider than WIDEST sticks out alone: one name of 255 signs would push 20,000 lines apart.
    """
    widths = [max(map(_counted, column)) for column in zip(*rows, strict=True)]
    return [gap.join(map(_padded, row, widths)).rstrip() for row in rows]


def _counted(cell: str) -> int:
    width = width_of(cell)
    return width if width <= WIDEST else 0


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - width_of(cell))
