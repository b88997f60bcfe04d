"""One coordinator with very many accounts: whole runs, a real ledger, servers that answer at once."""

from __future__ import annotations

import dataclasses
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.planning import photo
from fakes.remote import Rates, Remote, RemoteMirror, Times
from fakes.stories import rendition, sha

import pipeline.run.course
import pipeline.run.intake
from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import Ledger, open_ledger
from pipeline.load.asset import LoadTerms
from pipeline.load.scan import Found
from pipeline.model import Asset, Recipe, Sidecar
from pipeline.plan.story import plan_story
from pipeline.reformat import Order, Store, rendition_key
from pipeline.report.events import Summary
from pipeline.run import Request
from pipeline.tools.clock import Clock

START = datetime(2026, 11, 23, tzinfo=UTC)
BETWEEN_RUNS = timedelta(minutes=15)
RUNS_A_DAY = 96
STORIES_A_DAY = 25
ANSWERS_LOST = Rates(answer_lost=0.01)
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
limits: {{surge: null, free_mb: null}}
schedule: {{timezone: UTC, per_day: 25}}
destinations:
{destinations}
accounts:
{accounts}
"""
DESTINATION = "  {0}: {{platform: instagram_story, via: instagrapi, account: {0}}}"
ACCOUNT = "  {0}: {{username: {0}, pace: {{stories_per_day: 25, {1}}}}}"
PACE = "stories_per_hour: 2, spacing_seconds: [600, 800], wait_minutes: 0"
"""Two an hour: a day's stories go out within some fifteen hours."""


@dataclass(slots=True)
class Meter:
    """What the ledger was asked to do: `steps` of SQLite's machine, in hundreds, and commits if wanted."""

    with_commits: bool = False
    hundreds: int = 0
    commits: int = 0

    def step(self) -> None:
        self.hundreds += 1

    def heard(self, statement: str) -> None:
        self.commits += statement == "COMMIT"

    @contextmanager
    def opened(self, state: Path, clock: Clock) -> Iterator[Ledger]:
        """The ledger of a run, with the meter on it."""
        with open_ledger(state, clock) as ledger:
            ledger._db.set_progress_handler(self.step, 100)
            if self.with_commits:
                ledger._db.set_trace_callback(self.heard)
            yield ledger


class AtOnce(Remote):
    """A server whose answers take no time."""

    def call(self) -> None:
        """Nothing else happens meanwhile."""

    def answer(self) -> None:
        """It always arrives, unless it's lost."""


@dataclass(slots=True)
class Fleet:
    """So many accounts, each with stories of its own; only reading and encoding media are left out."""

    root: Path
    names: tuple[str, ...]
    clock: FakeClock
    mirrors: dict[str, RemoteMirror]
    meter: Meter = field(default_factory=Meter)
    dropped: int = 0
    paused_s: float = 0.0

    def settings(self) -> Settings:
        """Read anew, as by each run of cron."""
        return load_settings(self.root / "storyrelay.yaml", (), Place({}, self.root, None))

    def drop(self, settings: Settings, stories: int = STORIES_A_DAY) -> None:
        """So many new files for each account, and what would be made of them, as if it were made by now."""
        first = asset_at(self.root / "inbox" / self.names[0] / "any.jpg")
        recipe = plan_story(first, settings, self.clock()).treatments[0].recipe
        for number in range(self.dropped, self.dropped + stories):
            for name in self.names:
                path = self.root / "inbox" / name / f"{number:04}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
                self._keep(Store(settings.state / "store"), asset_at(path), recipe)
        self.dropped += stories

    def _keep(self, store: Store, asset: Asset, recipe: Recipe) -> None:
        """Those of one account differ from one another: a look must find the right one."""
        key, at_s = rendition_key(Order(asset, recipe, 1)), self.clock().timestamp()
        made = rendition(store.folder, asset.path.name.encode())
        own = made.path.rename(made.path.with_name(f"{key}.jpg"))
        os.utime(own, (at_s, at_s))
        store.keep(key, dataclasses.replace(made, path=own))
        os.utime(store.folder / f"{key}.json", (at_s, at_s))

    def run(self, settings: Settings) -> Summary:
        """One run of cron; the next comes a quarter of an hour later."""
        at = self.clock()
        summary = pipeline.run.run(settings, Request(), lambda _: None, self.clock, self._pause)
        self.clock.moment = max(self.clock.moment, at + BETWEEN_RUNS)
        return summary

    def _pause(self, seconds: float) -> None:
        self.paused_s += seconds
        self.clock.advance(seconds=seconds)

    def live(self) -> int:
        """How many stories were ever live; never two of one delivery."""
        posts = [
            (name, post.delivery) for name, mirror in self.mirrors.items() for post in mirror.remote.posts
        ]
        assert len(posts) == len(set(posts)), "a story went out twice"
        return len(posts)


def asset_at(path: Path) -> Asset:
    """What reading a file would give; its folder says whose it is."""
    content = sha(os.fspath(path))
    return Asset(path, content, photo(), Sidecar(destinations=(path.parent.name,)), picture=content)


def _loaded(found: Found, terms: LoadTerms) -> Asset:
    del terms
    return asset_at(found.path)


@contextmanager
def fleet(root: Path, accounts: int, pace: str = PACE) -> Iterator[Fleet]:
    """So many accounts in a folder, as long as the block lasts."""
    names = tuple(f"a{number:04}" for number in range(accounts))
    (root / "inbox").mkdir()
    (root / "storyrelay.yaml").write_text(
        CONFIG.format(
            destinations="\n".join(map(DESTINATION.format, names)),
            accounts="\n".join(ACCOUNT.format(name, pace) for name in names),
        )
    )
    clock = FakeClock(START)
    servers = {
        name: AtOnce(random.Random(name), Times(clock), ANSWERS_LOST)  # noqa: S311 - the same every time
        for name in names
    }
    mirrors = {name: RemoteMirror(server, name) for name, server in servers.items()}
    built = Fleet(root, names, clock, mirrors)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline.run.course, "mirrors", lambda *_: mirrors)
        patched.setattr(pipeline.run.course, "open_ledger", built.meter.opened)
        patched.setattr(pipeline.run.intake, "load_asset", _loaded)
        yield built
