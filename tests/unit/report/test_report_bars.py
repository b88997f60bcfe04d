"""Bars on a terminal that only remembers what it was shown."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from pipeline.model import State
from pipeline.report.bars import Bars
from pipeline.report.events import (
    Delivered,
    Due,
    Reformatted,
    Reformatting,
    Refused,
    Scanned,
    Taken,
)

BEACH = Path("inbox/beach.mp4")
DOG = Path("inbox/dog.jpg")


@pytest.fixture
def progress() -> Progress:
    return Progress(console=Console(file=StringIO(), width=100))


def shown(progress: Progress) -> dict[str, float]:
    """What the bars say, in percent."""
    return {task.description: round(task.percentage) for task in progress.tasks}


def test_reading_is_a_bar_until_the_work_begins(progress: Progress) -> None:
    bars = Bars(progress)
    bars(Scanned(4, 2, 0))
    bars(Taken(BEACH))
    assert shown(progress) == {"reading": 50}
    bars(Due(1, 9.5))
    assert shown(progress) == {"all of it": 0}


def test_every_part_under_way_has_a_bar_and_counts_by_its_length(progress: Progress) -> None:
    bars = Bars(progress)
    bars(Due(2, 9.0))
    bars(Reformatting(BEACH, 1, 1, 0.5, 9.0, "whatsapp_status"))
    assert shown(progress) == {"all of it": 48, "beach.mp4": 50}
    bars(Reformatting(DOG, 1, 1, 1.0, 0.0, "whatsapp_status"))
    assert shown(progress)["all of it"] == 52


def test_a_finished_part_leaves_no_bar(progress: Progress) -> None:
    bars = Bars(progress)
    bars(Due(1, 9.5))
    bars(Reformatting(BEACH, 1, 1, 0.9, 9.5, "whatsapp_status"))
    bars(Reformatted(BEACH, 1, 1, "transcode", 5, cached=False, seconds=9.5, profile="whatsapp_status"))
    assert shown(progress) == {"all of it": 100}


def test_the_same_part_for_two_platforms_is_two_bars(progress: Progress) -> None:
    bars = Bars(progress)
    bars(Due(2, 20.0))
    bars(Reformatting(BEACH, 1, 1, 0.5, 10.0, "whatsapp_status"))
    bars(Reformatting(BEACH, 1, 1, 0.1, 10.0, "instagram_story"))
    assert [task.description for task in progress.tasks] == ["all of it", "beach.mp4", "beach.mp4"]


def test_a_file_that_fails_takes_its_bars_with_it(progress: Progress) -> None:
    bars = Bars(progress)
    bars(Due(1, 10.0))
    bars(Reformatting(BEACH, 1, 1, 0.5, 10.0, "whatsapp_status"))
    bars(Refused(BEACH, "it stopped"))
    assert shown(progress) == {"all of it": 100}


def test_what_happened_is_said_above_the_bars(progress: Progress) -> None:
    Bars(progress)(Delivered(1, BEACH, "whatsapp", 1, 1, State.OFFERED, "outbox", None))
    said = progress.console.file
    assert isinstance(said, StringIO)
    assert said.getvalue() == "offered    whatsapp   beach.mp4\n"
