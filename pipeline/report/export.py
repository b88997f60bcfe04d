"""Every delivery of the ledger for other programs, as one JSON document or as CSV, piece by piece."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pipeline.ledger import Queries
from pipeline.ledger.queries import Event
from pipeline.model import ENDED, Delivery, State
from pipeline.report.json_lines import as_json
from pipeline.report.status import delivery_as_json
from pipeline.tools.plain import to_plain

Format = Literal["json", "csv"]
COLUMNS = (
    *("id", "asset", "path", "destination", "part", "parts", "state", "since", "due", "not_after", "expires"),
    *("reason", "external_id", "planned_at", "out_at", "ended_at"),
)
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would compute."""


def exported(ledger: Queries, form: Format) -> Iterator[str]:
    """The document; fields and columns are only ever added."""
    return _json(ledger) if form == "json" else _csv(ledger)


def _json(ledger: Queries) -> Iterator[str]:
    yield '{"deliveries": ['
    for number, (delivery, events) in enumerate(ledger.every_delivery()):
        told = [{"at": to_plain(one.at), "event": one.event, "state": one.to_state} for one in events]
        yield f"{',' if number else ''}\n{as_json(_row(delivery, events) | {'events': told})}"
    yield "\n]}\n"


def _csv(ledger: Queries) -> Iterator[str]:
    yield _line(COLUMNS)
    for delivery, events in ledger.every_delivery():
        row = _row(delivery, events)
        yield _line([_cell(row[name]) for name in COLUMNS])


def _row(delivery: Delivery, events: Sequence[Event]) -> dict[str, Any]:
    plain = {key: value for key, value in delivery_as_json(delivery).items() if key != "next"}
    moves = [event for event in events if event.from_state is not event.to_state]
    out = [event.at for event in moves if event.to_state in {State.OFFERED, State.PUBLISHED}]
    return plain | {
        "not_after": to_plain(delivery.not_after),
        "external_id": delivery.external_id,
        "planned_at": to_plain(moves[0].at if moves and moves[0].from_state is None else None),
        "out_at": to_plain(out[0] if out else None),
        "ended_at": to_plain(delivery.since if delivery.state in ENDED else None),
    }


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)  # only what ends a line gets its quotes
    line = written.getvalue().removesuffix("\r\n") + "\n"
    return line.encode("utf-8", "backslashreplace").decode()
