"""A shop whose source is its own account at the stand-in, where somebody posts with the app."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.instagram import StandIn, Story
from fakes.instagram.phone import Transport
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import snapshot
from pipeline.mirror.line import line_of
from pipeline.mirror.login import Key, login
from pipeline.model import Delivery, State
from pipeline.plan.origin import PULLED
from pipeline.report.events import Event, NotPulled, Pulled, Summary
from pipeline.run import Request, run
from pipeline.run.pulling import pull, would_pull

WHATSAPP = "{whatsapp: {platform: whatsapp_status, channels: [folder]}}"
BOTH = (
    "{whatsapp: {platform: whatsapp_status, channels: [folder]},"
    " insta: {platform: instagram_story, channels: [folder]}}"
)
PUBLISHED = (
    "{whatsapp: {platform: whatsapp_status, channels: [folder]},"
    " insta: {platform: instagram_story, via: instagrapi, account: shop}}"
)
PATIENCE = "{connect_seconds: 5, answer_seconds: 5, transcode_minutes: 0.2}"


def scene(seed: int, size: tuple[int, int] = (1080, 1920), quality: int = 92) -> bytes:
    """A photo of many patches, so that no two seeds look alike."""
    told = random.Random(seed)  # noqa: S311 - the same every time
    patches = Image.new("RGB", (9, 16))
    patches.putdata([tuple(told.randrange(256) for _ in "rgb") for _ in range(9 * 16)])
    written = io.BytesIO()
    patches.resize(size, Image.Resampling.BICUBIC).save(written, "JPEG", quality=quality)
    return written.getvalue()


@dataclass(slots=True)
class AppShop:
    """Runs by the stand-in's clock, which the test moves."""

    root: Path
    instagram: StandIn
    destinations: str = WHATSAPP
    transport: Transport = "curl"
    account: str = ""
    """More lines of the account, indented by four."""
    source: str = "instagram: shop, every_minutes: 0"
    events: list[Event] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def now(self) -> datetime:
        return self.instagram.clock.now().astimezone(UTC)

    def settings(self, *assignments: str) -> Settings:
        self.inbox.mkdir(parents=True, exist_ok=True)
        patience = "" if "patience" in self.account else f"    patience: {PATIENCE}\n"
        (self.root / "storyrelay.yaml").write_text(
            "inbox: inbox\noutbox: outbox\nstate: state\nschedule: {timezone: UTC}\n"
            "limits: {settle_seconds: 0, surge: null, free_mb: null}\n"
            f"destinations: {self.destinations}\nsources: {{mine: {{{self.source}}}}}\n"
            f"accounts:\n  shop:\n    username: shop\n    proxy: {self.instagram.proxy}\n"
            f"    ca_file: {self.instagram.ca_file}\n    transport: {self.transport}\n"
            f"{patience}{self.account}"
        )
        return load_settings(self.root / "storyrelay.yaml", assignments, Place({}, self.root, None))

    def sign_in(self) -> None:
        line = line_of(self.settings(), "shop")
        login(line, Key(session_id=self.instagram.session_of("shop")), lambda _way: "")

    def post(self, seed: int = 1, **told: Any) -> Story:
        """Somebody puts up a photo with the app."""
        return self.instagram.add_foreign_story("shop", scene(seed), told=told)

    def run(self, *assignments: str, **request: Any) -> Summary:
        self.events.clear()
        self.instagram.requests.clear()
        settings = self.settings(*assignments)
        return run(settings, Request(**request), self.events.append, self.now, lambda _seconds: None)

    def pull(self, *names: str, dry: bool = False) -> int:
        self.events.clear()
        self.instagram.requests.clear()
        return (would_pull if dry else pull)(self.settings(), names, self.events.append, self.now)

    def pulled(self) -> list[Pulled]:
        return [event for event in self.events if isinstance(event, Pulled)]

    def left(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, NotPulled)]

    def deliveries(self) -> list[Delivery]:
        with snapshot(self.state) as ledger:
            return ledger.in_states(list(State))

    def copies(self) -> list[Path]:
        """What lies in the source's folder."""
        return sorted(path for path in (self.state / PULLED).rglob("*") if path.is_file())

    def sidecar(self) -> str:
        (file,) = (path for path in self.copies() if path.suffix == ".yaml")
        return file.read_text()

    def asked(self) -> list[str]:
        """The endpoints of all requests since the last run or pull began."""
        return [request.endpoint for request in self.instagram.requests]

    def later(self, **by: float) -> None:
        self.instagram.clock.advance(timedelta(**by).total_seconds())
