"""What `status` does: what stands where, from the ledger alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.asked import Options
from pipeline.cli.output import say_all, say_json
from pipeline.ledger import Ledger, snapshot
from pipeline.report.lanes import lanes_of
from pipeline.report.sources import sources_of
from pipeline.report.status import Status, status_as_json, status_lines, status_of
from pipeline.report.words import printable
from pipeline.tools.clock import now
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import Settings

FRAME_S = 60.0
"""How long the first picture of a video may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions(Options):
    """How it is shown."""

    as_json: bool
    page: Path | None


def show_status(options: StatusOptions) -> int:
    """As text, as JSON, or as a page."""
    settings = options.known_settings()
    with snapshot(settings.state) as ledger:
        at = now()
        lanes, sources = lanes_of(ledger, settings, at), sources_of(ledger, settings, at)
        found = status_of(ledger, at, settings.timezone(), lanes, sources)
        if options.page:
            _write_page(options.page, options, settings, (ledger, found))
    if options.as_json:
        say_json(status_as_json(found))
    else:
        say_all([printable(str(options.page))] if options.page else status_lines(found, options.program))
    return 0


def _write_page(file: Path, options: StatusOptions, settings: Settings, known: tuple[Ledger, Status]) -> None:
    from tempfile import TemporaryDirectory

    from pipeline.report.preview.frames import Darkroom  # Pillow
    from pipeline.report.status_page import status_page
    from pipeline.report.thumbnails import Thumbnails
    from pipeline.tools.child import Limits
    from pipeline.tools.files import whole_file

    ledger, found = known
    limits = Limits(FRAME_S, settings.limits.child_memory_mb)
    with (
        TemporaryDirectory(prefix="storyrelay-") as folder,
        whole_file(file) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace") as written,
    ):
        thumbnails = Thumbnails(settings, ledger, Darkroom(Path(folder), limits))
        written.writelines(status_page(found, options.program, thumbnails.of))
