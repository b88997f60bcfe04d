"""One door to each thing outside: whoever needs it asks the part that owns it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from fakes.sources import imports_of, modules, tree_of_module

DOORS: dict[str, str | tuple[str, ...]] = {
    "subprocess": "tools/",
    "multiprocessing": "tools/",
    "pty": "tools/",
    "sqlite3": "ledger/",
    "click": "cli/",
    "pydantic": "config/",
    "pydantic_core": "config/",
    "yaml": "config/",
    "instagrapi": "mirror/",
    "requests": "mirror/",
    "apprise": "notify/",
    "dask": "execute/farm/",
    "distributed": "execute/farm/",
    "fsspec": ("tools/stores.py", "sources/stores.py", "sources/sftp.py"),
    "paramiko": "sources/sftp.py",
    "webdav4": "sources/stores.py",
    "dlib": "look/",
    "watchfiles": "tools/changes.py",
    "phonenumbers": "plan/links/national.py",
    "random": "tools/clock.py",
    "secrets": "tools/clock.py",
    "time": ("tools/clock.py", "tools/standstill.py"),
}
CLOCK = "tools/clock.py"
STARTS_PROCESSES = {"system", "popen", "fork", "posix_spawn", "spawnv", "spawnl", "execv", "execl", "execve"}
READS_THE_CLOCK = {"now", "utcnow", "today"}
PRESSES = re.compile(
    r"\binput (tap|text|swipe|key|motion|roll|press|drag|touch|mouse)"
    r"|\b(sendevent|getevent|uiautomator\w*|monkey|keyevent|KEYCODE_\w+|accessibility\w*|AccessibilityService)\b"
    r"|\bam instrument\b|^instrument$|^wm$|\bwm (size|density|dismiss-keyguard)|^svc$|\bsvc power\b"
    r"|\b(adb ?root|scrcpy|appium|minitouch)\b|enabled_accessibility"
)


def importers(name: str) -> set[str]:
    """The modules that import a package or anything in it."""
    return {
        str(module)
        for module in modules()
        if any(found == name or found.startswith(f"{name}.") for found in imports_of(tree_of_module(module)))
    }


@pytest.mark.parametrize("name", DOORS)
def test_only_the_owner_of_a_door_goes_through_it(name: str) -> None:
    assert {module for module in importers(name) if not module.startswith(DOORS[name])} == set()


@pytest.mark.parametrize("name", ["subprocess", "sqlite3", "click", "pydantic", "yaml", "secrets", "time"])
def test_a_door_that_is_guarded_is_used(name: str) -> None:
    assert importers(name)


def test_one_module_alone_knows_moviepy() -> None:
    assert importers("moviepy") == {"reformat/compose/clips.py"}


def test_nobody_but_the_clock_asks_for_the_time() -> None:
    asking = {
        f"{module}:{node.lineno}"
        for module in modules()
        if str(module) != CLOCK
        for node in ast.walk(tree_of_module(module))
        if isinstance(node, ast.Call) and _reads_the_clock(node.func)
    }
    assert asking == set()


def _reads_the_clock(function: ast.expr) -> bool:
    """Whether it is datetime.now, date.today and the like, of the class itself."""
    if not isinstance(function, ast.Attribute) or function.attr not in READS_THE_CLOCK:
        return False
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name in {"datetime", "date"}


def test_nobody_but_the_tools_starts_a_process_through_the_system() -> None:
    starting = {
        f"{module}:{node.lineno}"
        for module in modules()
        if module.parts[0] != "tools"
        for node in ast.walk(tree_of_module(module))
        if isinstance(node, ast.Attribute)
        and node.attr in STARTS_PROCESSES
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    assert starting == set()


def test_no_word_that_presses_a_button_on_a_phone_is_anywhere_in_the_program() -> None:
    """The person presses Send: nothing here may even be able to spell how a program would."""
    spelling = {
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(tree_of_module(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _presses(module, node.value)
    }
    assert spelling == set()


def _presses(module: Path, word: str) -> bool:
    """Elsewhere a bare `input` is what somebody typed; to a phone it would be a command."""
    to_a_phone = module.parts[0] in {"handoff", "tools"}
    return PRESSES.search(word) is not None or (to_a_phone and word.split()[:1] == ["input"])


def test_these_checks_would_tell() -> None:
    tree = ast.parse("from subprocess import run\nimport os.path\ndatetime.datetime.now()\nself.now()")
    assert "subprocess" in imports_of(tree)
    assert "os.path" in imports_of(tree)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert [_reads_the_clock(call) for call in calls] == [True, False]
    assert all(
        PRESSES.search(word)
        for word in (
            *("input tap 3 4", "input keyevent 66", "monkey -p x", "uiautomator", "uiautomator2"),
            *(
                "am instrument -w x",
                "wm dismiss-keyguard",
                "settings put secure enabled_accessibility_services",
            ),
        )
    )
