"""Stand-in phones on the tests' own adb server, and what no phone of ours may ever be told."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes.android.allowed import unexpected
from fakes.android.device import StandIn
from fakes.android.server import AdbServer

from pipeline.config import PhoneSettings
from pipeline.handoff.phone import Kind, OnPhone
from pipeline.handoff.shelf import Shelf
from pipeline.tools.clock import Clock, now

STEPS = 100


@dataclass(slots=True)
class Line:
    """All that hangs on the adb server during one test."""

    server: AdbServer
    root: Path
    stack: ExitStack = field(default_factory=ExitStack)
    phones: list[StandIn] = field(default_factory=list)

    def phone(self, *, plugged: bool = True, **changes: Any) -> StandIn:
        """One more phone."""
        phone = self.stack.enter_context(StandIn(self.root / f"phone{len(self.phones)}", **changes))
        self.phones.append(phone)
        if plugged:
            self.plug(phone)
        return phone

    def plug(self, phone: StandIn) -> None:
        """Let adb find it."""
        self.server.call("connect", phone.serial)

    def unplug(self, phone: StandIn) -> None:
        """Let adb forget it."""
        self.server.call("disconnect", phone.serial)

    def by_hand(self, phone: StandIn, *words: str) -> str:
        """What adb says to a command of the test's own, which isn't kept in the phone's journal."""
        before = len(phone.commands), (phone.root / "calls").stat().st_size
        said = self.server.call("-s", phone.serial, *words)
        phone.forget(*before)
        return said

    def until(self, state: str, phone: StandIn) -> None:
        """Wait until adb sees a phone so."""
        for _ in range(STEPS):
            if f"{phone.serial}\t{state}" in self.server.call("devices"):
                return
            time.sleep(0.05)
        raise TimeoutError(state)

    def channel(
        self, kind: Kind = "intent", name: str = "whatsapp", clock: Clock = now, **chosen: Any
    ) -> OnPhone:
        """A channel with its shelf, to the first phone unless another is chosen."""
        serial = {"serial": self.phones[0].serial} if self.phones else {}
        quick = {"appear_seconds": 0.0, "index_seconds": 5.0, "answer_seconds": 20.0, "keep_minutes": 0.0}
        settings = PhoneSettings(**(serial | quick | chosen))
        return OnPhone(name, kind, settings, Shelf(self.root / "state" / "phone"), clock)

    def unexpected(self) -> list[str]:
        """Everything any phone was told that isn't one of the few things it may be told."""
        return [told for phone in self.phones for told in unexpected(phone.commands, phone.calls())]

    def close(self) -> None:
        """Take all phones away."""
        for phone in self.phones:
            self.unplug(phone)
        self.stack.close()


@dataclass(slots=True)
class Notes:
    """A journal that only remembers."""

    steps: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def record(self, step: str, detail: Any) -> None:
        self.steps.append((step, dict(detail)))

    def publishing(self, detail: Any) -> None:
        message = "a phone never publishes"
        raise AssertionError(message)
