"""`storyrelay config`: the settings checked, shown, and described for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from pipeline.cli.group import HELP_OPTIONS
from pipeline.cli.options import Options, takes
from pipeline.cli.output import remark, say_all, say_json
from pipeline.config.secrets import careless
from pipeline.errors import ConfigError
from pipeline.report.words import columns, printable

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions(Options):
    """What is shown."""

    with_facts: bool


@click.group(context_settings=HELP_OPTIONS)
def config() -> None:
    """The settings: check, show, schema.

    The file is the one named by -c, else by $STORYRELAY_CONFIG, else ./config/storyrelay.yaml,
    ~/.config/storyrelay/storyrelay.yaml or /etc/storyrelay/storyrelay.yaml.
    """


@config.command()
@takes(Options)
def check(options: Options) -> int:
    """Say OK, or tell every mistake at once.

    Each with its file and line; exit code 2 when there is one.
    """
    settings = options.settings()
    _check_looks(settings)
    going = [name for name, chosen in settings.destinations.items() if chosen.enabled]
    say_all(
        (
            f"OK {printable(str(settings.file or '--set'))}",
            f"  inbox   {printable(str(settings.inbox))}",
            f"  outbox  {printable(str(settings.outbox))}",
            f"  state   {printable(str(settings.state))}",
            f"  stories go to {', '.join(going) or 'nowhere: every destination is disabled'}",
        )
    )
    for warning in careless(settings):
        remark(f"storyrelay: warning: {printable(warning)}")
    return 0


def _check_looks(settings: Settings) -> None:
    from pipeline.config.looks import check_looks  # files of their own, that a run reads when it needs them

    problems = check_looks(settings.looks)
    if problems:
        raise ConfigError(*problems)


@config.command()
@click.option("--facts", "with_facts", is_flag=True, help="Every figure of the platforms, source and date.")
@takes(ShowOptions)
def show(options: ShowOptions) -> int:
    """The settings in force, as YAML: the file, --set, and the defaults."""
    from pipeline.config import facts, settings_as_yaml  # the schema takes 0.1 s to import

    settings = options.settings()
    if not options.with_facts:
        say_all(settings_as_yaml(settings).splitlines())
        return 0
    rows = [
        (fact.platform, fact.key, _shown(fact.value), str(fact.as_of or "yours"), fact.source)
        for fact in facts(settings)
    ]
    say_all(columns(rows))
    return 0


@config.command()
@takes(Options)
def schema(options: Options) -> int:  # noqa: ARG001 - every command takes -c and --set
    """The JSON schema of the config file, for editors."""
    from pipeline.config import schema as described  # the schema takes 0.1 s to import

    say_json(described())
    return 0


def _shown(value: object) -> str:
    return "no limit" if value is None else printable(str(value))
