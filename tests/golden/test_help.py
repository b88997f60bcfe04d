"""What `--help` says, word for word; `STORYRELAY_GOLDEN=write` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli.group import COMMANDS, storyrelay

FOLDER = Path(__file__).parent / "help"
WIDTH = {"COLUMNS": "100"}
CALLS = [
    (),
    *((name,) for name in COMMANDS),
    *(("config", name) for name in ("check", "show", "schema")),
    *(("phone", name) for name in ("devices", "doctor", "pair", "revoke")),
    ("notify", "test"),
    *(("ledger", name) for name in ("backup", "check", "export", "prune", "restore")),
    *(("session", name) for name in ("login", "status", "logout")),
]


def text_of(*words: str) -> str:
    """The help of a command on a terminal of 100 columns."""
    said = CliRunner(env=WIDTH).invoke(storyrelay, [*words, "--help"], prog_name="storyrelay")
    assert said.exit_code == 0
    return said.output


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_help_reads_as_it_did(words: tuple[str, ...]) -> None:
    file = FOLDER / f"{'-'.join(words) or 'storyrelay'}.txt"
    if os.environ.get("STORYRELAY_GOLDEN") == "write":
        file.write_text(text_of(*words))
    assert text_of(*words) == file.read_text()


def test_no_help_is_left_over_from_a_command_that_is_gone() -> None:
    expected = {f"{'-'.join(words) or 'storyrelay'}.txt" for words in CALLS}
    assert {file.name for file in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_same_two_options(name: str) -> None:
    command = storyrelay.get_command(click.Context(storyrelay), name)
    assert command is not None
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in commands:
        options = {option for parameter in one.params for option in parameter.opts}
        assert {"-c", "--config", "--set"} <= options
