"""The line on which a test steers a stand-in that runs as its own process."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from operator import attrgetter
from typing import Any, Literal

LOOPBACK = "127.0.0.1"
KEY = b"a stand-in of a test"


@dataclass(frozen=True, slots=True)
class Order:
    """Read, set or call something of the stand-in, by the path of its name."""

    what: Literal["get", "set", "call"]
    path: str
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


def carry_out(target: object, order: Order) -> Any:
    """Do it. Raises whatever that raises."""
    if order.what == "set":
        *parents, name = order.path.split(".")
        owner = attrgetter(".".join(parents))(target) if parents else target
        setattr(owner, name, order.positional[0])
        return None
    found = attrgetter(order.path)(target)
    return found(*order.positional, **order.named) if order.what == "call" else found


class Desk:
    """Takes orders for the stand-in, one after the other, on a port of its own."""

    def __init__(self, target: object) -> None:
        self._target = target
        self._listener = Listener((LOOPBACK, 0), authkey=KEY)
        self.port = int(self._listener.address[1])
        threading.Thread(target=self._serve, name="desk", daemon=True).start()

    def _serve(self) -> None:
        while True:
            with contextlib.suppress(EOFError, OSError), self._listener.accept() as line:
                self._take(line)

    def _take(self, line: Connection[Any, Any]) -> None:
        order = line.recv()
        try:
            line.send((True, carry_out(self._target, order)))
        except Exception as error:  # noqa: BLE001  # it is the caller's, who is told
            line.send((False, repr(error)))


def send(port: int, order: Order) -> Any:
    """Have an order carried out. Raises RuntimeError with what went wrong there."""
    with Client((LOOPBACK, port), authkey=KEY) as line:
        hurry(line)
        line.send(order)
        fine, value = line.recv()
    if not fine:
        raise RuntimeError(value)
    return value


def hurry(line: Connection[Any, Any]) -> None:
    """Send small messages at once: the kernel would wait 40 ms for more of them."""
    with socket.socket(fileno=os.dup(line.fileno())) as same:
        same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
