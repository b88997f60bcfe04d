"""Progress on a terminal: a bar for each part under way, with rate and time left, and one for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.report.events import (
    Due,
    Event,
    Postponed,
    Reformatted,
    Reformatting,
    Refused,
    Repeated,
    Scanned,
    Taken,
)
from pipeline.report.lines import in_lines
from pipeline.report.words import part_of

PHOTO_COUNTS_AS_S = 0.5
"""A photo takes about as long as half a second of video (2 cores, 2026-11)."""
NAME_COLUMNS = 32


@contextmanager
def bars() -> Iterator[Bars]:
    """An observer that draws on stderr, and says above the bars what happened."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as progress:
        yield Bars(progress)


class _Rate(ProgressColumn):
    """How fast it goes: seconds of story a second, or files a second."""

    def render(self, task: Task) -> Text:
        speed = task.speed
        return Text(f"{speed:.1f}{task.fields['unit']}" if speed else "")


@dataclass(frozen=True, slots=True)
class Work:
    """One rendition in the making."""

    path: Path
    part: int
    profile: str
    seconds: float

    @property
    def weight(self) -> float:
        """Its share of the whole."""
        return self.seconds + PHOTO_COUNTS_AS_S


class Bars:
    """The bars of one run. Progress comes from worker threads, everything else from the run's own."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._say = in_lines(self._above)
        self._lock = Lock()
        self._bars: dict[Work, TaskID] = {}
        self._under_way: dict[Work, float] = {}
        self._done = 0.0
        self._reading: TaskID | None = None
        self._all: TaskID | None = None

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        self._say(event)
        with self._lock:
            self._draw(event)

    def _above(self, line: str) -> None:
        self._progress.console.print(line, soft_wrap=True)

    def _draw(self, event: Event) -> None:
        match event:
            case Scanned(changed=changed) if changed:
                self._reading = self._progress.add_task("reading", total=changed, unit=" files/s")
            case Taken(path) | Refused(path) | Postponed(path) | Repeated(path):
                self._leave(path)
            case Due(parts, total_s):
                self._begin(total_s + parts * PHOTO_COUNTS_AS_S)
            case Reformatting():
                self._come_further(event)
            case Reformatted(path, part, seconds=length_s, profile=profile):
                self._finish(Work(path, part, profile, length_s))

    def _leave(self, path: Path) -> None:
        """A file is done with: it was read, or nothing can be made of it."""
        if self._reading is not None:
            self._progress.advance(self._reading)
        for work in [work for work in self._under_way if work.path == path]:
            self._finish(work)

    def _begin(self, total: float) -> None:
        if self._reading is not None:
            self._progress.remove_task(self._reading)
            self._reading = None
        self._all = self._progress.add_task("all of it", total=total, unit="×")

    def _come_further(self, event: Reformatting) -> None:
        work = Work(event.path, event.part, event.profile, event.seconds)
        if event.seconds:
            if work not in self._bars:
                name = part_of(event.path, event.part, event.parts)
                self._bars[work] = self._progress.add_task(_shown(name), total=event.seconds, unit="×")
            self._progress.update(self._bars[work], completed=event.fraction * event.seconds)
        self._under_way[work] = event.fraction * work.weight
        self._draw_all()

    def _finish(self, work: Work) -> None:
        """Done, or given up: nothing of it is left to do."""
        self._under_way.pop(work, None)
        bar = self._bars.pop(work, None)
        if bar is not None:
            self._progress.remove_task(bar)
        self._done += work.weight
        self._draw_all()

    def _draw_all(self) -> None:
        if self._all is not None:
            self._progress.update(self._all, completed=self._done + sum(self._under_way.values()))


def _shown(name: str) -> str:
    return name if len(name) <= NAME_COLUMNS else f"{name[: NAME_COLUMNS - 1]}…"
