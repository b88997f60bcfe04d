"""The proofs as commands: they have teeth, they tell what they did, and a failure names its seed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.crowded import town, wrong_with
from fakes.disk import WEAKER, loop_disk
from proof import powercut, sweep, year
from proof.crowd import lived
from proof.simulate import somewhere
from proof.torture import chamber

TESTS = Path(__file__).parents[1]
SHORT_LIVES = 8
SHORT_CROWD = 60
SHORT_YEAR_DAYS = 9
"""In Berlin they hold a change of the clocks."""

BERLIN = range(0, 60, 3)


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


def test_tortured_runs_catch_a_broken_program_and_then_find_nothing_wrong_in_ours() -> None:
    with chamber() as room:
        assert any(room.life(seed, "forgetful")[1] for seed in range(20))
        lives = [room.life(seed) for seed in range(SHORT_LIVES)]
    assert [wrong for _, wrong in lives if wrong] == []
    assert sum(found.counts["kills"] for found, _ in lives) > SHORT_LIVES


def needs(tool: str, why_not: Callable[[], str | None]) -> None:
    """Skips where the machine forbids a tool, and where it is missing, but for CI, which has to have it."""
    if not (shutil.which(tool) or os.environ.get("CI")):
        pytest.skip(f"there is no {tool}")
    if reason := why_not():
        pytest.skip(reason)


def test_a_sweep_catches_broken_programs_and_then_finds_nothing_wrong_in_ours() -> None:
    needs("strace", sweep.why_not)
    done = said_by("proof.sweep", "--every", "97")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"a program that is broken \((.+)\) is caught at \w+:\d+:KILL", done.stdout)) == 3
    assert re.search(r"\d\d points in .*, 0 wrong", done.stdout)


def test_after_a_power_cut_nothing_is_half_there_and_who_does_not_wait_for_the_disk_is_caught(
    tmp_path: Path,
) -> None:
    needs("mkfs.ext4", powercut.why_not)
    with loop_disk(tmp_path) as disk, chamber(disk) as room:
        assert any(room.life(seed, WEAKER[0])[1] for seed in range(20))
        lives = [room.life(seed) for seed in range(SHORT_LIVES)]
    assert [wrong for _, wrong in lives if wrong] == []


def test_five_runs_at_once_over_a_crowd_of_files_leave_nothing_out_and_say_nothing_wrong() -> None:
    with somewhere() as folder, town(folder, 1, 0, "takes names for text") as broken:
        assert list(wrong_with(broken.ask("run"))) != []
    findings = lived(SHORT_CROWD, 500, slice_s=20)
    assert findings.wrong == []
    assert findings.counts["locked out"] > findings.counts["runs"] > 0


def test_what_goes_out_in_a_short_year_is_what_the_oracle_says_and_broken_programs_differ() -> None:
    for name in year.BROKEN:
        assert year.caught(name, BERLIN, SHORT_YEAR_DAYS) is not None, name
    lived = [year.lived_through(seed, SHORT_YEAR_DAYS) for seed in BERLIN[:2]]
    assert [one.differs for one in lived] == [None, None]
    assert all(one.counts["out"] for one in lived)
