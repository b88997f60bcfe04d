"""Networks as the lives of a shop need them: a stand-in in its own process, and an account for each life."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fakes.accounts import signed_in
from fakes.instagram import Fault, StandInProcess, User
from fakes.relay import config_of, fitting_clip, fitting_photo
from fakes.servers.process import RemoteFaults, ServerProcess

MOST_LIVES = 400
PATIENCE = "patience: {connect_seconds: 10, answer_seconds: 10}"
LOST_ANSWERS, LOST_REQUESTS, LOST_READS = 0.10, 0.05, 0.02
CONFIGURE = "media/configure_to_story"


@dataclass(frozen=True, slots=True)
class Post:
    """What was published once: its id, and what else it may be called where its id can't be known."""

    id: str
    called: str | None = None

    @property
    def names(self) -> list[str]:
        """All that it may be called."""
        return [self.id, *filter(None, [self.called])]


class Guest(Protocol):
    """One life's account at a network."""

    @property
    def destination(self) -> str:
        """What it is called in the config."""

    @property
    def secret(self) -> str:
        """What may stand in no file of the shop, but for the one that it is kept in.

        The stage keeps that beside the config, or the program in a folder of its own.
        """

    @property
    def most_repeats(self) -> int:
        """How often a machine may publish a story once more, without a person's word."""

    def plan_trouble(self) -> None:
        """From now on answers and requests get lost."""

    def draw(self, chance: random.Random) -> None:
        """What else is different in each run of rough times."""

    def calm_down(self) -> None:
        """None of that any more."""

    def post_by_hand(self, content: bytes) -> None:
        """The person puts up a photo themselves."""

    def posts(self, sha256: str) -> list[Post]:
        """What was published of these very bytes."""

    def litter(self) -> list[str]:
        """What still lies about that should be gone when a run has ended."""


class Stage(Protocol):
    """A network that many lives are lived at, one after the other."""

    @property
    def server(self) -> ServerProcess:
        """Its stand-in, where clocks and delays are set."""

    @property
    def faults(self) -> RemoteFaults[Any]:
        """What the stand-in does wrong."""

    def fill(self, inbox: Path) -> None:
        """Files that are published as they are."""

    def enter(self, root: Path, chance: random.Random) -> Guest:
        """An account that nobody has used yet; the shop's config is written for it."""


Opens = Callable[[Path, Path], AbstractContextManager[Stage]]
"""A stage, in a folder of its own, for a shop in the other one."""


def fill_with(
    inbox: Path,
    photo: Callable[[Path, int, int], Path],
    clip: Callable[[Path, int], Path],
    *,
    photos: int = 8,
    clips: int = 4,
) -> None:
    """Pairs of photos that look the same, and some clips between them."""
    for number in range(photos):
        for quality in (80, 90):
            photo(inbox / f"{number:02}-{quality}.jpg", number, quality)
    for number in range(clips):
        clip(inbox / f"{number * 3:02}-clip.mp4", number)


@dataclass(frozen=True, slots=True)
class Instagrapi:
    """Instagram as an app sees it."""

    server: StandInProcess
    users: Iterator[str]

    @property
    def faults(self) -> RemoteFaults[Any]:
        return self.server.faults

    def fill(self, inbox: Path) -> None:
        fill_with(inbox, fitting_photo, fitting_clip)

    def enter(self, root: Path, chance: random.Random) -> Guest:
        user = next(self.users)
        line = signed_in(config_of(root, self.server, user, PATIENCE), self.server)
        saved = line.session.read()
        assert saved
        return UserOfApp(self.server, user, str(saved.settings["authorization_data"]["sessionid"]))


@dataclass(frozen=True, slots=True)
class UserOfApp:
    """Somebody who is logged in there."""

    server: StandInProcess
    user: str
    secret: str
    destination: str = "insta"
    most_repeats: int = 1

    def plan_trouble(self) -> None:
        faults = self.server.faults
        faults.add(CONFIGURE, Fault.DROP_AFTER, times=None, chance=LOST_ANSWERS)
        faults.add(CONFIGURE, Fault.DROP_BEFORE, times=None, chance=LOST_ANSWERS + LOST_REQUESTS)
        faults.add("*/", Fault.DROP_BEFORE, times=None, chance=LOST_READS)

    def draw(self, chance: random.Random) -> None:
        """Nothing."""

    def calm_down(self) -> None:
        self.server.faults.clear()

    def post_by_hand(self, content: bytes) -> None:
        self.server.add_foreign_story(self.user, content)

    def posts(self, sha256: str) -> list[Post]:
        stories = self.server.stories
        return [Post(story.pk) for story in stories if (story.user, story.sha256) == (self.user, sha256)]

    def litter(self) -> list[str]:
        return []


@contextmanager
def instagrapi(folder: Path, shop: Path) -> Iterator[Stage]:
    """Instagram, spoken to as its app does."""
    users = [f"shop{number}" for number in range(MOST_LIVES)]
    with StandInProcess({name: User("unused") for name in users}, folder=folder) as server:
        yield Instagrapi(server, iter(users))
