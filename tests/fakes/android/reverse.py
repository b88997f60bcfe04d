"""`adb reverse`: what an app on the phone opens on a local port comes out at the computer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from fakes.android.link import Link, Stream


def _answer(text: str) -> bytes:
    return f"{len(text):04x}{text}".encode()


@dataclass(slots=True)
class Reverse:
    """The ports that are open now, by the phone's side of the rule, on its own localhost: `address`."""

    address: str = "127.0.0.1"
    rules: dict[str, tuple[str, asyncio.Server]] = field(default_factory=dict)

    async def serve(self, service: bytes, stream: Stream) -> None:
        stream.link.say(b"OKAY", stream)
        verb, _, rest = service.decode().removeprefix("reverse:").partition(":")
        match verb:
            case "forward":
                await self._open(stream, rest.removeprefix("norebind:"))
            case "list-forward":
                listed = "".join(f"(reverse) {there} {here}\n" for there, (here, _) in self.rules.items())
                await stream.write(_answer(listed))
            case "killforward" | "killforward-all":
                for there in [rest] if rest else list(self.rules):
                    self.rules.pop(there)[1].close()
                await stream.write(b"OKAY")

    async def _open(self, stream: Stream, rule: str) -> None:
        there, _, here = rule.partition(";")
        link = stream.link

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.CancelledError):  # the phone is gone
                await _carried(link, here, reader, writer)

        if there in self.rules:
            self.rules.pop(there)[1].close()
        server = await asyncio.start_server(carry, self.address, int(there.removeprefix("tcp:")))
        port = server.sockets[0].getsockname()[1]
        self.rules[f"tcp:{port}"] = (here, server)
        await stream.write(b"OKAY" + (_answer(str(port)) if there == "tcp:0" else b""))


async def _carried(link: Link, here: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    far = await link.open(here.encode())
    if far is None:
        writer.close()
        return

    async def out() -> None:
        while data := await reader.read(65_536):
            await far.write(data)

    async def back() -> None:
        while data := await far.read():
            writer.write(data)
            await writer.drain()

    both = [asyncio.create_task(out()), asyncio.create_task(back())]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        writer.close()
    if link.streams.pop(far.mine, None):
        link.say(b"CLSE", far)
