from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from pipeline.errors import Interrupted, RenderError
from pipeline.tools.child import Limits, feed_child

ROOM = Limits(seconds=20, memory_mb=2000)
PYTHON = [sys.executable, "-I", "-S", "-c"]
COUNT = "import sys; print(len(sys.stdin.buffer.read()))"
HANG = "import time; time.sleep(60)"


def chunks(count: int) -> Iterator[bytes]:
    return (bytes(1_000_000) for _ in range(count))


def endless() -> Iterator[bytes]:
    while True:
        yield bytes(1_000_000)


def test_a_child_gets_all_it_is_fed_and_then_the_end() -> None:
    lines: list[str] = []
    assert feed_child([*PYTHON, COUNT], ROOM, chunks(5), lines.append).returncode == 0
    assert lines == ["5000000"]


def test_a_child_that_ends_early_is_fed_no_further_and_tells_why() -> None:
    script = "import sys; sys.stdin.buffer.read(9); sys.stderr.write('enough'); sys.exit(3)"
    finished = feed_child([*PYTHON, script], ROOM, endless())
    assert (finished.returncode, finished.errors) == (3, ("enough",))


def test_a_child_that_takes_nothing_is_ended_by_its_time() -> None:
    started = time.monotonic()
    with pytest.raises(RenderError, match=r"limits\.encode_minutes"):
        feed_child([*PYTHON, HANG], Limits(seconds=0.5, memory_mb=2000), endless())
    assert time.monotonic() - started < 5


def test_a_feed_that_never_ends_is_ended_by_a_stop() -> None:
    given: list[bytes] = []

    def watched() -> Iterator[bytes]:
        for chunk in endless():
            given.append(chunk)
            yield chunk

    script = "import sys\nwhile sys.stdin.buffer.read(1 << 20): pass"
    with pytest.raises(Interrupted):
        feed_child([*PYTHON, script], ROOM, watched(), stop=lambda: len(given) > 3)


def test_what_goes_wrong_in_the_feed_ends_the_child() -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RenderError("no more")

    with pytest.raises(RenderError, match="no more"):
        feed_child([*PYTHON, HANG], ROOM, broken())
