from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import EnvironmentFault, Interrupted, RenderError
from pipeline.tools.child import Limits, run_child

ROOM = Limits(seconds=20, memory_mb=2000)
PYTHON = [sys.executable, "-I", "-S", "-c"]
HOLDER = """
import fcntl, sys
from pathlib import Path
from pipeline.tools.child import Limits, run_child
lock = Path(sys.argv[1]).open("w")
fcntl.flock(lock, fcntl.LOCK_EX)
run_child([sys.executable, "-c",
    "import os, time; print(os.getpid(), flush=True); time.sleep(60)"],
    Limits(50, 2000), lambda line: print(line, flush=True))
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def dies_soon(pid: int) -> bool:
    for _ in range(100):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_a_childs_output_is_handed_on_line_by_line_and_its_complaints_are_kept() -> None:
    lines: list[str] = []
    script = "import sys; print('one'); print('two', end=''); sys.stderr.write('bad\\n\\nworse'); sys.exit(3)"

    finished = run_child([*PYTHON, script], ROOM, lines.append)

    assert lines == ["one", "two"]
    assert (finished.returncode, finished.errors, finished.error_lines) == (3, ("bad", "worse"), 2)
    assert 0 < finished.seconds < 10


def test_output_that_is_no_text_is_handed_on_as_it_is() -> None:
    received = bytearray()
    script = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 1000)"

    finished = run_child([*PYTHON, script], ROOM, on_bytes=received.extend)

    assert finished.returncode == 0
    assert bytes(received) == bytes(range(256)) * 1000


def test_only_the_last_complaints_are_kept_but_all_are_counted() -> None:
    script = "import sys; [sys.stderr.write(f'line {n}\\n') for n in range(5000)]"

    finished = run_child([*PYTHON, script], ROOM)

    assert finished.error_lines == 5000
    assert finished.errors[0] == "line 4980"
    assert finished.errors[-1] == "line 4999"


def test_a_line_without_an_end_takes_no_memory() -> None:
    script = "import sys; sys.stdout.write('x' * 30_000_000)"
    lines: list[str] = []

    assert run_child([*PYTHON, script], ROOM, lines.append).returncode == 0
    assert all(len(line) <= 5000 for line in lines)


def test_a_child_that_hangs_is_killed_with_its_own_children_when_its_time_is_over(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = (
        "import subprocess, sys, time; child = subprocess.Popen(['sleep', '60']); "
        f"open({str(noted)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )

    with pytest.raises(RenderError, match=r"limits\.encode_minutes"):
        run_child([sys.executable, "-c", script], Limits(seconds=1, memory_mb=2000))

    assert dies_soon(int(noted.read_text()))


def test_a_child_that_closes_its_pipes_still_has_to_end_in_time() -> None:
    script = "import os, time; os.close(1); os.close(2); time.sleep(60)"

    with pytest.raises(RenderError):
        run_child([*PYTHON, script], Limits(seconds=0.5, memory_mb=2000))


def test_asking_to_stop_kills_the_child_at_once() -> None:
    asked = threading.Event()
    pids: list[int] = []

    def note(line: str) -> None:
        pids.append(int(line))
        asked.set()

    started = time.monotonic()
    with pytest.raises(Interrupted):
        run_child(
            [*PYTHON, "import os, time; print(os.getpid(), flush=True); time.sleep(60)"],
            ROOM,
            note,
            asked.is_set,
        )

    assert time.monotonic() - started < 5
    assert dies_soon(pids[0])


def test_a_fault_in_the_listener_kills_the_child_too() -> None:
    pids: list[int] = []

    def fail(line: str) -> None:
        pids.append(int(line))
        raise ValueError(line)

    with pytest.raises(ValueError, match=r"\d+"):
        run_child([*PYTHON, "import os, time; print(os.getpid(), flush=True); time.sleep(60)"], ROOM, fail)

    assert dies_soon(pids[0])


def test_a_child_gets_no_more_memory_than_allowed() -> None:
    finished = run_child([*PYTHON, "x = bytearray(900_000_000)"], Limits(seconds=20, memory_mb=500))

    assert finished.returncode != 0
    assert "MemoryError" in finished.errors[-1]


def test_a_child_steps_back_gets_no_input_and_none_of_our_files(tmp_path: Path) -> None:
    script = (
        "import os, sys; print(os.nice(0)); print(sys.stdin.read() == ''); "
        "print(sorted(os.listdir('/proc/self/fd')))"
    )
    lines: list[str] = []
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        run_child([*PYTHON, script], Limits(20, 2000, nice=7), lines.append)

    assert lines[0] == str(os.nice(0) + 7)
    assert lines[1] == "True"
    assert len(lines[2].split()) == 4  # stdin, stdout, stderr, and the listing itself


def test_a_program_that_isnt_there_is_a_fault_of_the_machine() -> None:
    with pytest.raises(EnvironmentFault, match="no-such-program"):
        run_child(["/no-such-program"], ROOM)


def test_arguments_arrive_unchanged() -> None:
    odd = ["a b", "; reboot", "$HOME", "'\"", "-n", "ü\udcff", ""]
    lines: list[str] = []

    run_child([*PYTHON, "import sys; print(ascii(sys.argv[1:]))", *odd], ROOM, lines.append)

    assert lines == [ascii(odd)]


def test_after_a_kill_of_the_parent_no_child_lives_on_and_the_lock_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    parent = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal.SIGKILL)

    assert dies_soon(child)
    with lock.open("w") as again:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_child_of_a_thread_outlives_other_threads(tmp_path: Path) -> None:
    """The kernel ties a child to the thread that started it: it must end with that one, not before."""
    results: list[int] = []
    worker = threading.Thread(
        target=lambda: results.append(run_child([*PYTHON, "import time; time.sleep(0.5)"], ROOM).returncode)
    )
    worker.start()
    threading.Thread(target=lambda: None).start()
    worker.join()

    assert results == [0]


def test_what_a_child_says_at_its_very_end_is_heard_by_a_slow_listener() -> None:
    lines: list[str] = []

    def dawdle() -> bool:
        time.sleep(2)  # the child speaks and ends while nobody listens
        return False

    script = "import sys, time; time.sleep(0.3); print('last words'); sys.stderr.write('and complaints')"
    finished = run_child([*PYTHON, script], ROOM, lines.append, dawdle)
    assert (lines, finished.errors) == (["last words"], ("and complaints",))
