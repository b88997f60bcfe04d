"""Ctrl-C in the middle of encodes: nothing lives on, nothing is left, and that is said."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from fakes.command import BARE, PROGRAM
from fakes.media import Clip, save_clip


def descendants_of(pid: int) -> set[int]:
    """The processes that it started, and those that they did."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = {int(child) for task in tasks for child in _read(task).split()}
    return children.union(*(descendants_of(child) for child in children))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1] not in ([], ["Z"])


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_of_two_encodes_leaves_nothing(
    tmp_path: Path, signum: signal.Signals, code: int
) -> None:
    for name in ("a.mp4", "b.mp4"):
        save_clip(tmp_path / name, Clip(seconds=40, fps=30, filters="noise=alls=60:allf=t"))
    words = [PROGRAM, "render", "a.mp4", "b.mp4", "-o", "out", "-j", "2"]
    before = {path.name for path in tmp_path.iterdir()}
    with subprocess.Popen(
        words, env=BARE | {"TMPDIR": str(tmp_path)}, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 40
        while len(list(tmp_path.rglob(".storyrelay-*.mp4"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        children = descendants_of(process.pid)
        process.send_signal(signum)
        said = process.communicate(timeout=20)[1]

    assert len(children) >= 2
    assert process.returncode == code
    assert said.splitlines() == [
        f"storyrelay: stopped by signal {signum.value}",
        "storyrelay: nothing is lost; start it again",
    ]
    assert not any(is_running(child) for child in children)
    assert {path.name for path in tmp_path.iterdir()} - before <= {"out"}
    assert list((tmp_path / "out").rglob("*")) == []
