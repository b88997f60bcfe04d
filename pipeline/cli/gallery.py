"""`preview --serve`: the files, sidecars and settings as they are at each load of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from threading import Lock

from pipeline.cli.output import remark
from pipeline.cli.previewing import Album, Wish, decide, look
from pipeline.cli.studio import Studio, hidden_folder
from pipeline.config import Settings
from pipeline.errors import ConfigError, EnvironmentFault, Interrupted, StoryrelayError
from pipeline.execute import cores
from pipeline.load.scan import scan
from pipeline.model import Refusal
from pipeline.page.window import showing
from pipeline.report.events import Due, Event, Postponed, Reformatted, Reformatting
from pipeline.report.preview import Sight
from pipeline.report.preview.page import page_of
from pipeline.report.words import count, part_of, printable
from pipeline.tools.clock import pause
from pipeline.tools.signals import StopSignal, watched

BREATH_S = 0.2
HINT = "Change a file, its sidecar or the settings, and load this page again."
Read = Callable[[], Settings]
"""The settings as they are now. Raises ConfigError."""


@dataclass(slots=True)
class Progress:
    """What is being made for a page that isn't there yet, heard from several threads."""

    parts: int = 0
    ready: int = 0
    under_way: dict[str, float] = field(default_factory=dict)
    postponed: list[Refusal] = field(default_factory=list)
    turn: Lock = field(default_factory=Lock)

    def hear(self, event: Event) -> None:
        """Take note."""
        with self.turn:
            match event:
                case Due():
                    self.parts += event.parts
                case Reformatting():
                    self.under_way[part_of(event.path, event.part, event.parts)] = event.fraction
                case Reformatted():
                    self.ready += 1
                    self.under_way.pop(part_of(event.path, event.part, event.parts), None)
                case Postponed():
                    self.postponed.append(Refusal(event.path, event.reason, later=True))
                case _:
                    pass

    def told(self) -> list[str]:
        """In lines."""
        with self.turn:
            if not self.parts:
                return ["The files are being looked at."]
            ahead = f"{self.ready} of {count(self.parts, 'rendition')} ready"
            return [ahead, *(f"{name}, {fraction:.0%}" for name, fraction in self.under_way.items())]


@dataclass(slots=True)
class Hung:
    """The gallery of one call: what was made stays in the album, so a changed file alone is made anew."""

    read: Read
    wish: Wish
    workers: int | None
    album: Album
    stop: StopSignal
    progress: Progress = field(default_factory=Progress)
    pages: int = 0

    def mark(self) -> object:
        """The settings, and what a look at the folders tells without reading a file."""
        try:
            settings = self.read()
            return settings, scan(self.wish.files or (settings.inbox,), {}).changed
        except StoryrelayError as fault:
            return str(fault)

    def told(self) -> list[str]:
        """How far the look is that is going on."""
        return self.progress.told()

    def hang(self) -> Path:
        """Look at everything, make what is new, and write the page. Raises Interrupted, EnvironmentFault."""
        self.progress = Progress()
        try:
            sights, refusals = self._look()
        except Interrupted:
            raise
        except StoryrelayError as fault:
            sights, refusals = [], problems_of(fault)
        try:
            return self._write(sights, refusals)
        except OSError as fault:
            raise EnvironmentFault(f"the preview can't be written: {fault.strerror or fault}") from fault

    def _look(self) -> tuple[list[Sight], list[Refusal]]:
        settings = self.read()
        workers = self.workers or settings.limits.jobs or cores()
        studio = Studio(settings, workers, self.progress.hear, self.stop)
        views, refusals = decide(studio, self.wish)
        sights, failures = look(studio, views, self.album, with_before=True)
        return sights, [*refusals, *failures, *self.progress.postponed]

    def _write(self, sights: list[Sight], refusals: list[Refusal]) -> Path:
        """Under a new name, as the one before may still be on its way to a browser."""
        self.pages += 1
        page = self.album.folder / f"page-{self.pages}.html"
        with page.open("w", encoding="utf-8") as written:
            written.writelines(page_of(sights, refusals, HINT))
        (self.album.folder / f"page-{self.pages - 2}.html").unlink(missing_ok=True)
        return page


def problems_of(fault: StoryrelayError) -> list[Refusal]:
    """What keeps everything from being shown, line by line."""
    problems = fault.problems if isinstance(fault, ConfigError) else (str(fault),)
    return [Refusal(Path(), problem) for problem in problems]


def serve_preview(read: Read, wish: Wish, port: int, workers: int | None) -> None:
    """Until a signal ends it. Raises EnvironmentFault when the port is taken."""
    with watched() as stop, hidden_folder(Path(gettempdir())) as hidden:
        gallery = Hung(read, wish, workers, Album(hidden), stop)
        with showing(gallery, port) as (chosen, alive):
            remark(f"storyrelay: the preview is at {printable(f'http://localhost:{chosen}')}; Ctrl-C ends it")
            while alive() and not stop.requested():
                pause(BREATH_S)
        if not stop.requested():
            raise EnvironmentFault("the page isn't served any more. Next: storyrelay preview --serve")
