"""What commands import: a start costs what its modules cost, and nobody notices one more."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes.shop import picture

ASK = """\
import sys; from pipeline.cli import main
try: main()
finally: print(*sys.modules, file=sys.stderr)
"""
CONFIG = """\
inbox: inbox
destinations: {me: {platform: whatsapp_status}}
limits: {settle_seconds: 0}
"""
SCHEMA = {"pydantic", "yaml"}
HEAVY = {"PIL", "numpy", "av", "moviepy", "instagrapi", "requests", "ssl", "asyncio", "fontTools", "apprise"}
UNMET = {
    "click",
    "dataclasses",
    "inspect",
    "subprocess",
    "tempfile",
    "difflib",
    "hashlib",
    "shutil",
    "signal",
}
BUDGETS = {
    "run -q": (60, {"click", "sqlite3", "pathlib", "dataclasses", "enum", "re", *SCHEMA, *HEAVY}),
    "--version": (140, {"sqlite3", *SCHEMA, *HEAVY}),
    "status": (165, {*UNMET, *SCHEMA, *HEAVY}),
    "show 1": (175, {*UNMET, *SCHEMA, *HEAVY}),
    "confirm 1": (172, {*UNMET, *SCHEMA, *HEAVY}),
    "run": (550, HEAVY),
}
"""The most modules by command, and those that are never among them."""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop at rest."""
    folder = tmp_path_factory.mktemp("shop")
    file = folder / "storyrelay.yaml"
    file.write_text(
        "inbox: inbox\nlimits: {settle_seconds: 0}\ndestinations: {me: {platform: whatsapp_status}}\n"
    )
    picture(folder / "inbox" / "a.jpg")
    for _ in range(3):
        time.sleep(0.1)
        imported(["run", "-q"], file)
    return file


def imported(words: list[str], config: Path) -> set[str]:
    chosen = [] if words == ["--version"] else ["-c", str(config)]
    command = [sys.executable, "-c", ASK, *words, *chosen]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stderr.split())


@pytest.mark.parametrize("command", BUDGETS)
def test_a_command_imports_no_more_than_its_budget(config: Path, command: str) -> None:
    most, never = BUDGETS[command]
    modules = imported(command.split(), config)
    assert modules.isdisjoint(never)
    assert len(modules) <= most
