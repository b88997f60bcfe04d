"""What is around the code: locks, versions, make targets, names of tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
from fakes.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
REQUIREMENT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[^]]*\])?==\S+")
IMPORTED = "import instagrapi, PIL.Image, moviepy, yaml; from moviepy import VideoFileClip"


def numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release)[:3])


@pytest.mark.parametrize(
    ("package", "least"), [("instagrapi", (3, 2)), ("pillow", (13,)), ("moviepy", (2, 2)), ("pyyaml", (6,))]
)
def test_the_packages_of_the_promise_are_installed(package: str, least: tuple[int, ...]) -> None:
    assert numbers(version(package)) >= least


def test_the_packages_of_the_promise_work_together() -> None:
    imported = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORTED], capture_output=True, text=True, check=False
    )
    assert imported.returncode == 0, imported.stderr


def statements(lock: str) -> list[str]:
    """The requirements of a lock, each with its hashes in one line."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_everything_with_hashes_and_names_no_address(lock: str) -> None:
    assert statements(lock)
    for line in statements(lock):
        assert REQUIREMENT.match(line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


@pytest.mark.parametrize(
    "package", ["instagrapi", "pillow", "moviepy", "pyyaml", "pydantic", "click", "rich"]
)
def test_the_runtime_lock_holds_what_the_program_needs(package: str) -> None:
    assert any(line.lower().startswith(f"{package}==") for line in statements("requirements.lock"))


def test_what_both_locks_hold_is_the_same_in_both() -> None:
    pins = [dict(line.split()[0].lower().split("==") for line in statements(lock)) for lock in LOCKS]
    assert {name: pins[1][name] for name in pins[0].keys() & pins[1].keys()} == {
        name: pins[0][name] for name in pins[0].keys() & pins[1].keys()
    }


def test_the_commands_of_the_readme_are_there() -> None:
    readme, makefile = ((ROOT / name).read_text() for name in ("README.md", "Makefile"))
    told = set(re.findall(r"\bmake ([a-z-]+)", readme))
    assert {"run", "test"} <= told
    assert {target for target in told if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def test_no_test_has_the_name_of_another() -> None:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    names = Counter(
        node.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name, count in Counter(file.name for file in files).items() if count > 1] == []


def test_no_file_of_the_project_tells_where_it_was_made() -> None:
    places = (str(ROOT), str(Path.home()) + "/")
    told = [
        str(file.relative_to(ROOT))
        for folder in ("pipeline", "tests", "config", "samples", ".ci")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".yaml", ".md", ".toml", ".json", ""} and file.is_file()
        if any(place in file.read_text(errors="ignore") for place in places if len(place) > len("/root/"))
    ]
    assert told == []
