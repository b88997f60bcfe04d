"""An adb server of the tests' own: another port, another home; the one of this machine is never touched."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

NO_EMULATORS = "5553"
"""Below the first port on which adb looks for emulators."""


@dataclass(frozen=True, slots=True)
class AdbServer:
    """Where it is, as environment variables; `adb` is the program."""

    adb: str
    home: Path
    port: int

    @classmethod
    def at_a_free_port(cls, adb: str, home: Path) -> AdbServer:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        home.mkdir(parents=True, exist_ok=True)
        return cls(adb, home, port)

    @property
    def variables(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "ANDROID_ADB_SERVER_PORT": str(self.port),
            "ADB_LOCAL_TRANSPORT_MAX_PORT": NO_EMULATORS,
            "ADB_MDNS_AUTO_CONNECT": "0",
            "TMPDIR": str(self.home),
        }

    def call(self, *words: str) -> str:
        """What adb says to a command."""
        done = subprocess.run(
            [self.adb, *words],
            env=os.environ | self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout + done.stderr

    def is_running(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_server(tool: Callable[[str], str], home: Path) -> Iterator[AdbServer]:
    """A server that knows no phone yet."""
    tool("mksh")
    tool("toybox")
    server = AdbServer.at_a_free_port(tool("adb"), home)
    server.call("start-server")
    if len(server.call("devices").split("\n")) > len(["List of devices attached", "", ""]):
        pytest.fail("a real phone is connected: unplug it, the tests must not reach it")
    yield server
    server.call("kill-server")
