"""A proxy on a loopback port that leads to no network, but to an HTTPS server in the same process."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from functools import partial

from fakes.servers.http1 import Http1
from fakes.servers.http2 import Http2
from fakes.servers.wire import Exchange, Gone

Domains = tuple[str, ...]
PROXY_LOGIN = re.compile(rb"(?im)^proxy-authorization: basic (\S+)")
HEAD_BYTES = 1 << 16
JOIN_S = 5
RESET = struct.pack("ii", 1, 0)  # closing sends RST at once


class Listener:
    """Serves each connection in a thread of its own."""

    def __init__(self, exchange: Exchange, tls: ssl.SSLContext, domains: Domains, port: int = 0) -> None:
        """All hosts below the domains are ours; a domain begins with a dot."""
        self._exchange = exchange
        self._tls = tls
        self._domains = domains
        self._socket = socket.create_server(("127.0.0.1", port))
        self._lock = threading.Lock()
        self._open: dict[int, socket.socket] = {}
        self._threads: list[threading.Thread] = []
        self._count = 0
        self.strangers: list[str] = []
        self.proxy_logins: list[str] = []
        self.port = int(self._socket.getsockname()[1])

    def start(self) -> None:
        self._begin(self._accept)

    def close(self) -> None:
        """Cut all connections, and wait for their threads."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            still_open = list(self._open.values())
        for sock in still_open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(JOIN_S)

    @property
    def connections(self) -> int:
        """How many there were."""
        return self._count

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="stand-in", daemon=True)
        self._threads = [it for it in self._threads if it.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self._count += 1
            self._begin(partial(self._serve, sock, self._count))

    def _serve(self, sock: socket.socket, number: int) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            sock = self._greet(sock, number)
        except (OSError, Gone):
            sock.close()
            self._open.pop(number, None)
            return
        speak = Http2 if protocol_of(sock) == "h2" else Http1
        try:
            speak(sock, number).serve(self._exchange)
        except (OSError, Gone):
            pass
        finally:
            with self._lock:
                self._open.pop(number, None)
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            sock.close()

    def _greet(self, sock: socket.socket, number: int) -> socket.socket:
        """Play the proxy, then the server's side of TLS."""
        self._open[number] = sock
        head = read_head(sock)
        method, target, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if method != "CONNECT":
            sock.sendall(b"HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n")
            raise Gone
        if login := PROXY_LOGIN.search(head):
            self.proxy_logins.append(base64.b64decode(login[1]).decode())
        host = target.rsplit(":", 1)[0]
        if not f".{host}".endswith(self._domains):
            self.strangers.append(host)
            sock.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            raise Gone
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        wrapped = self._tls.wrap_socket(sock, server_side=True)
        with self._lock:
            self._open[number] = wrapped
        return wrapped


def protocol_of(sock: socket.socket) -> str | None:
    """What was agreed on while greeting."""
    return sock.selected_alpn_protocol() if isinstance(sock, ssl.SSLSocket) else None


def read_head(sock: socket.socket) -> bytes:
    """All up to the empty line; a proxy's client says nothing more until it is answered."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < HEAD_BYTES:
        data = sock.recv(HEAD_BYTES)
        if not data:
            raise Gone
        head += data
    return head
