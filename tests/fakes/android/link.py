"""One connection of an adb server to the stand-in: the handshake, and the streams on it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from fakes.android.wire import MOST_BYTES, VERSION, Message, read_message

TOKEN, SIGNATURE, PUBLIC_KEY = 1, 2, 3


class Dropped(Exception):
    """The line is gone."""


@dataclass(slots=True)
class Stream:
    """One service: bytes in both directions, each write waits until the other side has taken it."""

    link: Link
    mine: int
    theirs: int
    inbox: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    rest: bytes = b""

    async def write(self, data: bytes) -> None:
        for start in range(0, len(data), MOST_BYTES):
            self.taken.clear()
            self.link.say(b"WRTE", self, data[start : start + MOST_BYTES])
            await self.taken.wait()

    async def read(self) -> bytes:
        """The next piece; empty when the other side has closed."""
        data, self.rest = self.rest, b""
        return data or await self.inbox.get()

    async def read_exactly(self, count: int) -> bytes:
        while len(self.rest) < count:
            piece = await self.inbox.get()
            if not piece:
                raise Dropped
            self.rest += piece
        data, self.rest = self.rest[:count], self.rest[count:]
        return data


Service = Callable[[bytes, Stream], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Link:
    """The connection; `serve` answers each OPEN, `trusts` tells whether this computer was allowed."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    banner: bytes
    serve: Service
    trusts: Callable[[], bool]
    streams: dict[int, Stream] = field(default_factory=dict)
    waiting: dict[int, asyncio.Future[Stream | None]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def say(self, command: bytes, stream: Stream, data: bytes = b"") -> None:
        self.writer.write(Message(command, stream.mine, stream.theirs, data).packed())

    def drop(self) -> None:
        """What a pulled cable does."""
        self.writer.transport.abort()

    async def run(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                self._hear(await read_message(self.reader))
        for task in self.tasks:
            task.cancel()
        self.writer.close()

    async def open(self, service: bytes) -> Stream | None:
        """A stream that the phone opens, as `adb reverse` needs; None when it is refused."""
        mine = next(self.numbers)
        answer: asyncio.Future[Stream | None] = asyncio.get_running_loop().create_future()
        self.waiting[mine] = answer
        self.writer.write(Message(b"OPEN", mine, 0, service + b"\0").packed())
        return await answer

    def _hear(self, message: Message) -> None:
        match message.command:
            case b"CNXN" | b"AUTH":
                self._shake_hands(message)
            case b"OPEN":
                self._open(message)
            case b"OKAY" if message.second in self.waiting:
                stream = Stream(self, message.second, message.first)
                self.streams[stream.mine] = stream
                self.waiting.pop(stream.mine).set_result(stream)
            case b"CLSE" if message.second in self.waiting:
                self.waiting.pop(message.second).set_result(None)
            case b"OKAY" | b"WRTE" | b"CLSE":
                self._pass_on(message)

    def _shake_hands(self, message: Message) -> None:
        if self.trusts():
            self.writer.write(Message(b"CNXN", VERSION, MOST_BYTES, self.banner).packed())
        elif (message.command, message.first) != (b"AUTH", PUBLIC_KEY):  # then the person is asked
            self.writer.write(Message(b"AUTH", TOKEN, 0, bytes(20)).packed())

    def _open(self, message: Message) -> None:
        stream = Stream(self, next(self.numbers), message.first)
        self.streams[stream.mine] = stream
        task = asyncio.create_task(self._served(message.data.rstrip(b"\0"), stream))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _served(self, service: bytes, stream: Stream) -> None:
        with suppress(Dropped):
            await self.serve(service, stream)
        if self.streams.pop(stream.mine, None):
            self.say(b"CLSE", stream)

    def _pass_on(self, message: Message) -> None:
        stream = self.streams.get(message.second)
        if stream is None:
            return
        if message.command == b"OKAY":
            stream.taken.set()
        elif message.command == b"WRTE":
            stream.inbox.put_nowait(message.data)
            self.say(b"OKAY", stream)
        else:
            stream.inbox.put_nowait(b"")
            self.streams.pop(stream.mine)
            self.say(b"CLSE", stream)  # as adbd does
