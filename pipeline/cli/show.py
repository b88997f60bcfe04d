"""`storyrelay show`: everything about one story."""

from __future__ import annotations

import click

from pipeline.cli.options import as_json_option, takes
from pipeline.cli.story import ShowOptions, show_story


@click.command()
@click.argument("name", metavar="ID")
@as_json_option()
@takes(ShowOptions)
def show(options: ShowOptions) -> int:
    """The file, its recipes in words, its texts, what was made of it, and every event in order.

    ID is a number of `status`, a file, or the start of a file's hash.
    """
    return show_story(options)
