"""What `show` does: everything about one story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.asked import Options
from pipeline.cli.named import deliveries_named, nothing_named, refusal_named
from pipeline.cli.output import say_all, say_json
from pipeline.ledger import Ledger, snapshot
from pipeline.model import Refusal
from pipeline.report.history import History, Watcher, history_as_json, history_lines, history_of
from pipeline.report.next_step import retry_file
from pipeline.report.words import about, printable
from pipeline.tools.clock import now
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions(Options):
    """Which story, and how it is shown."""

    name: str
    as_json: bool


def show_story(options: ShowOptions) -> int:
    """As text or as JSON; a refused file with the way on."""
    settings = options.known_settings()
    with snapshot(settings.state) as ledger:
        found = _look_up(options, settings, ledger)
    if isinstance(found, Refusal):
        _show_refusal(options, found)
    elif options.as_json:
        say_json(history_as_json(found))
    else:
        say_all(history_lines(found, Watcher(now(), settings.timezone(), options.program)))
    return 0


def _look_up(options: ShowOptions, settings: Settings, ledger: Ledger) -> History | Refusal:
    deliveries = deliveries_named(ledger, options.name)
    asset = ledger.asset(deliveries[0].asset) if deliveries else None
    if asset is not None:
        return history_of(ledger, asset, deliveries, settings.state / "store")
    refusal = refusal_named(ledger, options.name)
    if refusal is None:
        raise nothing_named([options.name], options.program.call("status"))
    return refusal


def _show_refusal(options: ShowOptions, refusal: Refusal) -> None:
    if options.as_json:
        say_json({"asset": None, "path": str(refusal.path), "problem": refusal.reason})
        return
    say_all(
        (
            f"{printable(str(refusal.path))}  refused",
            f"  {about(refusal.path, refusal.reason)}",
            f"  Next: correct the file, or: {retry_file(refusal.path, options.program)}",
        )
    )
