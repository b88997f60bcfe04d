"""What happens in a run as lines of a log, each with its moment."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from pipeline.report.events import Due, Event, Reformatted, Reformatting, Scanned, Summary, Taken
from pipeline.report.json_lines import as_json, event_name
from pipeline.report.lines import line_of
from pipeline.report.summary import first_line
from pipeline.report.words import part_of, printable, size
from pipeline.tools.plain import to_plain


def as_text(at: datetime, zone: tzinfo, text: str) -> str:
    """A line for people."""
    return f"{at.astimezone(zone).isoformat(timespec='seconds')} {printable(text)}\n"


def as_object(at: datetime, name: str, fields: dict[str, Any]) -> str:
    """A line for programs."""
    return as_json({"at": at.isoformat(), "event": name, **fields}) + "\n"


def is_progress(event: Event) -> bool:
    """Whether it is only of interest while it happens."""
    return isinstance(event, Due | Taken | Reformatting)


def text_of(event: Event) -> str | None:
    """An event in words; None for progress."""
    match event:
        case Scanned(seen, changed, ignored):
            return f"scanned    {seen} files, {changed} new or changed, {ignored} no media"
        case Reformatted(path, part, parts, action, byte_count, cached):
            how = "from the store" if cached else str(action)
            return f"ready      {part_of(path, part, parts)}: {how}, {size(byte_count)}"
        case Summary():
            return f"ended      exit code {event.exit_code}: {first_line(event)}"
        case _:
            return line_of(event)


def fields_of(event: Event) -> tuple[str, dict[str, Any]]:
    """An event's name and fields, the same as those of `run --json`."""
    return event_name(event), to_plain(event)
