"""`storyrelay serve` and `preview --serve` as a person starts them: a process, until it gets a signal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.caller import Caller
from fakes.command import BARE, CONFIG, PROGRAM

START_S = 20.0
SERVED = re.compile(rb"the (?:page is served|preview is) at https?://[^:\s]+:(\d+)")


@dataclass(frozen=True, slots=True)
class Served:
    """A page being served; what it says goes into `log`."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int

    def caller(self) -> Caller:
        return Caller(self.port)

    def said(self) -> str:
        return self.log.read_text()

    def end(self, signum: int = signal.SIGTERM) -> tuple[int, float]:
        """Its exit code, and how many seconds that took."""
        begun = time.monotonic()
        self.process.send_signal(signum)
        return self.process.wait(START_S), time.monotonic() - begun


@contextmanager
def serve(root: Path, *words: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Serve what is in a folder at a port that is free, without any phone on a cable."""
    with started(root, "serve", *words, env=env) as served:
        yield served


@contextmanager
def started(root: Path, command: str, *words: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """The same for any command that serves a page."""
    log = root / "serve.log"
    argv = [PROGRAM, command, "--port", "0", "-c", CONFIG, *words]
    no_adb = {"STORYRELAY_ADB": "/bin/false"}
    with (
        log.open("wb") as told,
        subprocess.Popen(
            argv,
            cwd=root,
            env=BARE | no_adb | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        ) as process,
    ):
        try:
            yield Served(process, log, _port(process, log))
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        found = SERVED.search(log.read_bytes())
        if found:
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(log.read_text())
