"""The connections of the page: whoever dawdles is hung up on, and nobody takes the room of the others."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.page.guard import HEADERS

IDLE_S = 20
"""How long a connection may stand without a whole request, from its beginning or since its last answer."""
MOST_CONNECTIONS = 128


class Connection(H11Protocol):
    """One connection. uvicorn by itself waits for a first request for ever, and then turns others away."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._since_s = self.loop.time()
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def answering(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and make room for it."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()
        self._mind_the_time()

    def data_received(self, data: bytes) -> None:
        """Hear a piece."""
        super().data_received(data)
        self._mind_the_time()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._since_s = self.loop.time()
        self._mind_the_time()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._forget_the_time()

    def send_400_response(self, msg: str) -> None:
        """What isn't HTTP gets an answer like any other, unless there is one under way."""
        del msg  # tells more than anybody needs
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self.answering:
            kind = {"content-type": "application/json", "connection": "close"}
            bad = HTTPStatus.BAD_REQUEST
            start = h11.Response(
                status_code=bad, headers=[*HEADERS.items(), *kind.items()], reason=bad.phrase.encode()
            )
            content = h11.Data(data=json.dumps({"error": "request"}).encode())
            for event in (start, content, h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _make_room(self) -> None:
        idle = [one for one in self.connections if isinstance(one, Connection) and not one.answering]
        oldest = min(idle, key=lambda one: one._since_s, default=self)  # noqa: SLF001 - its own kind
        oldest.transport.abort()

    def _mind_the_time(self) -> None:
        if self.answering:
            self._forget_the_time()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(IDLE_S, self.transport.abort)

    def _forget_the_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
