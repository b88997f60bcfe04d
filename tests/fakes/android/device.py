"""A stand-in phone for the real adb: its wire protocol on a local port, a folder as its storage, no Android.

Everything that is asked of it is kept in `commands` and `calls`; `faults` says what goes wrong.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from fakes.android.link import Dropped, Link, Stream
from fakes.android.reverse import Reverse
from fakes.android.shell import Shell
from fakes.android.sync import Sync

BIN = Path(__file__).parent / "bin"
APPLETS = ("stat", "mkdir", "rm", "ls", "cat", "grep", "sha256sum")
QUIET = ("input", "sendevent", "uiautomator", "monkey", "wm", "settings", "svc")
"""They do nothing but would be seen: no program of ours may ever call them."""
WHATSAPP = ("com.whatsapp", "com.whatsapp.w4b")
ANDROID_14 = {"ro.build.version.sdk": "34", "ro.build.version.release": "14", "ro.product.model": "Stand In"}
NEWEST = ("shell_v2", "cmd")


@dataclass(slots=True)
class Faults:
    """What goes wrong. `hang_at` and `drop_at` are bytes of a command; at the latter the line drops once.

    It drops once at the `drop_nth` command too, and the phone is gone with it where it `reboots`.
    """

    unauthorized: bool = False
    push: Literal["full", "empty"] | None = None
    hang_at: bytes | None = None
    drop_at: bytes | None = None
    drop_nth: int | None = None
    reboots: bool = False

    def drops(self, service: bytes) -> bool:
        """Whether the line drops now."""
        if self.drop_nth is not None:
            self.drop_nth -= 1
        if self.drop_nth == 0 or (self.drop_at is not None and self.drop_at in service):
            self.drop_nth = self.drop_at = None
            return True
        return False


@dataclass(slots=True)
class StandIn:
    """Use it as a context; `serial` is how adb calls it."""

    root: Path
    features: Sequence[str] = NEWEST
    faults: Faults = field(default_factory=Faults)
    commands: list[bytes] = field(default_factory=list)
    links: set[Link] = field(default_factory=set)
    reverse: Reverse = field(default_factory=Reverse)
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        _furnish(self.root)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, *failure: object) -> None:
        self.vanish()
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread:
            self._thread.join()
        self._loop.close()

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self.port}"

    def come_back(self) -> None:
        """Be there, on the same port as before."""
        self._wait(self._listen())

    def vanish(self) -> None:
        """Be gone, as without a cable."""
        self._wait(self._go())

    def set_prop(self, key: str, value: str) -> None:
        """Change what `getprop` tells."""
        _write_props(self.root, {key: value})

    def uninstall(self, package: str) -> None:
        """Take a package off."""
        kept = [name for name in (self.root / "packages").read_text().split() if name != package]
        (self.root / "packages").write_text("".join(f"{name}\n" for name in kept))

    def tell(self, program: str, text: str | None) -> None:
        """Let am, scan, free, pm, cmd, dumpsys, power or window answer with `text`; None: no more."""
        file = self.root / "told" / program
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(text)

    def index_late(self, queries: int) -> None:
        """Let the gallery find nothing for so many queries."""
        (self.root / "late").write_text(f"{queries}\n")

    def files(self) -> list[str]:
        """The paths of all files in the shared storage."""
        shared = self.root / "sdcard"
        return sorted(f"/{path.relative_to(self.root)}" for path in shared.rglob("*") if path.is_file())

    def rows(self) -> list[str]:
        """The paths that the gallery's index knows, ghosts included."""
        return sorted(row.read_text().strip() for row in (self.root / "index").iterdir())

    def forget(self, commands: int, calls_bytes: int) -> None:
        """Shorten the journal to what it was."""
        del self.commands[commands:]
        os.truncate(self.root / "calls", calls_bytes)

    def calls(self) -> list[list[str]]:
        """Every program that was called, with its words as they arrived."""
        return list(_records((self.root / "calls").read_bytes()))

    def opened(self) -> list[list[str]]:
        """The intents that were started."""
        return [words for words in self.calls() if words[:2] == ["am", "start"]]

    def content_of(self, uri: str) -> bytes:
        """What an app gets that opens a content URI."""
        path = (self.root / "index" / uri.rpartition("/")[2]).read_text().strip()
        return (self.root / "sdcard" / Path(path).relative_to("/storage/emulated/0")).read_bytes()

    def _wait(self, work: object) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)  # type: ignore[arg-type]
        done.result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _go(self) -> None:
        if self._server:
            self._server.close()
        for _, server in self.reverse.rules.values():
            server.close()
        for link in list(self.links):
            link.drop()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        about = "ro.product.name=stand_in;ro.product.model=Stand In;ro.product.device=stand_in"
        banner = f"device::{about};features={','.join(self.features)}".encode()
        link = Link(reader, writer, banner, self._serve, lambda: not self.faults.unauthorized)
        self.links.add(link)
        with suppress(asyncio.CancelledError):
            await link.run()
        self.links.discard(link)

    async def _serve(self, service: bytes, stream: Stream) -> None:
        self.commands.append(service)
        await self._misbehave(service, stream)
        kind = service.partition(b":")[0].partition(b",")[0]
        if kind == b"shell":
            await Shell(_program("mksh"), self._environment(), self.root).serve(service, stream)
        elif kind == b"sync":
            await Sync(self._place, lambda: self.faults.push).serve(stream)
        elif kind == b"reverse":
            await self.reverse.serve(service, stream)

    async def _misbehave(self, service: bytes, stream: Stream) -> None:
        if self.faults.hang_at is not None and self.faults.hang_at in service:
            stream.link.say(b"OKAY", stream)
            await asyncio.sleep(3600)
        if self.faults.drops(service):
            stream.link.say(b"OKAY", stream)
            await asyncio.sleep(0.05)
            if self.faults.reboots and self._server:
                self._server.close()
            stream.link.drop()
            raise Dropped

    def _environment(self) -> dict[str, str]:
        return {"PATH": str(self.root / "bin"), "PHONE": str(self.root), "TOYBOX": _program("toybox")}

    def _place(self, path: str) -> Path:
        return self.root / path.lstrip("/")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        message = f"{name} is missing: .ci/run must install it"
        raise FileNotFoundError(message)
    return found


def _furnish(root: Path) -> None:
    """What a phone has when it leaves the shop."""
    for name in ("bin", "index", "told", "sdcard/Pictures", "sdcard/Movies"):
        (root / name).mkdir(parents=True)
    own = [file for file in BIN.iterdir() if file.name not in {"applet", "quiet"}]
    for file in own:
        (root / "bin" / file.name).symlink_to(file)
    for names, program in ((APPLETS, "applet"), (QUIET, "quiet")):
        for name in names:
            (root / "bin" / name).symlink_to(BIN / program)
    (root / "bin" / "env").symlink_to(_program("env"))
    (root / "bin" / "mksh").symlink_to(_program("mksh"))
    (root / "packages").write_text("".join(f"{name}\n" for name in WHATSAPP))
    (root / "late").write_text("0\n")
    (root / "last_row").write_text("1000\n")
    (root / "calls").touch()
    _write_props(root, {})


def _write_props(root: Path, changes: dict[str, str]) -> None:
    """Each phone has a number of its own, whatever line it is on."""
    props = ANDROID_14 | {"ro.serialno": f"NUMBER-OF-{root.name.upper()}"} | changes
    (root / "props").write_text("".join(f"{key}={value}\n" for key, value in props.items()))


def _records(journal: bytes) -> Iterator[list[str]]:
    """Calls as `_common` writes them: the number of words, then the words, each ended by a NUL."""
    words = iter(journal.split(b"\0"))
    with suppress(StopIteration):
        while count := next(words):
            yield [next(words).decode() for _ in range(int(count))]


Started = Callable[..., StandIn]
"""A fixture that puts one more phone on the line."""
