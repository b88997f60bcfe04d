"""`storyrelay status`: what stands where, from the ledger alone."""

from __future__ import annotations

from dataclasses import dataclass

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import say_all, say_json
from pipeline.ledger import snapshot
from pipeline.report.lanes import lanes_of
from pipeline.report.status import status_as_json, status_lines, status_of
from pipeline.tools.clock import now


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions(Options):
    """How it is shown."""

    as_json: bool


@click.command()
@as_json_option()
@takes(StatusOptions)
def status(options: StatusOptions) -> int:
    """What waits for your Send and how long it is good, what is planned, what needs you, what ended today.

    Every line ends with the command that resolves it. Nothing is changed; a run may be under way.
    """
    settings = options.settings()
    with snapshot(settings.state) as ledger:
        at = now()
        found = status_of(ledger, at, settings.timezone(), lanes_of(ledger, settings, at))
    if options.as_json:
        say_json(status_as_json(found))
    else:
        say_all(status_lines(found, options.program))
    return 0
