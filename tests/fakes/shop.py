"""A small shop: an inbox with pictures made on the spot, a config, and runs over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fakes.clock import FakeClock
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.ledger.answers import Answer, apply
from pipeline.model import Asset, Delivery, Plan, State
from pipeline.report.events import Due, Event, Summary
from pipeline.run import Request, plan, run

BOTH = "{whatsapp: {platform: whatsapp_status}, instagram: {platform: instagram_story}}"
WHATSAPP = "{whatsapp: {platform: whatsapp_status}}"
MIRRORED = (
    "{whatsapp: {platform: whatsapp_status},"
    " instagram: {platform: instagram_story, via: instagrapi, account: shop}}\n"
    "accounts: {shop: {username: shop}}"
)
TICK_S = 1


def picture(path: Path, colour: int = 0, size: tuple[int, int] = (1080, 1920)) -> Path:
    """A JPEG of one colour; the usual size is passed through as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shade = (colour * 37 % 256, colour * 91 % 256, colour * 151 % 256)
    Image.new("RGB", size, shade).save(path, "JPEG", quality=75)
    return path


AT_ONCE = "phone.keep_minutes=0"
"""What is answered leaves a phone at once."""


@dataclass(slots=True)
class Shop:
    """Runs in one folder, on a clock that the test moves."""

    root: Path
    destinations: str = WHATSAPP
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    vanishing: Path | None = None
    """Removed by the next run, between plan and render."""
    changing: Path | None = None
    """Gets other content in the next run, between plan and render."""
    while_waiting: Callable[[], None] | None = None
    """What happens as soon as a run waits for an account's turn."""

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def state(self) -> Path:
        return self.root / "state"

    def picture(self, name: str, colour: int = 0, size: tuple[int, int] = (1080, 1920)) -> Path:
        return picture(self.inbox / name, colour, size)

    def sidecar(self, name: str, text: str) -> Path:
        path = self.inbox / name
        path.write_text(text)
        return path

    def settings(self, *assignments: str) -> Settings:
        self.inbox.mkdir(parents=True, exist_ok=True)
        file = self.root / "storyrelay.yaml"
        text = (
            f"inbox: inbox\noutbox: outbox\nstate: state\ndestinations: {self.destinations}\n"
            "limits: {settle_seconds: 0, jobs: 2, surge: null, free_mb: null}\nschedule: {timezone: UTC}\n"
        )
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return load_settings(file, (AT_ONCE, *assignments), Place({}, self.root, None))

    def run(self, *assignments: str, **request: Any) -> Summary:
        """A run; its events are in `events`. Time goes on a little, as it does between two runs."""
        self.events.clear()
        self.clock.advance(seconds=TICK_S)
        return run(self.settings(*assignments), Request(**request), self._observe, self.clock, self._wait)

    def _wait(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        happens, self.while_waiting = self.while_waiting, None
        if happens:
            happens()

    def _observe(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Due) and self.vanishing:
            self.vanishing.unlink()
            self.vanishing = None
        if isinstance(event, Due) and self.changing:
            picture(self.changing, 99)
            self.changing = None

    def begin_and_die(self) -> None:
        """What a run leaves in the ledger that is killed at once."""
        with exclusive(self.state), open_ledger(self.state, self.clock) as ledger:
            ledger.begin_run()

    def answer_and_die(self, said: Answer) -> None:
        """What `confirm` would leave that is killed between ledger and outbox."""
        with exclusive(self.state), open_ledger(self.state, self.clock) as ledger:
            apply(ledger, said)

    def plan(self, *assignments: str, **request: Any) -> Plan:
        return plan(self.settings(*assignments), Request(**request), self.clock)

    def deliveries(self) -> list[Delivery]:
        with snapshot(self.state, self.clock) as ledger:
            return ledger.in_states(list(State))

    def asset(self, sha256: str) -> Asset:
        """What the ledger knows of a source."""
        with snapshot(self.state, self.clock) as ledger:
            found = ledger.asset(sha256)
        assert found is not None
        return found

    def states(self) -> dict[tuple[str, str, int], State]:
        """The state of every delivery, by file name, destination and part."""
        return {(row.path.name, row.destination, row.part): row.state for row in self.deliveries()}

    def media(self, destination: str = "whatsapp") -> list[str]:
        """What a person sees in the outbox, without captions and manifest."""
        folder = self.outbox / destination
        seen = folder.iterdir() if folder.is_dir() else ()
        return sorted(path.name for path in seen if path.suffix in {".jpg", ".mp4"} and path.name[0] != ".")

    def manifest(self, destination: str = "whatsapp") -> list[dict[str, Any]]:
        content: dict[str, Any] = json.loads((self.outbox / destination / "manifest.json").read_text())
        stories: list[dict[str, Any]] = content["stories"]
        return stories
