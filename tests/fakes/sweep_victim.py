"""A program that starts the real command in forks of itself, under strace, which kills it or fails one call.

It follows the line protocol of `crash_server`. What usually runs in threads runs in the only one there is, as
strace counts the calls of each thread by itself.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from fakes.crash_server import break_it, serve
from fakes.crashes import three_assets

import pipeline.cli.run
import pipeline.run.course
import pipeline.run.intake
import pipeline.run.outflow
from pipeline.cli import main
from pipeline.tools import standstill
from pipeline.tools.clock import now

R = TypeVar("R")
ATTACHED_S = 10
CALLS = (
    "openat,creat,write,writev,pwrite64,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,"
    "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "chmod,fchmod,fchmodat,utimensat,copy_file_range,sendfile,flock"
)
"""What changes a disk, and what opens files at all."""


class Inline(Executor):
    """Does at once what it is given."""

    def submit(self, fn: Callable[..., R], /, *arguments: Any, **options: Any) -> Future[R]:
        done: Future[R] = Future()
        try:
            done.set_result(fn(*arguments, **options))
        except Exception as failure:  # noqa: BLE001 - as an executor does
            done.set_exception(failure)
        return done


@contextmanager
def inline(_: int) -> Iterator[Executor]:
    yield Inline()


def traced(inject: str | None, told: str) -> None:
    """From now on strace counts; it tells in a file what it saw and did. Raises TimeoutError."""
    words = ["strace", "-qq", "-o", told, "-e", f"trace={CALLS}", "-p", str(os.getpid())]
    if inject:
        words += ["-e", f"inject={inject}"]
    status = os.open("/proc/self/status", os.O_RDONLY)
    subprocess.Popen(words, stdin=subprocess.DEVNULL)
    until = time.monotonic() + ATTACHED_S
    while b"TracerPid:\t0\n" in os.pread(status, 4096, 0):
        if time.monotonic() > until:
            raise TimeoutError("strace didn't attach")
        time.sleep(0.001)


def carry_out(request: dict[str, Any]) -> int:
    """The command in the folder that the request names, at a later hour; its exit code."""
    world = Path(request["world"])
    log = os.open(world / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    if request["broken"]:
        break_it(request["broken"])
    if request["strace"]:
        traced(request["inject"], request["strace"])
    ahead = timedelta(hours=request["ahead_hours"])
    vars(pipeline.run)["run"] = partial(pipeline.run.run, clock=lambda: now() + ahead)
    return command(world, request["words"])


def command(world: Path, words: Sequence[str]) -> int:
    try:
        main([*words, "-c", str(world / "storyrelay.yaml")])
    except SystemExit as left:
        return int(left.code or 0)
    raise AssertionError("the command didn't end")


def warm_up() -> None:
    """A whole run, so that later ones find all modules and fonts in memory."""
    with tempfile.TemporaryDirectory() as folder:
        three_assets(Path(folder))
        assert command(Path(folder), ["run", "-q"]) == 0


if __name__ == "__main__":
    for module in (pipeline.run.intake, pipeline.run.outflow):
        vars(module)["threads"] = inline
    vars(standstill)["STARTED_S"] = math.inf  # the settings are kept in every life, however new the config is
    warm_up()
    serve(carry_out)
