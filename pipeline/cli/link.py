"""`storyrelay link`: whether a link works inside Instagram and WhatsApp, and the one that does."""

from __future__ import annotations

from dataclasses import dataclass

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import say_all, say_json
from pipeline.errors import AssetError
from pipeline.plan.links import examine
from pipeline.report.links import link_lines, links_as_json


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOptions(Options):
    """Which links, and how they are shown."""

    urls: tuple[str, ...]
    whatsapp: bool
    as_json: bool


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--whatsapp", is_flag=True, help="Only links to WhatsApp will do, no other web page.")
@as_json_option()
@takes(LinkOptions)
def link(options: LinkOptions) -> int:
    """The form of a link that works in a story, and why another wouldn't; a phone number will do, too.

    Links are only read, never opened: nothing goes over the network. Exit code 3 when one can't work.
    """
    region = options.settings_or_default().default_region
    found = [examine(url, region, must_be_whatsapp=options.whatsapp) for url in options.urls]
    if options.as_json:
        say_json(links_as_json(found))
    else:
        for diagnosis in found:
            say_all(link_lines(diagnosis))
    return AssetError.exit_code if any(diagnosis.link is None for diagnosis in found) else 0
