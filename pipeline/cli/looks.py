"""`storyrelay looks`: the looks there are, and the text of one, to make another of it."""

from __future__ import annotations

from dataclasses import dataclass

import click

from pipeline.cli.options import Options, as_json_option, takes
from pipeline.cli.output import say_all, say_json
from pipeline.config.look_files import look_file, look_names, unknown_look
from pipeline.errors import ConfigError
from pipeline.report.words import columns, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksOptions(Options):
    """Which look is printed, if any, and how the list is shown."""

    name: str | None
    as_json: bool


@click.command()
@click.argument("name", required=False, metavar="[NAME]")
@as_json_option()
@takes(LooksOptions)
def looks(options: LooksOptions) -> int:
    """How words, cards and labels may look: all looks by name; with NAME, the text of that one.

    Put the text into a file of your own, such as looks/mine.yaml, name that folder under `looks:` in the
    config, and change what you like: `look: mine` in a sidecar, or for every story in the config.
    """
    own = options.settings_or_default().looks
    if options.name:
        file = look_file(options.name, own)
        if file is None:
            raise ConfigError(unknown_look(options.name, own))
        say_all(file.read_text(encoding="utf-8").splitlines())
        return 0
    from pipeline.config.looks import styling  # pydantic's models of looks

    found = [styling(name, own) for name in look_names(own)]
    if options.as_json:
        files = {look.name: str(look_file(look.name, own)) for look in found}
        say_json(
            {"looks": [{"name": one.name, "about": one.about, "path": files[one.name]} for one in found]}
        )
    else:
        say_all(columns([(printable(look.name), printable(look.about)) for look in found]))
    return 0
