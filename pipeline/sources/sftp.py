"""SFTP by fsspec and paramiko, with a server that must be known, and an end to every wait."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

OF_THE_SYSTEM = Path("/etc/ssh/ssh_known_hosts")


class UnknownHost(Exception):
    """The server's key isn't known; the message tells which it is."""


class Sftp(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's own takes any server for the right one, and waits for ever."""

    def __init__(self, host: str, *, connect_s: float, answer_s: float, **options: Any) -> None:
        """Log in. `known_hosts` names a file of its own beside the usual ones; the rest is paramiko's."""
        self.limits = (connect_s, answer_s)
        self.known_hosts = options.pop("known_hosts", None)
        super().__init__(host, **options)

    def _connect(self) -> None:
        connect_s, answer_s = self.limits
        self.client = paramiko.SSHClient()
        try:
            self._know_hosts()
            self.client.set_missing_host_key_policy(_Refusing())
            limits = {"timeout": connect_s, "banner_timeout": connect_s, "auth_timeout": connect_s}
            self.client.connect(self.host, **{**limits, **self.ssh_kwargs})
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(answer_s)
        except BaseException:
            self.client.close()
            raise

    def _open(self, path: str, mode: str = "rb", block_size: int | None = None, **kwargs: Any) -> Any:
        """A file whose pieces are asked for ahead by a thread that is silent when the connection ends."""
        file = super()._open(path, mode, block_size, **kwargs)
        asking = file._prefetch_thread  # noqa: SLF001 - where there is none any more, nothing needs silencing

        def quietly(*given: Any) -> None:
            with suppress(EOFError, OSError, paramiko.SSHException):
                asking(*given)

        file._prefetch_thread = quietly  # noqa: SLF001
        return file

    def home(self) -> str:
        """The folder in which a login begins."""
        return str(self.ftp.normalize("."))

    def leave(self) -> None:
        """End the connection."""
        self.client.close()

    def _know_hosts(self) -> None:
        named = (Path(self.known_hosts),) if self.known_hosts else ()
        usual = (Path(os.path.expanduser("~/.ssh/known_hosts")), OF_THE_SYSTEM)  # noqa: PTH111 - cron has no HOME
        for file in (*named, *(file for file in usual if file.is_file())):
            self.client.load_system_host_keys(str(file))


class _Refusing(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    def missing_host_key(self, _client: paramiko.SSHClient, _name: str, key: paramiko.PKey) -> None:
        raise UnknownHost(f"{key.get_name()} {key.fingerprint}")
