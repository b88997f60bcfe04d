"""Worlds in which the command is killed while it publishes to the stand-in, and what became of each story.

A seed decides what goes wrong and when: lost answers and requests, late lists, wrong clocks, stories of the
person's own, the moments of death. Only the machine's own speed isn't the same every time.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from fakes.accounts import signed_in
from fakes.crashes import KILLED, Server, server
from fakes.disk import Disk
from fakes.instagram import Fault, StandInProcess, User
from fakes.publishing_victim import LOG
from fakes.relay import blocks, config_of, fitting_clip, fitting_photo
from fakes.simulation import Findings

from pipeline.config import Settings
from pipeline.ledger import Ledger, doubts, exclusive, open_ledger, snapshot, trace
from pipeline.ledger.answers import Answer, apply
from pipeline.model import ENDED, Delivery, State
from pipeline.tools.clock import now

MOST_LIVES = 300
PATIENCE = "patience: {connect_seconds: 10, answer_seconds: 10}"
CONFIGURE = "media/configure_to_story"
LOST_ANSWERS, LOST_REQUESTS, LOST_READS = 0.10, 0.05, 0.02
SETTLE_S = 15 * 60
LONGEST_DELAY_S = SETTLE_S - 60
SKEW_S = 60
LATENCY_S = 0.03
PHOTOS, CLIPS = 8, 4
"""Photos come in pairs that look the same."""
STORIES_A_RUN = 4
BETWEEN = "killed between stories"
EARLIEST = 0.3
"""Of a run: before that it hasn't looked at the account yet."""
MOST_RUNS = 60
PATIENCE_S = 20
BREATH_S = 0.01


@dataclass(frozen=True, slots=True)
class Theatre:
    """What all worlds share: the server, the program to be killed, an inbox that was handed over already.

    `whole_s` is how long a run takes that nobody kills; every life gets a user of its own from `users`.
    """

    root: Path
    template: Path
    instagram: StandInProcess
    victims: Server
    users: Iterator[str]
    whole_s: float = 0.0
    disk: Disk = field(default_factory=Disk)

    def live_through(self, seed: int, *, naive: bool = False, broken: str | None = None) -> Findings:
        """Rough times, until nothing is left to publish, then calm ones until everything has ended."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root)
        self.disk.settle()
        return Life(self, seed, naive=naive, broken=broken).live()


@contextmanager
def theatre(folder: Path, disk: Disk | None = None) -> Iterator[Theatre]:
    """As long as the block lasts; all lives are lived in the same folder, as the ledger knows its paths."""
    disk = disk or Disk()
    with ExitStack() as open_:
        users = [f"shop{number}" for number in range(MOST_LIVES)]
        instagram = open_.enter_context(
            StandInProcess({name: User("unused") for name in users}, folder=folder / "instagram")
        )
        victims = open_.enter_context(server("fakes.publishing_victim"))
        instagram.latency_s = LATENCY_S
        shop = (disk.mounted or folder) / "shop"
        built = Theatre(shop, folder / "template", instagram, victims, iter(users), disk=disk)
        _open_shop(built)
        yield replace(built, whole_s=min(_whole_runs(built)))


def _whole_runs(built: Theatre) -> Iterator[float]:
    """How long some runs take that nobody kills."""
    life = Life(built, 0, calm=True)
    for _ in range(3):
        began_s = time.monotonic()
        assert life.run() == 0
        yield time.monotonic() - began_s


def _open_shop(built: Theatre) -> None:
    """Everything is handed over to WhatsApp, and ready to be published."""
    inbox = built.root / "inbox"
    for number in range(PHOTOS):
        fitting_photo(inbox / f"{number:02}-80.jpg", number, 80)
        fitting_photo(inbox / f"{number:02}-90.jpg", number, 90)
    for number in range(CLIPS):
        fitting_clip(inbox / f"{number * 3:02}-clip.mp4", number)
    life = Life(built, 0, calm=True)
    assert life.run("--not-to", "insta") == 0
    assert {row.state for row in life.deliveries("whatsapp")} == {State.OFFERED}
    shutil.copytree(built.root, built.template)


class Life:
    """One seed's world."""

    def __init__(
        self, place: Theatre, seed: int, *, naive: bool = False, calm: bool = False, broken: str | None = None
    ) -> None:
        self.place, self.seed, self.naive, self.calm, self.broken = place, seed, naive, calm, broken
        self.instagram = place.instagram
        self.user = next(place.users)
        self.chance = random.Random(seed)  # noqa: S311 - the same every time
        self.findings = Findings()
        self.ahead_s = 0.0
        self.skew_s = 0.0 if calm else self.chance.uniform(-SKEW_S, SKEW_S)
        self._pass_by(0)
        line = signed_in(self._settings(), self.instagram)
        saved = line.session.read()
        assert saved
        self.secret = str(saved.settings["authorization_data"]["sessionid"])
        self._plan_trouble()

    def _settings(self) -> Settings:
        return config_of(self.place.root, self.instagram, self.user, PATIENCE)

    def deliveries(self, destination: str = "insta") -> list[Delivery]:
        with snapshot(self.place.root / "state") as ledger:
            return [row for row in ledger.in_states(list(State)) if row.destination == destination]

    def live(self) -> Findings:
        for number in range(MOST_RUNS):
            if all(row.state in (*ENDED, State.UNKNOWN) for row in self.deliveries()):
                break
            self._draw_anew(number)
            self._rough_run()
        self.calm = True
        self._plan_trouble()
        for _ in range(MOST_RUNS):
            if all(row.state in ENDED for row in self.deliveries()):
                break
            self._between_runs()
            self.findings.counts["bugs"] += self.run() not in (0, 3, 4)
            self._person_looks()
        self._judge()
        return self.findings

    def run(self, *words: str, kill_after_s: float | None = None) -> int:
        """The command, from beginning to end or to its death; the local clock is wrong, each time anew."""
        self.findings.counts["runs"] += 1
        wrong_s = 0.0 if self.calm else self.chance.uniform(-SKEW_S, SKEW_S)
        ended = self.place.victims.ask(
            {
                "world": str(self.place.root),
                "words": ["run", *(words or ("--limit", str(STORIES_A_RUN)))],
                "ahead_s": self.ahead_s + wrong_s,
                "naive": self.naive,
                "broken": self.broken,
                "kill_after_s": kill_after_s,
            }
        )
        self._wait_for_the_server()
        return ended

    def _draw_anew(self, number: int) -> None:
        """Each run's luck is its own, however much of it the one before has used up."""
        self.chance = random.Random(self.seed * 1000 + number)  # noqa: S311 - the same every time
        self.instagram.faults.seed(self.seed * 1000 + number)

    def _rough_run(self) -> None:
        self._between_runs()
        counts = self.findings.counts
        ended = self.run(kill_after_s=self.place.whole_s * self.chance.uniform(EARLIEST, 1))
        if ended == KILLED:
            self.place.disk.cut()
            counts["kills"] += 1
            moment = self._moment()
            counts[moment] += 1
            counts["killed while publishing"] += moment != BETWEEN
        else:
            counts["bugs"] += ended not in (0, 3, 4)
        counts["secrets found"] += self._secrets_found()

    def _between_runs(self) -> None:
        chance = self.chance
        self._pass_by(chance.uniform(60, 1.5 * SETTLE_S))
        late = not self.calm and chance.random() < 0.5
        self.instagram.listing_delay_s = chance.uniform(0, LONGEST_DELAY_S) if late else 0.0
        if not self.calm and chance.random() < 0.1:
            file = self.place.root / "by-hand.jpg"
            blocks(chance).save(file)
            self.instagram.add_foreign_story(self.user, file.read_bytes())
            self.findings.counts["by hand"] += 1

    def _pass_by(self, seconds: float) -> None:
        """Time goes on, for everybody; the server's clock is wrong as ever."""
        self.ahead_s += seconds
        self.instagram.clock.skew_s = self.ahead_s + self.skew_s

    def _plan_trouble(self) -> None:
        faults = self.instagram.faults
        faults.clear()
        if not self.calm:
            faults.add(CONFIGURE, Fault.DROP_AFTER, times=None, chance=LOST_ANSWERS)
            faults.add(CONFIGURE, Fault.DROP_BEFORE, times=None, chance=LOST_ANSWERS + LOST_REQUESTS)
            faults.add("*/", Fault.DROP_BEFORE, times=None, chance=LOST_READS)

    def _wait_for_the_server(self) -> None:
        """What the dead have asked for is still being done; nobody's time may jump meanwhile."""
        until = time.monotonic() + PATIENCE_S
        time.sleep(BREATH_S)
        while self.instagram.under_way and time.monotonic() < until:
            time.sleep(BREATH_S)

    def _moment(self) -> str:
        """How far the dead run had come with what it was publishing."""
        with snapshot(self.place.root / "state") as ledger:
            armed = ledger.in_states({State.ARMED})
            return f"killed after {ledger.events_of(armed[0].id)[-1].event}" if armed else BETWEEN

    def _secrets_found(self) -> bool:
        files = (*self.place.root.glob("state/ledger*"), self.place.root / LOG)
        return any(self.secret.encode() in file.read_bytes() for file in files)

    def _person_looks(self) -> None:
        """Where the program can't tell, the person looks at their account, and says what they see."""
        with (
            exclusive(self.place.root / "state"),
            open_ledger(self.place.root / "state", self._now) as ledger,
        ):
            settling = {row.id for row, _ in doubts(ledger)}
            for row in ledger.in_states({State.UNKNOWN}):
                if row.id in settling:
                    continue
                self.findings.counts["asked"] += 1
                apply(ledger, self._said(row))

    def _said(self, row: Delivery) -> Answer:
        live = self._posts(row)
        if live:
            return Answer("confirm", row.id, self._now(), live_as=live[0])
        return Answer("retry", row.id, self._now(), not_live=True)

    def _now(self) -> datetime:
        return now() + timedelta(seconds=self.ahead_s)

    def _posts(self, row: Delivery) -> list[str]:
        """What is live of it: the very bytes that were made of it."""
        with snapshot(self.place.root / "state") as ledger:
            ours = trace(ledger, row.id).armed.get("sha256")
        stories = self.instagram.stories
        return [story.pk for story in stories if (story.user, story.sha256) == (self.user, ours)]

    def _judge(self) -> None:
        counts = self.findings.counts
        with snapshot(self.place.root / "state") as ledger:
            for row in self.deliveries():
                posts = self._posts(row)
                counts["stories"] += 1
                counts["twice"] += len(posts) > 1
                counts["lost"] += row.state not in ENDED or not posts
                counts["wrong id"] += row.external_id not in posts
                self._count_events(ledger, row.id)

    def _count_events(self, ledger: Ledger, delivery: int) -> None:
        counts, events = self.findings.counts, [event.event for event in ledger.events_of(delivery)]
        counts["doubts"] += sum(event in ("unknown", "cut short") for event in events)
        counts["looks"] += events.count("looked for")
        counts["repeats"] += events.count("not live")
        counts["attempts"] += events.count("publishing")
        assert trace(ledger, delivery).repeats <= 1
