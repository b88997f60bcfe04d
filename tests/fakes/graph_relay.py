"""A shop that publishes by Meta's Graph API at the stand-in, on our own clock: on Instagram, or its Page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from fakes.graph import PAGE, SHOP, Cast, GraphStandIn, Story
from fakes.graph.caller import Reachable
from fakes.graph.web import public
from fakes.media import Clip, save_clip
from fakes.victims import BT709, X264
from PIL import Image

from pipeline.config import Place, Settings, load_settings
from pipeline.destination import Mirror
from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.mirror import mirrors
from pipeline.model import Delivery, State
from pipeline.report.events import Event, Summary
from pipeline.run import Request, run
from pipeline.tools.clock import now

Network = Literal["instagram", "facebook"]
NETWORKS: tuple[Network, ...] = ("instagram", "facebook")
HOST = "media.shop.example"


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose stories they are: the number of an account or a Page, and its name."""

    network: Network
    owner: str
    name: str


SHOPS: dict[Network, Shop] = {
    "instagram": Shop("instagram", SHOP.id, SHOP.username),
    "facebook": Shop("facebook", PAGE.id, PAGE.name),
}
SIZE = (540, 960)
"""The smallest that a Page takes."""
LIMITS = "{canvas: {width: 540, height: 960}}"
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
destinations:
  whatsapp: {{platform: whatsapp_status, channels: [folder]}}
  net: {{platform: {network}_story, via: graph, account: shop}}
platforms: {{whatsapp_status: {limits}, {network}_story: {limits}}}
limits: {{settle_seconds: 0, jobs: 1, free_mb: null}}
schedule: {{timezone: UTC}}
accounts:
  shop:
    username: {username}
    id: {id}
    token: {{file: token}}
    proxy: {graph.proxy}
    ca_file: {graph.ca_file}
    pace:
      stories_per_day: 100
      stories_per_hour: 100
      spacing_seconds: [0, 0]
      wait_minutes: 0
      rest_hours: 0.1
"""
PUBLIC = f"    public: {{folder: public, url: https://{HOST}}}\n"


def config_of(root: Path, graph: Reachable, of: Shop | Network, *lines: str, shows: bool = True) -> Settings:
    """The config of the shop in that folder, written anew; `lines` say more about its account."""
    shop = of if isinstance(of, Shop) else SHOPS[of]
    more = (PUBLIC if shows else "") + "".join(f"    {line}\n" for line in lines)
    file = root / "storyrelay.yaml"
    told = {"network": shop.network, "username": shop.name, "id": shop.owner}
    file.write_text(CONFIG.format(**told, graph=graph, limits=LIMITS) + more)
    for name in ("inbox", "public"):
        (root / name).mkdir(exist_ok=True)
    return load_settings(file, (), Place({}, root, None))


def fitting_photo(path: Path, number: int, quality: int = 80) -> Path:
    """A photo that is passed through; the same number looks the same."""
    chance = random.Random(number)  # noqa: S311 - the same every time
    shades = bytes(chance.randrange(256) for _ in range(9 * 16))
    picture = Image.frombytes("L", (9, 16), shades).resize(SIZE, Image.Resampling.NEAREST)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(path, "JPEG", quality=quality)
    return path


def fitting_clip(path: Path, number: int) -> Path:
    """A clip of three seconds that isn't encoded anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coding = (*X264, "-profile:v", "high", "-bf", "0")
    looks = f"hue=h={number * 80},{BT709}"
    muxing = ("-movflags", "+faststart")
    clip = Clip(SIZE, seconds=3, fps=24, sound=False, filters=looks, coding=coding, muxing=muxing)
    return save_clip(path, clip)


@contextmanager
def served(root: Path) -> Iterator[GraphStandIn]:
    """The stand-in, which finds the folder `public` on the web."""
    (root / "public").mkdir(exist_ok=True)
    with public(root / "public") as address, GraphStandIn(cast=Cast(web={HOST: address})) as graph:
        yield graph


@dataclass(slots=True)
class GraphRelay:
    """Runs in this process against a stand-in here; time only passes when it is told to."""

    root: Path
    graph: GraphStandIn
    network: Network
    settings: Settings
    ahead_s: float = 0.0
    spoiled: bool = False
    """Whether the network took a story, and then failed to show it, of which it tells nobody."""

    @classmethod
    def opened(cls, root: Path, graph: GraphStandIn, network: Network, *lines: str) -> GraphRelay:
        token = graph.user_token if network == "instagram" else graph.page_token
        (root / "token").write_text(token)
        return cls(root, graph, network, config_of(root, graph, network, *lines))

    def now(self) -> datetime:
        return now() + timedelta(seconds=self.ahead_s)

    def pass_by(self, seconds: float) -> None:
        """Time goes on, here and at the server."""
        self.ahead_s += seconds
        self.graph.clock.advance(seconds)

    def run(self, seen: list[Event] | None = None) -> Summary:
        return run(self.settings, Request(), ([] if seen is None else seen).append, self.now)

    def mirror(self) -> Mirror:
        return mirrors(self.settings, clock=self.now)["net"]

    def delivery(self, destination: str = "net") -> Delivery:
        """The one that there is."""
        with snapshot(self.settings.state) as ledger:
            (row,) = [row for row in ledger.in_states(list(State)) if row.destination == destination]
        return row

    def stories(self) -> list[Story]:
        """What was published of ours, oldest first."""
        return self.graph.stories(SHOPS[self.network].owner)

    def logs_in(self) -> None:
        """What `session login` does for all that waited for it."""
        with exclusive(self.settings.state), open_ledger(self.settings.state, self.now) as ledger:
            ledger.release("net")
