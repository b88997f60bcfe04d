"""The sync service: what `adb push` and `adb pull` speak."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fakes.android.link import Stream
from fakes.android.wire import LENGTH, MOST_BYTES

REQUEST = struct.Struct("<4sI")
STAT = struct.Struct("<4s3I")


@dataclass(frozen=True, slots=True)
class Sync:
    """`place` turns a path of the phone into one of ours; `trouble` may name what goes wrong with a file."""

    place: Callable[[str], Path]
    trouble: Callable[[], str | None]

    async def serve(self, stream: Stream) -> None:
        stream.link.say(b"OKAY", stream)
        while True:
            name, length = REQUEST.unpack(await stream.read_exactly(REQUEST.size))
            path = (await stream.read_exactly(length)).decode() if length else ""
            match name:
                case b"STAT":
                    await stream.write(self._stat(path))
                case b"SEND":
                    await stream.write(await self._take(stream, path.rpartition(",")[0]))
                case b"RECV":
                    await self._give(stream, path)
                case _:
                    return

    def _stat(self, path: str) -> bytes:
        place = self.place(path)
        if not place.exists():
            return STAT.pack(b"STAT", 0, 0, 0)
        found = place.stat()
        return STAT.pack(b"STAT", found.st_mode, found.st_size, int(found.st_mtime))

    async def _take(self, stream: Stream, path: str) -> bytes:
        content = bytearray()
        while True:
            name, length = REQUEST.unpack(await stream.read_exactly(REQUEST.size))
            if name != b"DATA":
                break
            content += await stream.read_exactly(length)
        trouble = self.trouble()
        if trouble == "full":
            return _failed(b"No space left on device")
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)  # adbd does so too
        place.write_bytes(b"" if trouble == "empty" else content)
        return REQUEST.pack(b"OKAY", 0)

    async def _give(self, stream: Stream, path: str) -> None:
        place = self.place(path)
        if not place.is_file():
            await stream.write(_failed(b"No such file or directory"))
            return
        content = place.read_bytes()
        for start in range(0, len(content), MOST_BYTES // 4):
            piece = content[start : start + MOST_BYTES // 4]
            await stream.write(b"DATA" + LENGTH.pack(len(piece)) + piece)
        await stream.write(REQUEST.pack(b"DONE", 0))


def _failed(reason: bytes) -> bytes:
    return REQUEST.pack(b"FAIL", len(reason)) + reason
