"""The server's side of one HTTP/1.1 connection."""

from __future__ import annotations

import socket
from dataclasses import replace
from http import HTTPStatus

import h11
from fakes.servers.http2 import CHUNK_BYTES, wait_for_the_other_to_go
from fakes.servers.wire import Answer, Drop, Exchange, Gone, Hang, Request


class Interrupted:
    """The client is gone, and its request isn't complete."""


class Http1:
    """Answers one request after the other; `number` is the connection's."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self._sock = sock
        self._number = number
        self._connection = h11.Connection(h11.SERVER)

    def serve(self, exchange: Exchange) -> None:
        """Raises Gone when the connection is over."""
        while True:
            request = self._receive()
            reply = exchange(request)
            if not request.whole:
                raise Gone
            match reply:
                case Drop():
                    raise Gone
                case Hang():
                    wait_for_the_other_to_go(self._sock)
                case Answer():
                    self._send(reply)
            if self._connection.our_state is not h11.DONE or self._connection.their_state is not h11.DONE:
                raise Gone
            self._connection.start_next_cycle()

    def _receive(self) -> Request:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._next_event()
            match event:
                case h11.Request():
                    head = event
                case h11.Data():
                    body += event.data
                case h11.EndOfMessage() if head is not None:
                    return self._request(head, bytes(body))
                case Interrupted() if head is not None:
                    return replace(self._request(head, bytes(body)), whole=False)
                case _:
                    raise Gone

    def _next_event(self) -> object:
        while (event := self._connection.next_event()) is h11.NEED_DATA:
            if self._connection.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self._sock.sendall(self._connection.send(go_on) or b"")
            acknowledge_at_once(self._sock)
            data = self._sock.recv(CHUNK_BYTES)
            if not data and self._connection.their_state is h11.SEND_BODY:
                return Interrupted()
            self._connection.receive_data(data)
        return event

    def _request(self, head: h11.Request, body: bytes) -> Request:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in head.headers}
        method, target = head.method.decode(), head.target.decode()
        return Request(method, headers.get("host", ""), target, headers, body, "http/1.1", self._number)

    def _send(self, answer: Answer) -> None:
        headers = [*answer.headers, ("content-length", str(len(answer.body)))]
        reason = HTTPStatus(answer.status).phrase
        start = h11.Response(status_code=answer.status, headers=headers, reason=reason)
        self._sock.sendall(self._connection.send(start) or b"")
        if answer.cut_after is not None:
            self._sock.sendall(answer.body[: answer.cut_after])
            raise Gone
        self._sock.sendall(self._connection.send(h11.Data(data=answer.body)) or b"")
        self._sock.sendall(self._connection.send(h11.EndOfMessage()) or b"")


def acknowledge_at_once(sock: socket.socket) -> None:
    """Else a client behind a proxy, which sends head and body apart, waits 40 ms in between each time."""
    if hasattr(socket, "TCP_QUICKACK"):  # Linux; it holds for the next packets only
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
