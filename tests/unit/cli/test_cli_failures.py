"""Whatever happens becomes a message and an exit code."""

from __future__ import annotations

from collections.abc import Callable

import click
import pytest
from fakes.command import Here

from pipeline import __version__
from pipeline.cli.failures import told
from pipeline.errors import (
    AssetError,
    ConfigError,
    EnvironmentFault,
    Interrupted,
    LockedError,
    NeedsPerson,
)


def raising(failure: BaseException) -> Callable[[], int]:
    """A command that fails so."""

    def command() -> int:
        raise failure

    return command


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ConfigError("a", "b"), 2),
        (click.UsageError("so not"), 2),
        (AssetError("a"), 3),
        (NeedsPerson("a"), 4),
        (LockedError("a"), 5),
        (EnvironmentFault("a"), 6),
        (Interrupted(15), 143),
        (Interrupted(2), 130),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ValueError("oops"), 1),
    ],
)
def test_every_failure_has_its_exit_code(failure: BaseException, code: int) -> None:
    assert told(raising(failure)) == code


@pytest.mark.parametrize(("answer", "code"), [(0, 0), (3, 3), (None, 0)])
def test_the_answer_of_a_command_is_its_exit_code(answer: int | None, code: int) -> None:
    assert told(lambda: answer) == code


def test_every_mistake_of_a_config_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    told(raising(ConfigError("s.yaml:1: a", "s.yaml:2: b")))
    said = capsys.readouterr()
    assert said.err.splitlines() == ["storyrelay: s.yaml:1: a", "storyrelay: s.yaml:2: b"]
    assert said.out == ""


def test_a_bug_is_owned_up_to_and_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    told(raising(ValueError("oops")))
    said = capsys.readouterr().err
    assert "ValueError: oops" in said
    assert "this is a bug in storyrelay" in said


def test_a_message_cannot_give_orders_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    told(raising(AssetError("evil\x1b[2J.jpg is empty")))
    assert r"evil\x1b[2J.jpg is empty" in capsys.readouterr().err


def test_an_unknown_command_names_the_help(here: Here) -> None:
    said = here("dance", config=False)
    assert said.code == 2
    assert "storyrelay -h" in said.err or "storyrelay --help" in said.err


def test_the_version_is_a_result(here: Here) -> None:
    said = here("--version", config=False)
    assert (said.code, said.out) == (0, f"storyrelay {__version__}\n")
