"""The adb program itself: which one is run, how long it may take, and whose its server is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.android.line import Line, Notes
from fakes.android.server import AdbServer
from fakes.stories import parcel, rendition

from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.tools import adb
from pipeline.tools.adb import find_adb, phones, run_adb

LOOKS = "from pipeline.tools.adb import phones; print(phones(None, 0.0))"


@pytest.fixture
def silent(tool: Callable[[str], str], tmp_path: Path) -> Iterator[AdbServer]:
    """A port on which no adb server runs yet."""
    server = AdbServer.at_a_free_port(tool("adb"), tmp_path / "home")
    yield server
    server.call("kill-server")


def look(server: AdbServer) -> str:
    """What another process of ours sees through the server, after it has ended."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS],
        env=os.environ | server.variables,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


def test_a_server_that_had_to_be_started_is_stopped_at_the_end(silent: AdbServer) -> None:
    assert look(silent) == "()"
    assert (silent.home / ".android" / "adbkey").exists()
    assert not silent.is_running()


def test_a_server_that_ran_before_is_left_running(silent: AdbServer) -> None:
    silent.call("start-server")
    assert look(silent) == "()"
    assert silent.is_running()


def pid_of(server: AdbServer) -> int:
    """The process that listens for this server's port, and no other."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if b"fork-server" in words and f":{server.port}".encode() in words:
            return int(place.name)
    message = f"no adb server at {server.port}"
    raise LookupError(message)


def test_a_server_killed_between_two_stories_is_started_again(line: Line, tmp_path: Path) -> None:
    phone, channel, made = line.phone(), line.channel(), rendition(tmp_path / "store")
    channel.deliver(parcel(made, 1), Notes())
    os.kill(pid_of(line.server), signal.SIGKILL)
    channel.keep_only(())
    channel.deliver(parcel(made, 2), Notes())
    assert (len(phone.files()), len(phone.opened())) == (1, 2)


def program(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_an_adb_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(adb.OVERRIDE, str(program(tmp_path, "hangs", "sleep 60")))
    with pytest.raises(TryAgain, match=r"adb gave no answer within 0\.3 s\. Next: reconnect the phone"):
        run_adb(["devices"], 0.3)


def test_an_adb_that_is_named_but_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(adb.OVERRIDE, "/nowhere/adb")
    with pytest.raises(
        EnvironmentFault, match=r"\$STORYRELAY_ADB is /nowhere/adb, which is no program. Next: unset it"
    ):
        find_adb()


def test_without_an_adb_the_message_brings_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    with pytest.raises(EnvironmentFault, match=r"there is no adb\. Next: install it .*adbutils"):
        find_adb()


def test_the_adb_that_adbutils_brings_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "adbutils"
    (package / "binaries").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    bundled = program(package / "binaries", "adb", "exit 0")
    monkeypatch.setenv("PATH", "")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_adb() == str(bundled)
    named = program(tmp_path, "other", "exit 0")
    monkeypatch.setenv(adb.OVERRIDE, str(named))
    assert find_adb() == str(named)


SHAKING_HANDS = """
echo once more >>"$0.asked"
echo "List of devices attached"
if [ $(wc -l <"$0.asked") -lt 4 ]; then echo "R58M0 authorizing usb:1-2 transport_id:1"
else echo "R58M0 device usb:1-2 product:x model:Pixel_7 device:x transport_id:1"; fi
"""


def test_a_phone_that_still_shakes_hands_gets_a_little_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = program(tmp_path, "slow", SHAKING_HANDS)
    monkeypatch.setenv(adb.OVERRIDE, str(file))
    assert [phone.state for phone in phones(None, 0.0)] == ["authorizing"]
    assert [(phone.state, phone.usb) for phone in phones(None, 10.0)] == [("device", True)]


@pytest.mark.parametrize(
    ("said", "last"), [("", "-L tcp:9 kill-server"), ("adb server version (40) doesn't match", "devices -l")]
)
def test_a_server_that_replaced_one_of_another_version_is_left_running(
    tmp_path: Path, said: str, last: str
) -> None:
    text = (
        f'echo "$@" >>"$0.asked"; echo "{said}" >&2; echo "* daemon not running; starting now at tcp:9" >&2'
    )
    file = program(tmp_path, "other", text)
    subprocess.run(
        [sys.executable, "-c", LOOKS], env=os.environ | {adb.OVERRIDE: str(file)}, check=True, timeout=30
    )
    asked = (tmp_path / "other.asked").read_text().splitlines()
    assert (asked[0], asked[-1]) == ("devices -l", last)
