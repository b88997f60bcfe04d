from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import NotReadyError
from pipeline.load.settled import check_settled
from pipeline.tools import clock

HOUR_S = 3600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "beach.mp4"
    path.write_bytes(b"picture")
    return path


def age(path: Path, seconds: float) -> None:
    written_at = clock.now().timestamp() - seconds
    os.utime(path, (written_at, written_at))


def test_a_file_nobody_writes_is_settled_at_once(path: Path) -> None:
    assert check_settled(path, HOUR_S)


def test_a_file_that_is_open_for_writing_is_not_settled_however_old(path: Path) -> None:
    age(path, HOUR_S)
    with path.open("ab"), pytest.raises(NotReadyError, match=r"beach\.mp4 is still being written"):
        check_settled(path, 0)

    check_settled(path, 0)


def test_a_file_that_others_only_read_is_settled(path: Path) -> None:
    with path.open("rb"):
        check_settled(path, HOUR_S)


@pytest.mark.usefixtures("no_leases")
def test_without_leases_a_file_must_have_been_left_alone(path: Path) -> None:
    with pytest.raises(NotReadyError):
        check_settled(path, 10)

    age(path, 11)
    check_settled(path, 10)


@pytest.mark.usefixtures("no_leases")
def test_a_time_in_the_far_future_does_not_hold_a_file_back_for_ever(path: Path) -> None:
    age(path, -2)
    with pytest.raises(NotReadyError):
        check_settled(path, 10)

    age(path, -HOUR_S)
    check_settled(path, 10)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_settled(tmp_path / "gone.jpg", 0)


def test_a_writer_that_comes_while_the_kernel_is_asked_does_not_end_the_process(path: Path) -> None:
    program = f"""
import os, threading
from pathlib import Path
from pipeline.errors import NotReadyError
from pipeline.load.settled import check_settled
path, stop = Path({str(path)!r}), threading.Event()
def write():
    while not stop.is_set():
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except BlockingIOError:
            pass
writer = threading.Thread(target=write)
writer.start()
busy = 0
for _ in range(4000):
    try:
        check_settled(path, 0)
    except NotReadyError:
        busy += 1
stop.set()
writer.join()
print("alive")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
