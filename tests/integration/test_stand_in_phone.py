"""The stand-in phone itself, as the real adb sees it: what other tests lean on."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest
from fakes.android.line import Line

BIG_BYTES = 3_000_001


def test_a_large_file_comes_back_as_it_went(line: Line, tmp_path: Path) -> None:
    phone = line.phone()
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(os.urandom(BIG_BYTES))
    assert "1 file pushed" in line.server.call("-s", phone.serial, "push", str(there), "/sdcard/Movies/new/x")
    line.server.call("-s", phone.serial, "pull", "/sdcard/Movies/new/x", str(back))
    assert back.read_bytes() == there.read_bytes()


@pytest.mark.parametrize("features", [(), ("shell_v2", "cmd")])
def test_a_command_answers_in_both_shell_protocols(line: Line, features: tuple[str, ...]) -> None:
    phone = line.phone(features=features)
    assert line.server.call("-s", phone.serial, "shell", "getprop ro.build.version.sdk; nope").startswith(
        "34\n"
    )


def test_nothing_of_this_machine_can_be_called_there(line: Line) -> None:
    phone = line.phone()
    assert "not found" in line.by_hand(phone, "shell", "python3 -c 1")


def _exactly(line: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count and (piece := line.recv(65_536)):
        got += piece
    return got


def _echo(here: socket.socket) -> None:
    with here.accept()[0] as caller:
        while piece := caller.recv(65_536):
            caller.sendall(piece)


def test_what_the_phone_opens_on_a_reversed_port_comes_out_here(line: Line) -> None:
    phone = line.phone()
    with socket.create_server(("127.0.0.1", 0)) as here:
        rule = f"tcp:{here.getsockname()[1]}"
        port = int(line.server.call("-s", phone.serial, "reverse", "tcp:0", rule))
        assert f"tcp:{port} {rule}" in line.server.call("-s", phone.serial, "reverse", "--list")
        thread = threading.Thread(target=_echo, args=(here,))
        thread.start()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as there:
            sent = os.urandom(600_000)
            writer = threading.Thread(target=there.sendall, args=(sent,))
            writer.start()
            got = _exactly(there, len(sent))
            writer.join()
        thread.join()
    line.server.call("-s", phone.serial, "reverse", "--remove-all")
    assert got == sent
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=10)
