"""A farm on this computer: a dask scheduler and workers of ours, as processes on the loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()")
PATIENCE_S = 30
SCHEDULER = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
QUICK = {"DASK_DISTRIBUTED__SCHEDULER__LOCKS__LEASE_TIMEOUT": "3s"}


@dataclass(slots=True)
class FakeFarm:
    """All of it lies in one folder; what it said in files there."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, workers: int = 1, slots: int = 1) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        file = self.root / "scheduler.json"
        program = (sys.executable, "-m", "distributed.cli.dask_scheduler", *SCHEDULER)
        self.scheduler = self._process("scheduler", (*program, "--scheduler-file", str(file)))
        until = time.monotonic() + PATIENCE_S
        while not self.address:
            assert time.monotonic() < until, self.said("scheduler")
            if file.exists() and (text := file.read_text()).endswith("}"):
                self.address = json.loads(text)["address"]
            time.sleep(0.05)
        for _ in range(workers):
            self.add_worker(slots)

    def add_worker(self, slots: int = 1) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.workers)}"
        words = ("worker", self.address, "--slots", str(slots), "--scratch", str(self.root / name))
        process = self._process(f"{name}.log", (*COMMAND, *words))
        self.workers.append(process)
        return process

    def at_work(self, number: int = 0) -> list[int]:
        """Its processes, as soon as a worker has begun."""
        until = time.monotonic() + PATIENCE_S
        while "working for" not in self.said(f"worker-{number}.log"):
            assert time.monotonic() < until, self.said(f"worker-{number}.log")
            time.sleep(0.05)
        return self.children()

    def said(self, name: str) -> str:
        return (self.root / name).read_text(errors="replace")

    def children(self) -> list[int]:
        """The processes that work: each worker keeps one for every slot, and begins another when one dies."""
        found = []
        for worker in self.workers:
            for child in _children(worker.pid):
                line = Path(f"/proc/{child}/cmdline").read_bytes() if Path(f"/proc/{child}").exists() else b""
                if b"spawn_main" in line:
                    found.append(child)
        return found

    def end(self) -> None:
        """The workers first: they say goodbye to the scheduler."""
        self._end(self.workers)
        self._end([self.scheduler] if self.scheduler else [])

    def _end(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _process(self, name: str, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with (self.root / name).open("wb") as said:
            return subprocess.Popen(
                words,
                stdout=said,
                stderr=said,
                stdin=subprocess.DEVNULL,
                env=os.environ | QUICK | self.environment,
            )


def _children(pid: int) -> list[int]:
    """Of all its threads."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for file in lists for word in file.read_text().split()]


@contextmanager
def farm(root: Path, workers: int = 1, environment: dict[str, str] | None = None) -> Iterator[FakeFarm]:
    """A farm that ends with the block."""
    fake = FakeFarm(root, environment or {})
    try:
        fake.start(workers)
        yield fake
    finally:
        fake.end()
