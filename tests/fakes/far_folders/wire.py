"""A wire to a server, that can be cut, held up or taken away."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

PIECE = 1 << 14
State = Literal["good", "down", "silent"]


@dataclass(slots=True)
class Wire:
    """Carries bytes between whoever calls `port` and a server."""

    server: int
    state: State = "good"
    cut_after: int | None = None
    """So many bytes from the server, then the connection breaks."""
    silent_after: int | None = None
    """So many bytes from the server, then nothing more comes."""
    calls: int = 0
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    ends: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._take_calls, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def close(self) -> None:
        """Everything ends."""
        for end in (self.listening, *self.ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _take_calls(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.listening.accept()
                self.calls += 1
                self.ends.append(caller)
                if self.state == "down":
                    caller.close()
                elif self.state == "good":
                    self._connect(caller)

    def _connect(self, caller: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.server))
        self.ends.append(server)
        threading.Thread(target=self._carry, args=(caller, server), daemon=True).start()
        threading.Thread(target=self._carry_back, args=(server, caller), daemon=True).start()

    def _carry(self, caller: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := caller.recv(PIECE):
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)

    def _carry_back(self, server: socket.socket, caller: socket.socket) -> None:
        carried = 0
        with suppress(OSError):
            while piece := server.recv(PIECE):
                carried += len(piece)
                if self.silent_after is not None and carried > self.silent_after:
                    return
                if self.cut_after is not None and carried > self.cut_after:
                    break
                caller.sendall(piece)
            for end in (caller, server):
                end.shutdown(socket.SHUT_RDWR)
