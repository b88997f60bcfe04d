"""The proofs as commands: they have teeth, they tell what they did, and a failure names its seed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def said_by(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    return subprocess.run(
        command,
        cwd=TESTS.parent,
        env={"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_simulated_worlds_catch_broken_programs_and_then_find_nothing_wrong_in_ours() -> None:
    done = said_by("proof.simulate", "--worlds", "60", "--seed", "500")
    assert done.returncode == 0, done.stderr
    caught = re.findall(r"a program that (.+) is caught after \d+ world", done.stdout)
    assert len(caught) == 3
    assert re.search(r"seeds 500 to 559: 240 stories, \d+ crashes .*, 0 worlds wrong", done.stdout)
