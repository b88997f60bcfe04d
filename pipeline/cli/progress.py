"""Who listens to a run: bars on a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.cli.output import draws_bars, remark
from pipeline.report.events import Observer
from pipeline.report.lines import Problems, in_lines


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[Observer]:
    """An observer for people, on stderr; a quiet one tells of problems only."""
    if quiet:
        problems = Problems(remark)
        try:
            yield problems
        finally:
            problems.end()
        return
    if not draws_bars():
        yield in_lines(remark)
        return
    from pipeline.report.bars import bars  # rich takes 0.1 s to import

    with bars() as observe:
        yield observe
