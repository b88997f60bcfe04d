"""The shell service, in its first version (one stream of bytes) and its second (packets and an exit code)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fakes.android.link import Stream

PACKET = struct.Struct("<BI")
STDOUT, STDERR, EXIT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Shell:
    """mksh in an environment where nothing but the phone's own programs can be found."""

    mksh: str
    environment: Mapping[str, str]
    home: Path

    async def serve(self, service: bytes, stream: Stream) -> None:
        """`shell,v2,raw:COMMAND` or `shell:COMMAND`."""
        head, _, command = service.partition(b":")
        packets = b",v2" in head
        stream.link.say(b"OKAY", stream)
        process = await asyncio.create_subprocess_exec(
            self.mksh,
            "-c",
            command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE if packets else asyncio.subprocess.STDOUT,
            env=self.environment,
            cwd=self.home,
        )
        out, err = await process.communicate()
        if not packets:
            await stream.write(out)
            return
        for kind, data in ((STDOUT, out), (STDERR, err or b"")):
            if data:
                await stream.write(PACKET.pack(kind, len(data)) + data)
        await stream.write(PACKET.pack(EXIT, 1) + bytes([process.returncode or 0]))
