"""A stand-in as its own process: it lives on when the run under test is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from fakes.servers.certificates import CERTIFICATE
from fakes.servers.control import Order, send
from fakes.servers.wire import Request

F = TypeVar("F", bound=Enum)
READY = "ready.json"
START_S = 20
STOP_S = 10
TESTS = Path(__file__).parents[2]


class Remote:
    """Whatever is asked of it, the process is asked."""

    def __init__(self, port: int) -> None:
        self._port = port

    def _get(self, path: str) -> Any:
        return send(self._port, Order("get", path))

    def _set(self, path: str, value: object) -> None:
        send(self._port, Order("set", path, (value,)))

    def _call(self, path: str, *positional: object, **named: object) -> Any:
        return send(self._port, Order("call", path, positional, named))


class RemoteFaults(Remote, Generic[F]):
    """As FaultPlan."""

    def add(self, pattern: str, fault: F, times: int | None = 1, after: int = 0, chance: float = 1.0) -> None:
        self._call("faults.add", pattern, fault, times, after, chance)

    def clear(self) -> None:
        self._call("faults.clear")

    def seed(self, number: int) -> None:
        self._call("faults.seed", number)


class RemoteClock(Remote):
    """As StandInClock."""

    @property
    def skew_s(self) -> float:
        return float(self._get("clock.skew_s"))

    @skew_s.setter
    def skew_s(self, seconds: float) -> None:
        self._set("clock.skew_s", seconds)

    def advance(self, seconds: float) -> None:
        self._call("clock.advance", seconds)


class ServerProcess(Remote):
    """As Server; what it knows lies in `folder`, and the next one there goes on from it."""

    def __init__(self, module: str, folder: Path, port: int) -> None:
        """Start `python -m <module>`, whose folder holds already who there is."""
        self.folder = folder
        (folder / READY).unlink(missing_ok=True)
        command = [sys.executable, "-m", module, "--state", str(folder), "--port", str(port)]
        with (folder / "log.txt").open("ab") as log:
            self._child = subprocess.Popen(
                [*command, "--until-eof"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(TESTS)},
            )
        ready = self._ready()
        self.proxy = str(ready["proxy"])
        self.ca_file = folder / CERTIFICATE
        super().__init__(int(ready["desk"]))
        self.clock = RemoteClock(self._port)

    def _ready(self) -> dict[str, Any]:
        """What it says once it can be talked to."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._child.poll() is None:
            if (self.folder / READY).exists():
                return dict(json.loads((self.folder / READY).read_text()))
            time.sleep(0.01)
        self.close()
        raise RuntimeError(f"the stand-in didn't start:\n{(self.folder / 'log.txt').read_text()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let it end by itself; it also does when this process dies."""
        if self._child.stdin:
            self._child.stdin.close()
        try:
            self._child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """The power fails."""
        self._child.kill()
        self._child.wait()
        if self._child.stdin:
            self._child.stdin.close()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def requests(self) -> list[Request]:
        return list(self._get("requests"))

    @property
    def strangers(self) -> list[str]:
        return list(self._get("strangers"))

    @property
    def proxy_logins(self) -> list[str]:
        return list(self._get("proxy_logins"))

    @property
    def connections(self) -> int:
        return int(self._get("connections"))

    @property
    def under_way(self) -> int:
        return int(self._get("under_way"))

    @property
    def listing_delay_s(self) -> float:
        return float(self._get("listing_delay_s"))

    @listing_delay_s.setter
    def listing_delay_s(self, seconds: float) -> None:
        self._set("listing_delay_s", seconds)

    @property
    def latency_s(self) -> float:
        return float(self._get("latency_s"))

    @latency_s.setter
    def latency_s(self, seconds: float) -> None:
        self._set("latency_s", seconds)

    def most_at_once(self, user: str = "*") -> int:
        return int(self._call("most_at_once", user))
