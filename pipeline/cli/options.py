"""What every command takes, and how its options become one value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from pipeline.cli.asked import Options, called_as

__all__ = ["Options", "as_json_option", "called_as", "takes"]

O = TypeVar("O", bound=Options)  # noqa: E741 - the type of one command's options


def takes(kind: type[O]) -> Callable[[Callable[[O], int]], Callable[..., int]]:
    """A command that takes its options as one value of `kind`, and -c and --set as every command."""

    def decorate(command: Callable[[O], int]) -> Callable[..., int]:
        def called(**given: object) -> int:
            return command(kind(**given))  # type: ignore[arg-type]  # click made them by the same names

        called.__doc__ = command.__doc__
        called.__name__ = command.__name__
        file = click.Path(dir_okay=False, path_type=Path)
        with_set = click.option(
            "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Set one key for this call."
        )(called)
        return click.option(
            "-c", "--config", "config_file", type=file, metavar="FILE", help="The config file to use."
        )(with_set)

    return decorate


def as_json_option(
    line: str = "One JSON document instead of text.",
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The option --json."""
    return click.option("--json", "as_json", is_flag=True, help=line)
