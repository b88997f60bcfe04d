"""Meta's Graph API as the lives of a shop need it: an account on Instagram, or a Facebook Page, for each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fakes.graph import PAGE, SHOP, Account, Cast, Fault, GraphStandInProcess, Page
from fakes.graph.web import public
from fakes.graph_relay import HOST, Network, Shop, config_of, fitting_clip, fitting_photo
from fakes.servers.process import RemoteFaults
from fakes.stages import (
    LOST_ANSWERS,
    LOST_READS,
    LOST_REQUESTS,
    MOST_LIVES,
    PATIENCE,
    Guest,
    Opens,
    Post,
    Stage,
    fill_with,
)

from pipeline.plan.reconcile import MOST_REPEATS

PUBLISHES: dict[Network, tuple[str, ...]] = {
    "instagram": ("POST */media_publish",),
    "facebook": ("POST */photo_stories", "POST */video_stories"),
}
LOSSES = (
    Fault.DROP_AFTER,
    Fault.CUT_SHORT_AFTER,
    Fault.ERROR_500_AFTER,
    Fault.EMPTY_JSON_AFTER,
    Fault.UNKNOWN_1_AFTER,
    Fault.TEMPORARY_2_AFTER,
    Fault.SPAM_2207051_AFTER,
)
"""The ways in which an answer gets lost."""
PROCESSING_S = (0.0, 0.0, 0.0, 0.2, 90.0, 40 * 60.0)
PHOTOS, CLIPS = 2, 2
NO_ARCHIVE = 0.25
"""The share of Pages that list no stories."""
TRANSCODE = PATIENCE.replace("}", ", transcode_minutes: 0.005}")


@dataclass(frozen=True, slots=True)
class GraphStage:
    """The stand-in, and who hasn't lived yet."""

    server: GraphStandInProcess
    network: Network
    shops: Iterator[Shop]

    @property
    def faults(self) -> RemoteFaults[Any]:
        return self.server.faults

    def fill(self, inbox: Path) -> None:
        fill_with(inbox, fitting_photo, fitting_clip, photos=PHOTOS, clips=CLIPS)

    def enter(self, root: Path, chance: random.Random) -> Guest:
        shop, server = next(self.shops), self.server
        token = server.user_token if self.network == "instagram" else server.token_of(shop.owner)
        (root / "token").write_text(token)
        config_of(root, server, shop, TRANSCODE)
        server.second_publish = chance.choice(("not found", "not ready", "same id"))
        server.as_reported = chance.random() < 0.5
        return GraphGuest(server, shop, token, root / "public", lists=chance.random() >= NO_ARCHIVE)


@dataclass(frozen=True, slots=True)
class GraphGuest:
    """An account on Instagram, or a Page; one that never `lists` its stories keeps no archive."""

    server: GraphStandInProcess
    shop: Shop
    secret: str
    public: Path
    lists: bool
    destination: str = "net"
    most_repeats: int = MOST_REPEATS

    def plan_trouble(self) -> None:
        faults = self.server.faults
        for pattern in PUBLISHES[self.shop.network]:
            share = LOST_ANSWERS / len(LOSSES)
            for number, loss in enumerate(LOSSES):
                faults.add(pattern, loss, times=None, chance=share * (number + 1))
            faults.add(pattern, Fault.DROP_BEFORE, times=None, chance=LOST_ANSWERS + LOST_REQUESTS)
        faults.add("*", Fault.DROP_BEFORE, times=None, chance=LOST_READS)
        self.server.archive_on = self.lists

    def draw(self, chance: random.Random) -> None:
        self.server.processing_s = chance.choice(PROCESSING_S)

    def calm_down(self) -> None:
        self.server.faults.clear()
        self.server.processing_s = 0.0

    def post_by_hand(self, content: bytes) -> None:
        self.server.add_foreign_story(self.shop.owner, content)

    def posts(self, sha256: str) -> list[Post]:
        called = "container" if self.shop.network == "instagram" else "video"
        stories = self.server.stories(self.shop.owner)
        return [Post(one.id, f"{called}:{one.draft}") for one in stories if one.sha256 == sha256]

    def litter(self) -> list[str]:
        return [path.name for path in self.public.iterdir()]


def graph(network: Network) -> Opens:
    """Instagram or Facebook by the Graph API."""
    return partial(_opened, network)


@contextmanager
def _opened(network: Network, folder: Path, shop: Path) -> Iterator[Stage]:
    numbers = range(1, MOST_LIVES + 1)
    pages = [Page(str(int(PAGE.id) + number), f"{PAGE.name} {number}") for number in numbers]
    accounts = [
        Account(str(int(SHOP.id) + number), f"{SHOP.username}{number}", page.id)
        for number, page in zip(numbers, pages, strict=True)
    ]
    shops = {
        "instagram": (Shop("instagram", one.id, one.username) for one in accounts),
        "facebook": (Shop("facebook", one.id, one.name) for one in pages),
    }
    with ExitStack() as open_:
        cast = Cast(tuple(accounts), tuple(pages), {HOST: open_.enter_context(public(shop / "public"))})
        server = open_.enter_context(GraphStandInProcess(folder=folder, cast=cast))
        server.quota_total = 100
        yield GraphStage(server, network, iter(shops[network]))
