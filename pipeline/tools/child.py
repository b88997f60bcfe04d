"""Child processes that can't hang, leak, outlive us or take the machine with them."""

from __future__ import annotations

import fcntl
import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, cast

from pipeline.errors import EnvironmentFault, Interrupted, RenderError
from pipeline.tools import confine
from pipeline.tools.clock import monotonic_s
from pipeline.values import dataclass, field

POLL_S = 0.1
KEPT_LINES = 20
CHUNK_BYTES = 65_536
LONGEST_LINE_BYTES = 4_096
FED_AT_ONCE_BYTES = 1_000_000
SET_PIPE_SIZE = getattr(fcntl, "F_SETPIPE_SZ", None)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take: wall-clock seconds, MB of address space, and how far it steps back."""

    seconds: float
    memory_mb: int
    nice: int = 10


@dataclass(frozen=True, slots=True)
class Finished:
    """How a child ended: `errors` are the last lines it wrote to stderr, `error_lines` counts all."""

    returncode: int
    errors: tuple[str, ...]
    error_lines: int
    seconds: float


@dataclass(slots=True)
class _Lines:
    """Bytes of a pipe, cut into lines that are handed on; the last few are kept."""

    hand_on: Callable[[str], None] | None
    kept: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    count: int = 0
    rest: bytes = b""

    def feed(self, chunk: bytes) -> None:
        *lines, rest = (self.rest + chunk).replace(b"\r", b"\n").split(b"\n")
        self.rest = rest[-LONGEST_LINE_BYTES:]
        for line in lines:
            self._take(line)

    def end(self) -> None:
        self._take(self.rest)

    def _take(self, line: bytes) -> None:
        text = line[:LONGEST_LINE_BYTES].decode(errors="replace").strip()
        if not text:
            return
        self.count += 1
        self.kept.append(text)
        if self.hand_on:
            self.hand_on(text)


@dataclass(slots=True)
class _Bytes:
    """A pipe that carries no text."""

    hand_on: Callable[[bytes], None]

    def feed(self, chunk: bytes) -> None:
        self.hand_on(chunk)

    def end(self) -> None:
        """Nothing was kept back."""


@dataclass(slots=True)
class _Feed:
    """What a child is still to be given."""

    chunks: Iterator[bytes]
    rest: memoryview = field(default_factory=lambda: memoryview(b""))

    def give(self, pipe: int) -> bool:
        """Whether there is more, after as much as the pipe holds was given."""
        if not self.rest:
            self.rest = memoryview(next(self.chunks, b""))
        if self.rest:
            self.rest = self.rest[os.write(pipe, self.rest) :]
            return True
        return False


def run_child(
    argv: Sequence[str],
    limits: Limits,
    on_line: Callable[[str], None] | None = None,
    stop: Callable[[], bool] | None = None,
    on_bytes: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run `argv` to its end; `on_line` gets its output line by line, in the caller's thread.

    With `on_bytes`, its output isn't text and is handed on as it comes. It gets no stdin and none of our
    files, and dies with us, even when we are killed. Raises RenderError when its time is over, Interrupted
    when `stop` says so, EnvironmentFault when it can't be started.
    """
    return _run(_Call(argv, limits, _Bytes(on_bytes) if on_bytes else _Lines(on_line)), stop)


def feed_child(
    argv: Sequence[str],
    limits: Limits,
    chunks: Iterator[bytes],
    on_line: Callable[[str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Finished:
    """As `run_child`, and `chunks` are given to its stdin, each made when there is room for it.

    A child that ends without having taken them all is no error here: its return code tells.
    """
    return _run(_Call(argv, limits, _Lines(on_line), _Feed(chunks)), stop)


@dataclass(frozen=True, slots=True)
class _Call:
    argv: Sequence[str]
    limits: Limits
    output: _Lines | _Bytes
    feed: _Feed | None = None


def _run(call: _Call, stop: Callable[[], bool] | None) -> Finished:
    argv, limits = call.argv, call.limits
    started, errors = monotonic_s(), _Lines(None)
    with _started(call) as process, selectors.DefaultSelector() as pipes:
        _listen(pipes, process.stdout, call.output)
        _listen(pipes, process.stderr, errors)
        if process.stdin is not None:
            _talk(pipes, process.stdin, call.feed)
        for _ in _until_ended(process, pipes):
            _check_stop(stop)
            _check_time(monotonic_s() - started, limits)
    if process.returncode == confine.CANNOT_START:
        raise EnvironmentFault(
            f"can't start {' '.join(errors.kept) or argv[0]}; `storyrelay doctor` says more"
        )
    return Finished(process.returncode, tuple(errors.kept), errors.count, monotonic_s() - started)


@contextmanager
def _started(call: _Call) -> Iterator[subprocess.Popen[bytes]]:
    argv, limits = call.argv, call.limits
    confined = [sys.executable, "-I", "-S", confine.__file__, str(os.getpid())]
    process = subprocess.Popen(
        [*confined, str(limits.memory_mb), str(limits.nice), *argv],
        stdin=subprocess.PIPE if call.feed else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        bufsize=0,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _listen(pipes: selectors.BaseSelector, pipe: IO[bytes] | None, lines: _Lines | _Bytes) -> None:
    if pipe is not None:
        pipes.register(pipe, selectors.EVENT_READ, lines)


def _talk(pipes: selectors.BaseSelector, pipe: IO[bytes], feed: _Feed | None) -> None:
    """A pipe that holds more is filled with fewer calls: 1 ms less for a picture of 3 MB (2026-11)."""
    if SET_PIPE_SIZE is not None:
        with suppress(OSError):  # where the system allows less, it just takes longer
            fcntl.fcntl(pipe, SET_PIPE_SIZE, FED_AT_ONCE_BYTES)
    os.set_blocking(pipe.fileno(), False)
    pipes.register(pipe, selectors.EVENT_WRITE, feed)


def _until_ended(process: subprocess.Popen[bytes], pipes: selectors.BaseSelector) -> Iterator[None]:
    """Hand on what the child writes; yields at least every POLL_S seconds while it runs.

    Only a pipe that is empty after the end is done with: what came between two looks would be lost.
    """
    while True:
        ended = process.poll() is not None
        ready = pipes.select(0 if ended else POLL_S) if pipes.get_map() else []
        if ended and not ready:
            return
        if not pipes.get_map():
            _wait_a_little(process)
        for key, _ in ready:
            _pump(pipes, key)
        yield


def _pump(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    if isinstance(key.data, _Feed):
        _give(pipes, key)
        return
    chunk = os.read(key.fd, CHUNK_BYTES)
    if chunk:
        key.data.feed(chunk)
    else:
        pipes.unregister(key.fileobj)
        key.data.end()


def _give(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    more = False
    with suppress(BrokenPipeError):  # it ended, and will say why
        more = key.data.give(key.fd)
    if not more:
        pipes.unregister(key.fileobj)
        cast("IO[bytes]", key.fileobj).close()


def _wait_a_little(process: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(POLL_S)


def _check_stop(stop: Callable[[], bool] | None) -> None:
    if stop and stop():
        raise Interrupted(signal.SIGINT)


def _check_time(seconds: float, limits: Limits) -> None:
    if seconds > limits.seconds:
        raise RenderError(
            f"stopped after {limits.seconds / 60:.3g} minutes; `limits.encode_minutes` allows longer"
        )
