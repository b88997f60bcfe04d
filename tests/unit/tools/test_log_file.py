"""A log that never grows beyond its measure, and that others can't read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pipeline.tools.log_file import LogFile

LINE = b"0123456789abcdef\n"


def lines(folder: Path) -> dict[str, int]:
    return {path.name: len(path.read_bytes().splitlines()) for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (0, {"run.log": 1}),
        (1, {"run.log": 1, "run.log.1": 3}),
        (5, {"run.log": 1, "run.log.1": 3, "run.log.2": 3}),
    ],
)
def test_a_full_log_gets_a_number_and_the_oldest_goes(
    tmp_path: Path, keep: int, left: dict[str, int]
) -> None:
    log = LogFile(tmp_path / "run.log", keep, 3 * len(LINE))
    for _ in range(7):
        log.add(LINE)
    assert lines(tmp_path) == left


def test_a_line_that_is_longer_than_a_log_is_written_all_the_same(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "run.log", 1, 5)
    for _ in range(3):
        log.add(LINE)
    assert lines(tmp_path) == {"run.log": 1, "run.log.1": 1}


@pytest.mark.parametrize("umask", [0, 0o022, 0o777])
def test_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        log = LogFile(tmp_path / "run.log", 2, len(LINE))
        for _ in range(3):
            log.add(LINE)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_the_folder_is_made(tmp_path: Path) -> None:
    LogFile(tmp_path / "a" / "b" / "run.log", 2, 100).add(LINE)
    assert (tmp_path / "a" / "b" / "run.log").read_bytes() == LINE


def test_a_full_disk_a_folder_and_a_pipe_that_nobody_reads_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/full"), tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match=r"space|directory|device"):
            LogFile(path, 2, 100).add(LINE)
    assert stat.S_IMODE(Path("/dev/full").stat().st_mode) == 0o666
