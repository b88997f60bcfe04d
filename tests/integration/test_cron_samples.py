"""The samples for cron and systemd: what they start is there, and systemd takes them."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from fakes.command import PROGRAM

from pipeline.cli.group import storyrelay
from pipeline.config import shipped
from pipeline.report.cron import Installation, units_of

SAMPLES = shipped("cron")
UNITS = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".service", ".timer"})
PLACEHOLDER = "%h/.local/bin/storyrelay"


def commands() -> list[list[str]]:
    """Every call of the program in the samples, without its path."""
    text = "\n".join(path.read_text() for path in SAMPLES.iterdir())
    calls = re.findall(r"^(?!# ).*bin/storyrelay\"? (.+)$", text, re.MULTILINE)  # those to uncomment as well
    return [shlex.split(call) for call in calls]


def test_the_samples_call_commands_with_options_that_there_are() -> None:
    called = commands()
    assert {call[0] for call in called} == {"run", "status", "serve", "watch"}
    for name, *options in called:
        command = storyrelay.get_command(click.Context(storyrelay), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in options if word.startswith("-")} <= known


def test_serving_is_for_this_computer_alone() -> None:
    unit = (SAMPLES / "storyrelay-serve.service").read_text()
    assert "--host 127.0.0.1" in unit
    assert "--lan" not in unit
    assert {"NoNewPrivileges=yes", "UMask=0077", "Restart=on-failure"} <= set(unit.splitlines())


def units_in(folder: Path) -> list[Path]:
    """The units as a person would install them, with the path of this program."""
    for name in UNITS:
        text = (SAMPLES / name).read_text()
        (folder / name).write_text(text.replace(PLACEHOLDER, PROGRAM))
    return [folder / name for name in UNITS]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation whose paths are as awkward as systemd allows."""
    program, config = tmp_path / "50% of $HOME" / "storyrelay", tmp_path / 'An na\'s "$HOME" é.yaml'
    program.parent.mkdir()
    program.symlink_to(PROGRAM)
    return Installation(program, config, (tmp_path / "my out", tmp_path / "50%"))


@pytest.mark.parametrize("owner", [None, "daemon"])
def test_systemd_takes_what_is_made_of_the_samples(
    tool: Callable[[str], str], installation: Installation, tmp_path: Path, owner: str | None
) -> None:
    texts = units_of(installation, owner)
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    done = verified(tool, tmp_path, [tmp_path / name for name in texts])
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(("owner", "most"), [(None, 65), ("daemon", 30)])
def test_a_run_is_exposed_no_more_than_we_say(
    tool: Callable[[str], str], installation: Installation, tmp_path: Path, owner: str | None, most: int
) -> None:
    """6.1 of 10 as a person's unit, which drops no capabilities, 2.0 as one of the system (systemd 252)."""
    unit = tmp_path / "storyrelay.service"
    unit.write_text(units_of(installation, owner)[unit.name])
    command = [tool("systemd-analyze"), "security", "--offline=true", "--no-pager", f"--threshold={most}"]
    done = subprocess.run([*command, str(unit)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout[-300:]
    unit.write_text(unit.read_text().replace("SystemCallFilter=", "#"))
    weaker = subprocess.run([*command, str(unit)], capture_output=True, text=True, check=False, timeout=60)
    assert weaker.returncode == 1


def verified(tool: Callable[[str], str], folder: Path, units: list[Path]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    command = [tool("systemd-analyze"), "verify", "--user", "--man=no", *map(str, units)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_takes_every_unit_without_a_complaint(tool: Callable[[str], str], tmp_path: Path) -> None:
    done = verified(tool, tmp_path, units_in(tmp_path))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("mistake", ["Restrt=on-failure", "Restart=often"])
def test_a_unit_with_a_mistake_is_complained_of(
    tool: Callable[[str], str], tmp_path: Path, mistake: str
) -> None:
    units = units_in(tmp_path)
    unit = next(path for path in units if path.name == "storyrelay-serve.service")
    unit.write_text(unit.read_text().replace("Restart=on-failure", mistake))
    done = verified(tool, tmp_path, units)
    assert mistake.partition("=")[0 if "Restrt" in mistake else 2] in done.stderr
