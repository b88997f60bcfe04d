"""`storyrelay completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

from dataclasses import dataclass

import click
from click.shell_completion import get_completion_class

from pipeline.cli.group import storyrelay
from pipeline.cli.options import Options, takes

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_STORYRELAY_COMPLETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionOptions(Options):
    """Whose script."""

    shell: str


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@takes(CompletionOptions)
def completion(options: CompletionOptions) -> int:
    """Print the completion script for bash, zsh or fish.

    bash: storyrelay completion bash > ~/.local/share/bash-completion/completions/storyrelay
    """
    kind = get_completion_class(options.shell)
    if kind is None:
        raise click.BadParameter(f"click knows no completion for {options.shell}")
    click.echo(kind(storyrelay, {}, "storyrelay", VARIABLE).source())
    return 0
