"""The page as a shop serves it: `storyrelay serve` as a process, over the real adb to a stand-in phone."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fakes.android.device import StandIn
from fakes.clock import FakeClock
from fakes.command import BARE, CONFIG, PROGRAM, Said, call
from fakes.media import Clip, save_clip
from fakes.shop import Shop

from pipeline.ledger.answers import Answer
from pipeline.model import WAITING_FOR_SEND, Delivery, State
from pipeline.run import answer
from pipeline.tools.clock import now

WITH_PAGE = """{{whatsapp: {{platform: whatsapp_status}}, instagram: {{platform: instagram_story}}}}
same_name: send
page: {{port: {port}}}
phone: {{serial: "{serial}"}}
platforms:
  whatsapp_status: {{canvas: {{width: 270, height: 480}}, video: {{max_seconds: 2}}}}
  instagram_story: {{canvas: {{width: 270, height: 480}}}}"""
"""Tests use names again. A canvas on which a clip takes a tenth of a second; one of 3 s is two parts."""
ADDRESS = re.compile(r"http://\S+#pair=\S+")
STEP_S = 0.05
PATIENCE_S = 30.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@dataclass(slots=True)
class Served:
    """A shop whose page is served to one phone on a cable."""

    shop: Shop
    phone: StandIn
    env: Mapping[str, str]
    port: int = field(default_factory=free_port)
    serving: subprocess.Popen[bytes] | None = None
    stories: int = 0

    def __post_init__(self) -> None:
        self.shop.destinations = WITH_PAGE.format(port=self.port, serial=self.phone.serial)

    @property
    def home(self) -> str:
        """What the phone opens."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Serve, until the phone reaches it over the cable."""
        self.shop.settings()
        with self._log.open("ab") as log:
            argv = [PROGRAM, "serve", "-c", CONFIG]
            self.serving = subprocess.Popen(
                argv, env={**BARE, **self.env}, cwd=self.shop.root, stdout=log, stderr=log
            )
        self.until(lambda: f"tcp:{self.port}" in self.phone.reverse.rules)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        assert self.serving
        self.serving.send_signal(how)
        code = self.serving.wait(PATIENCE_S)
        self.serving = None
        return code

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to become true."""
        for _ in range(int(PATIENCE_S / STEP_S)):
            if condition():
                return
            assert self.serving is None or self.serving.poll() is None, self.told()
            time.sleep(STEP_S)
        raise TimeoutError(self.told())

    def told(self) -> str:
        """All that the server said."""
        return self._log.read_text()

    def invitation(self, *words: str) -> str:
        """The address that pairs a phone."""
        *_, address = ADDRESS.finditer(self.call("phone", "pair", *words).out)
        return address.group()

    def call(self, *words: str) -> Said:
        """A command beside the server."""
        return call(self.shop, *words, env=self.env)

    def photo(self, name: str, sidecar: str = "", to: str = "whatsapp") -> None:
        """A picture for one destination, unlike every other."""
        self.stories += 1
        self.shop.picture(name, self.stories, (270, 480))
        self.shop.sidecar(f"{name}.yaml", f"destinations: [{to}]\n{sidecar}")

    def clip(self, name: str, seconds: float = 1) -> None:
        """A clip for WhatsApp."""
        self.shop.inbox.mkdir(exist_ok=True)
        self.shop.sidecar(f"{name}.yaml", "destinations: [whatsapp]\n")
        self.stories += 1
        shade = f"hue=h={self.stories * 20}"
        save_clip(self.shop.inbox / name, Clip(seconds=seconds, fps=10, sound=False, filters=shade))

    def run(self, **ago: float) -> None:
        """A run at this moment, or so long ago."""
        self.shop.clock = FakeClock(now())
        self.shop.clock.advance(**{unit: -amount for unit, amount in ago.items()})
        self.shop.run()

    def delivery(self, name: str, part: int = 1) -> Delivery:
        """The delivery of a file's part, the newest of that name."""
        found = [row for row in self.shop.deliveries() if (row.path.name, row.part) == (name, part)]
        return max(found, key=lambda row: row.id)

    def state(self, name: str, part: int = 1) -> State:
        return self.delivery(name, part).state

    def settles(self, name: str, *states: State, part: int = 1) -> None:
        """Wait until the ledger says so."""
        self.until(lambda: self.state(name, part) in states)

    def clear(self) -> None:
        """Skip all that waits."""
        waiting = [row for row in self.shop.deliveries() if row.state in WAITING_FOR_SEND]
        answer(self.shop.settings(), [Answer("skip", row.id, now()) for row in waiting])

    @property
    def _log(self) -> Path:
        return self.shop.root / "serve.log"
