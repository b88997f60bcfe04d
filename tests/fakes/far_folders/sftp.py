"""A folder that is served by SFTP, to who knows the password; a small server of paramiko's parts."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
from fakes.far_folders.folder import PASSWORD, FarFolder
from fakes.far_folders.local import laid
from fakes.far_folders.wire import Wire
from paramiko.sftp_server import SFTPServer

USER = "ana"


class Door(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets one person in."""

    def check_auth_password(self, username: str, password: str) -> int:
        good = (username, password) == (USER, PASSWORD)
        return int(paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class Files(paramiko.SFTPServerInterface):  # type: ignore[misc]
    """Reading below a root; `renamed` says under which names files are told."""

    def __init__(self, server: Any, root: Path, renamed: dict[str, str]) -> None:
        super().__init__(server)
        self.root, self.renamed = root, renamed

    def list_folder(self, path: str) -> Any:
        try:
            return [self._told(entry) for entry in os.scandir(self._place(path))]
        except OSError as fault:
            return paramiko.SFTPServer.convert_errno(fault.errno)

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._place(path).stat())
        except OSError as fault:
            return paramiko.SFTPServer.convert_errno(fault.errno)

    def lstat(self, path: str) -> Any:
        return self.stat(path)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            file = self._place(path).open("rb")
        except OSError as fault:
            return paramiko.SFTPServer.convert_errno(fault.errno)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = file
        return handle

    def _told(self, entry: os.DirEntry[str]) -> Any:
        told = paramiko.SFTPAttributes.from_stat(entry.stat(follow_symlinks=False), entry.name)
        told.filename = self.renamed.get(entry.name, entry.name)
        return told

    def _place(self, path: str) -> Path:
        return self.root / path.lstrip("/")


@dataclass(slots=True)
class Serving:
    """A server on a port of this computer."""

    root: Path
    key: paramiko.PKey
    renamed: dict[str, str] = field(default_factory=dict)
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    transports: list[paramiko.Transport] = field(default_factory=list)

    def take_calls(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.listening.accept()
                threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with suppress(paramiko.SSHException, EOFError, OSError):
            transport = paramiko.Transport(caller)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", SFTPServer, Files, self.root, self.renamed)
            self.transports.append(transport)
            transport.start_server(server=Door())

    def close(self) -> None:
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for transport in self.transports:
            transport.close()


@contextmanager
def sftp(root: Path) -> Iterator[FarFolder]:
    folder = root / "far" / "stories"
    folder.mkdir(parents=True)
    server = Serving(root / "far", paramiko.ECDSAKey.generate())
    threading.Thread(target=server.take_calls, daemon=True).start()
    wire = Wire(int(server.listening.getsockname()[1]))
    known = root / "known_hosts"
    known.write_text(f"[127.0.0.1]:{wire.port} {server.key.get_name()} {server.key.get_base64()}\n")
    try:
        yield FarFolder(
            f"sftp://{USER}@127.0.0.1:{wire.port}/stories",
            {"password": PASSWORD, "known_hosts": str(known)},
            write=lambda path, content: laid(folder, path, content),
            remove=lambda path: (folder / path).unlink(),
            wrong={"password": "open"},
            wire=wire,
            renamed=server.renamed,
        )
    finally:
        wire.close()
        server.close()
