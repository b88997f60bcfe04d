"""A shop that hands its stories over and publishes them to its account at the stand-in, on our own clock."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fakes.instagram import StandIn
from fakes.instagram.phone import Reachable
from fakes.media import Clip, save_clip
from fakes.victims import BT709, X264
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.model import Delivery, State
from pipeline.report.events import Summary
from pipeline.run import Request, run
from pipeline.tools.clock import now

SIZE = (270, 480)
"""A canvas on which everything is quick."""
LIMITS = "{canvas: {width: 270, height: 480}, video: {max_seconds: 2, min_seconds: 0.5}}"
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
destinations:
  whatsapp: {{platform: whatsapp_status}}
  insta: {{platform: instagram_story, via: instagrapi, account: shop}}
platforms: {{whatsapp_status: {limits}, instagram_story: {limits}}}
limits: {{settle_seconds: 0, jobs: 1, free_mb: null}}
schedule: {{timezone: UTC}}
accounts:
  shop:
    username: {user}
    proxy: {instagram.proxy}
    ca_file: {instagram.ca_file}
    pace:
      stories_per_day: 100
      stories_per_hour: 100
      spacing_seconds: [0, 0]
      wait_minutes: 0
      rest_hours: 0.1
"""


def config_of(root: Path, instagram: Reachable, user: str = "shop", *lines: str) -> Settings:
    """The config of the shop in that folder, written anew; `lines` say more about its account."""
    more = "".join(f"    {line}\n" for line in lines)
    file = root / "storyrelay.yaml"
    file.write_text(CONFIG.format(user=user, instagram=instagram, limits=LIMITS) + more)
    return load_settings(file, (), Place({}, root, None))


def blocks(chance: random.Random) -> Image.Image:
    """A picture that looks like no other."""
    shades = bytes(chance.randrange(256) for _ in range(9 * 16))
    return Image.frombytes("L", (9, 16), shades).resize(SIZE, Image.Resampling.NEAREST).convert("RGB")


def fitting_photo(path: Path, number: int, quality: int = 80) -> Path:
    """A photo that is passed through; the same number looks the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks(random.Random(number)).save(path, "JPEG", quality=quality)  # noqa: S311 - the same every time
    return path


def fitting_clip(path: Path, number: int) -> Path:
    """A clip of a second that isn't encoded anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coding = (*X264, "-profile:v", "high", "-bf", "0")
    looks = f"hue=h={number * 80},{BT709}"
    clip = Clip(SIZE, fps=10, sound=False, filters=looks, coding=coding, muxing=("-movflags", "+faststart"))
    return save_clip(path, clip)


@dataclass(slots=True)
class Relay:
    """Runs in this process against a stand-in here; time only passes when it is told to."""

    root: Path
    instagram: StandIn
    settings: Settings
    ahead_s: float = 0.0

    def now(self) -> datetime:
        return now() + timedelta(seconds=self.ahead_s)

    def pass_by(self, seconds: float) -> None:
        """Time goes on, here and at the server."""
        self.ahead_s += seconds
        self.instagram.clock.advance(seconds)

    def run(self) -> Summary:
        return run(self.settings, Request(), lambda _: None, self.now)

    def delivery(self, destination: str = "insta") -> Delivery:
        """The one that there is."""
        with snapshot(self.settings.state) as ledger:
            (row,) = [row for row in ledger.in_states(list(State)) if row.destination == destination]
        return row

    def logs_in(self) -> None:
        """What a login at the terminal does for all that waited for it."""
        with exclusive(self.settings.state), open_ledger(self.settings.state, self.now) as ledger:
            ledger.release("insta")
