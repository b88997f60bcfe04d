"""adb's wire protocol: messages of a 24-byte head and data, little-endian."""

from __future__ import annotations

import asyncio
import struct
from typing import NamedTuple

VERSION = 0x01000001
MOST_BYTES = 256 * 1024
HEAD = struct.Struct("<4s5I")
LENGTH = struct.Struct("<I")


class Message(NamedTuple):
    command: bytes
    first: int
    second: int
    data: bytes = b""

    def packed(self) -> bytes:
        magic = int.from_bytes(self.command, "little") ^ 0xFFFFFFFF
        total = sum(self.data) & 0xFFFFFFFF
        return HEAD.pack(self.command, self.first, self.second, len(self.data), total, magic) + self.data


async def read_message(reader: asyncio.StreamReader) -> Message:
    command, first, second, length, _, _ = HEAD.unpack(await reader.readexactly(HEAD.size))
    return Message(command, first, second, await reader.readexactly(length))
