"""`storyrelay status`: what stands where."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import as_json_option, takes
from pipeline.cli.standing import StatusOptions, show_status


@click.command()
@as_json_option()
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a page with thumbnails, one file, instead of text.",
)
@takes(StatusOptions)
def status(options: StatusOptions) -> int:
    """What waits for your Send and how long it is good, what is planned, what needs you, what ended today.

    Every line ends with the command that resolves it. Nothing is changed; a run may be under way.
    """
    if options.as_json and options.page:
        raise click.UsageError("--json or --html, not both")
    return show_status(options)
