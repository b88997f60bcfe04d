"""The command, wrong on purpose: python -m fakes.crowd_victim HOW WORD…"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pipeline.ledger.entering
import pipeline.load.scan
import pipeline.report.lines
import pipeline.report.words
import pipeline.run.course
import pipeline.run.intake
from pipeline.cli import main


@contextmanager
def nobody_waits(state: Path, *, brief: bool = False) -> Iterator[None]:
    state.mkdir(parents=True, exist_ok=True)
    yield


def _without_a_lock() -> None:
    vars(pipeline.run.course)["exclusive"] = nobody_waits


def _names_as_text() -> None:
    vars(pipeline.ledger.entering)["path_row"] = lambda path: str(path).encode()


def _names_as_they_are() -> None:
    for module in (pipeline.report.words, pipeline.report.lines):
        vars(module)["name_of"] = lambda path: path.name


BROKEN: dict[str, Callable[[], None]] = {
    "takes no lock": _without_a_lock,
    "takes names for text": _names_as_text,
    "shows names as they are": _names_as_they_are,
}

if __name__ == "__main__":
    BROKEN[sys.argv[1]]()
    main(sys.argv[2:])
