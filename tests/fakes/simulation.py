"""Runs over the real ledger and the real steps of delivery, with a simulated server, clock and death.

A seed decides everything: what goes wrong and when, what the person does. In the end nothing may be live
twice, nothing may be lost, and no delivery may claim another's story.
"""

from __future__ import annotations

import dataclasses
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.remote import Killed, Rates, Remote, RemoteMirror
from fakes.stories import PRINT, recipe, rendition, story, treatment

import pipeline.deliver
from pipeline.config import Place, Settings, load_settings
from pipeline.deliver import recover
from pipeline.errors import DeliveryError, OutcomeUnknown
from pipeline.ledger import Ledger, Move, Trace, doubts, snapshot, trace
from pipeline.ledger.answers import Answer, apply
from pipeline.model import ENDED, Delivery, Rendition, State
from pipeline.run.mirroring import mirror_due
from pipeline.run.trip import Request, Trip
from pipeline.tools.signals import StopSignal

CONFIG = """\
inbox: inbox
outbox: outbox
state: state
destinations: {instagram: {platform: instagram_story, via: instagrapi, account: shop}}
accounts:
  shop:
    username: shop
    pace: {stories_per_day: 100, stories_per_hour: 100, spacing_seconds: [2, 5], wait_minutes: 1}
    patience: {settle_minutes: 15}
schedule: {timezone: UTC}
"""
ROUGH = Rates(
    kill_at_call=0.06,
    kill_at_commit=0.03,
    no_answer=0.08,
    answer_lost=0.25,
    refused=0.04,
    blocked=0.01,
    dead_session=0.01,
    unseen_picture=0.05,
    foreign=0.03,
    late=0.2,
)
WRONG = ("twice", "lost", "wrong id", "secrets found", "litter", "bugs")
ROUGH_RUNS = 8
MOST_RUNS = 120
PHOTOS = 2
PARTS = 2


@dataclass(frozen=True, slots=True)
class Workplace:
    """What all simulations share: the settings, the files, their renditions."""

    settings: Settings
    inbox: Path
    renditions: dict[tuple[str, int], Rendition]

    def hasty(self) -> Workplace:
        """The same with hardly any time to settle."""
        patience = ("accounts.shop.patience.settle_minutes=1",)
        return dataclasses.replace(self, settings=_settings(self.inbox.parent, *patience))


def workplace(root: Path) -> Workplace:
    """Two photos, and a video of two parts that last as long as each other."""
    inbox = root / "inbox"
    inbox.mkdir()
    (root / "storyrelay.yaml").write_text(CONFIG)
    made: dict[tuple[str, int], Rendition] = {}
    for name in (*(f"{number}.jpg" for number in range(PHOTOS)), "clip.mp4"):
        (inbox / name).touch()
        for part in range(1, (PARTS if name == "clip.mp4" else 1) + 1):
            length = 5.0 if name == "clip.mp4" else None
            content = f"{name} {part}".encode()
            made[name, part] = rendition(root / "state" / "store", content, part=part, duration_s=length)
    return Workplace(_settings(root), inbox, made)


def _settings(root: Path, *assignments: str) -> Settings:
    return load_settings(root / "storyrelay.yaml", assignments, Place({}, root, None))


def repeats_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong: what has no answer, or was cut short, is simply done again."""
    answer_to = pipeline.deliver._answer_to

    def again(failure: DeliveryError, at: datetime) -> Move:
        if isinstance(failure, OutcomeUnknown):
            return Move(State.PLANNED, "try again", due_at=at)
        return answer_to(failure, at)

    def forgetful(known: Trace) -> Trace:
        return dataclasses.replace(known, under_way=False)

    monkeypatch.setattr(pipeline.deliver, "_answer_to", again)
    monkeypatch.setattr(pipeline.deliver, "trace", lambda *asked: forgetful(trace(*asked)))


@dataclass(slots=True)
class MortalConnection:
    """A connection whose owner may be killed just before or just after a commit."""

    db: sqlite3.Connection
    remote: Remote

    @property
    def in_transaction(self) -> bool:
        return self.db.in_transaction

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement != "COMMIT":
            return self.db.execute(statement, *values)
        self.remote.may_die(self.remote.rates.kill_at_commit)
        done = self.db.execute(statement)
        self.remote.may_die(self.remote.rates.kill_at_commit)
        return done


@dataclass(slots=True)
class Findings:
    """What became of everything."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, other: Findings) -> None:
        self.counts += other.counts

    @property
    def wrong(self) -> dict[str, int]:
        return {name: self.counts[name] for name in WRONG if self.counts[name]}


Breaks = Callable[[Remote], RemoteMirror]


@dataclass(slots=True)
class Simulation:
    """One seed's world."""

    place: Workplace
    ledger: Ledger
    remote: Remote
    mirror: RemoteMirror
    findings: Findings = field(default_factory=Findings)

    def live_through(self) -> Findings:
        """Rough times, then calm ones until everything has ended."""
        self._plan()
        for number in range(MOST_RUNS):
            if number == ROUGH_RUNS:
                self.calm_down()
            self._between_runs(calm=number >= ROUGH_RUNS)
            self._run()
            if self.remote.rates.no_answer == 0 and all(row.state in ENDED for row in self._all()):
                break
        self._judge()
        return self.findings

    def calm_down(self) -> None:
        """From now on everything goes well, but for what people do on their phones."""
        self.remote.rates = dataclasses.replace(self.remote.rates, **_CALM)

    def _plan(self) -> None:
        for name in sorted({name for name, _ in self.place.renditions}):
            parts = max(part for known, part in self.place.renditions if known == name)
            wanted = treatment("instagram", recipe=recipe(parts), parts=parts)
            self.ledger.enter(story(wanted, path=self.place.inbox / name, content=name), PRINT)

    def _run(self) -> None:
        self.findings.counts["runs"] += 1
        times = self.remote.times
        trip = Trip(
            self.place.settings,
            Request(),
            self.ledger,
            lambda _: None,
            StopSignal(),
            times.local,
            pause=times.pass_by,
        )
        self.remote.mortal = True
        try:
            recover(self.ledger)
            mirror_due(trip, {"instagram": self.mirror}, self._made)
        except Killed:
            self.findings.counts["kills"] += 1
        finally:
            self.remote.mortal = False

    def _made(self, delivery: Delivery) -> Rendition:
        return self.place.renditions[delivery.path.name, delivery.part]

    def _between_runs(self, *, calm: bool) -> None:
        chance, times = self.remote.chance, self.remote.times
        times.pass_by(chance.uniform(60, 1500))
        times.skew = timedelta(seconds=chance.uniform(-60, 60))
        if calm or chance.random() < 0.3:
            self._person_acts()

    def _person_acts(self) -> None:
        """They log in where it's needed, and look at their account where the program can't tell."""
        if self.ledger.lane("instagram").stopped:
            self.mirror.session_is_dead = False
            self.ledger.release("instagram")
        settling = {row.id for row, _ in doubts(self.ledger)}
        for row in self.ledger.in_states({State.UNKNOWN, State.PARKED}):
            if row.id in settling:
                continue
            self.findings.counts["asked"] += row.state is State.UNKNOWN
            live = any(post.delivery == row.id for post in self.remote.posts)
            said = Answer(
                "confirm" if live else "retry", row.id, self.remote.times.local(), not_live=not live
            )
            apply(self.ledger, said)

    def _all(self) -> list[Delivery]:
        return self.ledger.in_states(list(State))

    def _judge(self) -> None:
        counts = self.findings.counts
        for row in self._all():
            posts = [post.pk for post in self.remote.posts if post.delivery == row.id]
            counts["stories"] += 1
            counts["twice"] += len(posts) > 1
            counts["lost"] += row.state not in ENDED or not posts
            counts["wrong id"] += row.external_id is not None and row.external_id not in posts
            events = [event.event for event in self.ledger.events_of(row.id)]
            counts["doubts"] += sum(event in ("unknown", "cut short") for event in events)
            counts["looks"] += events.count("looked for")
            counts["repeats"] += events.count("not live")
            assert events.count("not live") <= self.mirror.most_repeats * (1 + events.count("retried"))


_CALM: dict[str, float] = {
    "kill_at_call": 0.0,
    "kill_at_commit": 0.0,
    "no_answer": 0.0,
    "answer_lost": 0.0,
    "refused": 0.0,
    "blocked": 0.0,
    "dead_session": 0.0,
}


@contextmanager
def simulation(
    place: Workplace, seed: int, mirror: Breaks = RemoteMirror, rates: Rates = ROUGH
) -> Iterator[Simulation]:
    """A world of its own for a seed."""
    remote = Remote(random.Random(seed), rates=rates)  # noqa: S311 - the same every time
    with snapshot(place.inbox.parent / "nothing", remote.times.local) as ledger:
        vars(ledger)["_db"] = MortalConnection(ledger._db, remote)
        yield Simulation(place, ledger, remote, mirror(remote))


def simulate(place: Workplace, seeds: range, mirror: Breaks = RemoteMirror, rates: Rates = ROUGH) -> Findings:
    """What became of everything in all these worlds."""
    findings = Findings()
    for seed in seeds:
        with simulation(place, seed, mirror, rates) as world:
            findings.add(world.live_through())
    return findings
