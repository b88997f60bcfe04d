"""The lock: one run at a time, whatever happens to it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer

import pytest
from fakes.trees import tree_of

import pipeline.ledger.lock
from pipeline.errors import EnvironmentFault, LockedError
from pipeline.ledger import exclusive

HOLDER = """
import subprocess, sys, time
from pathlib import Path
from threading import Timer
from pipeline.ledger import exclusive
with exclusive(Path(sys.argv[1])):
    child = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL, close_fds=False)
    print(child.pid, flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(state: Path) -> Iterator[tuple[int, int]]:
    """Another process that holds the lock, and a child of it; their numbers."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        try:
            yield process.pid, child
        finally:
            process.kill()
            os.kill(child, signal.SIGKILL)


def test_the_second_run_is_turned_away_at_once_and_touches_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with holder(state) as (pid, _):
        before = tree_of(tmp_path)
        with pytest.raises(LockedError, match=rf"process {pid}\); nothing was done. Next:"), exclusive(state):
            pytest.fail("two at once")
        assert tree_of(tmp_path) == before


def test_whoever_writes_down_an_answer_is_waited_for(tmp_path: Path) -> None:
    """A tap on the page at 18:00 mustn't cost the run that cron starts then its turn."""
    with ThreadPoolExecutor(1) as pool, ExitStack() as answering:
        answering.enter_context(exclusive(tmp_path, brief=True))
        run = pool.submit(hold_for_a_moment, tmp_path)
        time.sleep(0.2)
        assert not run.done()
        answering.close()
        assert run.result() == "held"


def test_an_answer_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.ledger.lock, "PATIENCE_S", 0.2)
    with exclusive(tmp_path, brief=True), pytest.raises(LockedError, match=rf"process {os.getpid()}\)"):
        hold_for_a_moment(tmp_path)


def hold_for_a_moment(state: Path) -> str:
    with exclusive(state):
        return "held"


def test_the_lock_of_a_killed_run_is_free_although_its_child_lives_on(tmp_path: Path) -> None:
    with holder(tmp_path) as (pid, child):
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        os.kill(child, 0)
        with exclusive(tmp_path):
            pass


def test_the_lock_can_be_taken_again_and_again(tmp_path: Path) -> None:
    for _ in range(3):
        with exclusive(tmp_path):
            pass


def test_the_lock_is_freed_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path):
        raise ZeroDivisionError
    with exclusive(tmp_path):
        pass


def test_within_one_process_there_is_one_lock_too(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(LockedError, match=str(os.getpid())), exclusive(tmp_path):
        pytest.fail("two at once")


def test_a_state_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(EnvironmentFault, match=r"can't be used.*Next:"),
        exclusive(tmp_path / "file" / "state"),
    ):
        pytest.fail("locked what isn't there")


def test_only_the_owner_may_look_into_a_new_state_folder(tmp_path: Path) -> None:
    with exclusive(tmp_path / "new"):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_who_has_not_yet_written_down_who_it_is_is_waited_for(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as nameless:
        fcntl.flock(nameless, fcntl.LOCK_EX)
        Timer(0.05, fcntl.flock, (nameless, fcntl.LOCK_UN)).start()
        with exclusive(tmp_path):
            pass
