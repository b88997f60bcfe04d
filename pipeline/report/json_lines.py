"""What happens in a run as JSON, one object a line, the last one a summary: for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from pipeline.report.events import Due, Event, Reformatting, Summary, Taken
from pipeline.tools.plain import to_plain

PIECE = 10_000


class JsonLines:
    """An observer that writes every event but progress; `ended` says that the summary is out."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.ended = False
        self._write = write

    def __call__(self, event: Event) -> None:
        """Write one event."""
        match event:
            case Reformatting() | Due() | Taken():
                return
            case Summary():
                self.ended = True
        self._write(as_json({"event": event_name(event), **to_plain(event)}))

    def fail(self, exit_code: int, error: str) -> None:
        """End with a summary that tells why nothing, or not everything, was done."""
        if not self.ended:
            self.ended = True
            self._write(as_json({"event": "summary", "exit_code": exit_code, "error": error}))


def event_name(event: Event) -> str:
    """The event's class in lower case, words joined by underscores."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()


def json_pieces(value: Any) -> Iterator[bytes]:
    """One JSON document for people and programs, piece by piece.

    As a whole, a single emoji among the names makes Python take four bytes for each of its signs: 600 MB for
    40,000 deliveries.
    """
    signs = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value)
    while piece := "".join(islice(signs, PIECE)):
        yield piece.encode("utf-8", "backslashreplace")
    yield b"\n"


def as_json(value: Any) -> str:
    """JSON text; names that aren't UTF-8 come out as lone surrogates, which os.fsencode turns back."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
