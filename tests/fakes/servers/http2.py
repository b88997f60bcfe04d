"""The server's side of one HTTP/2 connection."""

from __future__ import annotations

import socket
from collections import deque
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.settings
from fakes.servers.wire import Answer, Drop, Exchange, Gone, Hang, Request

CHUNK_BYTES = 1 << 16
WINDOW_BYTES = 1 << 24  # an upload needn't wait for permission


@dataclass(slots=True)
class Stream:
    """A request that is coming in."""

    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)

    def request(self, number: int) -> Request:
        pseudo = {name: value for name, value in self.headers if name.startswith(":")}
        headers = {name.lower(): value for name, value in self.headers if not name.startswith(":")}
        host = pseudo.get(":authority") or headers.get("host", "")
        return Request(pseudo[":method"], host, pseudo[":path"], headers, bytes(self.body), "h2", number)


class Http2:
    """Answers one request after the other; `number` is the connection's."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self._sock = sock
        self._number = number
        self._streams: dict[int, Stream] = {}
        self._events: deque[h2.events.Event] = deque()
        self._connection = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )

    def serve(self, exchange: Exchange) -> None:
        """Raises Gone when the connection is over."""
        self._connection.initiate_connection()
        self._connection.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW_BYTES})
        self._connection.increment_flow_control_window(WINDOW_BYTES)
        while True:
            while not self._events:
                self._pull()
            finished = self._hear(self._events.popleft())
            if finished is not None:
                stream = self._streams.pop(finished)
                self._reply(finished, exchange, stream.request(self._number))

    def _pull(self) -> None:
        self._flush()
        data = self._sock.recv(CHUNK_BYTES)
        if not data:
            raise Gone
        self._events.extend(self._connection.receive_data(data))
        self._flush()

    def _flush(self) -> None:
        self._sock.sendall(self._connection.data_to_send())

    def _hear(self, event: h2.events.Event) -> int | None:
        """The number of the stream whose request is complete."""
        match event:
            case h2.events.RequestReceived(stream_id=int(number), headers=headers):
                self._streams[number] = Stream([(str(name), str(value)) for name, value in headers or ()])
            case h2.events.DataReceived(stream_id=int(number), data=data, flow_controlled_length=length):
                self._streams[number].body += data or b""
                self._connection.acknowledge_received_data(length or 0, number)
            case h2.events.StreamEnded(stream_id=int(number)):
                return number
            case h2.events.StreamReset(stream_id=int(number)):
                self._streams.pop(number, None)
            case h2.events.ConnectionTerminated():
                raise Gone
        return None

    def _reply(self, stream: int, exchange: Exchange, request: Request) -> None:
        reply = exchange(request)
        match reply:
            case Drop():
                raise Gone
            case Hang():
                wait_for_the_other_to_go(self._sock)
            case Answer():
                self._send(stream, reply)

    def _send(self, stream: int, answer: Answer) -> None:
        headers = [(":status", str(answer.status)), ("content-length", str(len(answer.body)))]
        self._connection.send_headers(stream, [*headers, *answer.headers])
        body = memoryview(answer.body)[: answer.cut_after]
        while body:
            size = self._room(stream, len(body))
            self._connection.send_data(stream, bytes(body[:size]))
            self._flush()
            body = body[size:]
        self._flush()
        if answer.cut_after is not None:
            raise Gone
        self._connection.end_stream(stream)
        self._flush()

    def _room(self, stream: int, wanted: int) -> int:
        """How many bytes may be sent now; waits until it is at least one."""
        while (window := self._connection.local_flow_control_window(stream)) <= 0:
            self._pull()
        return min(wanted, window, self._connection.max_outbound_frame_size)


def wait_for_the_other_to_go(sock: socket.socket) -> None:
    """Read and forget, until the client hangs up or this server is closed."""
    while sock.recv(CHUNK_BYTES):
        pass
    raise Gone
