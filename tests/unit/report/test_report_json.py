"""A run told to other programs."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from fakes.planning import NOW

from pipeline.model import State
from pipeline.report.events import Delivered, Due, Reformatting, Summary, Taken
from pipeline.report.json_lines import PIECE, JsonLines, json_pieces

SUMMARY = Summary(1, 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, None, 0.1, 0)


def told(*events: Delivered | Due | Reformatting | Summary | Taken) -> list[dict[str, object]]:
    lines: list[str] = []
    observe = JsonLines(lines.append)
    for event in events:
        observe(event)
    return [json.loads(line) for line in lines]


def test_every_line_says_which_event_it_is() -> None:
    delivered = Delivered(7, Path("a.jpg"), "whatsapp", 1, 1, State.OFFERED, "outbox/7.jpg", None)
    line, summary = told(delivered, replace(SUMMARY, next_due_at=NOW))
    assert (line["event"], line["delivery"], line["state"]) == ("delivered", 7, "offered")
    assert summary["event"] == "summary"
    assert summary["next_due_at"] == "2026-11-23T18:00:00+00:00"


def test_progress_is_left_out() -> None:
    assert told(Due(1, 2.0), Taken(Path("a.jpg")), Reformatting(Path("a.mp4"), 1, 1, 0.5)) == []


def test_a_name_that_is_not_utf_8_comes_back_as_the_same_bytes() -> None:
    name = b"caf\xe9.jpg"
    delivered = Delivered(7, Path(os.fsdecode(name)), "whatsapp", 1, 1, State.OFFERED, None, None)
    (line,) = told(delivered)
    assert os.fsencode(str(line["path"])) == name


def test_a_failure_ends_with_a_summary_that_names_it() -> None:
    lines: list[str] = []
    JsonLines(lines.append).fail(5, "another run holds the lock")
    expected = {"event": "summary", "exit_code": 5, "error": "another run holds the lock"}
    assert json.loads(lines[-1]) == expected


def test_there_is_never_a_second_summary() -> None:
    lines: list[str] = []
    observe = JsonLines(lines.append)
    observe(SUMMARY)
    observe.fail(130, "stopped")
    assert len(lines) == 1


def test_a_long_document_comes_in_pieces_and_is_the_same() -> None:
    document = {"stories": [{"name": f"caf\udce9 🍞 {number}"} for number in range(PIECE)]}
    pieces = list(json_pieces(document))
    assert len(pieces) > 2
    assert json.loads(b"".join(pieces).decode()) == document
