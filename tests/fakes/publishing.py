"""Worlds in which the command is killed while it publishes to a stand-in, and what became of each story.

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

from fakes.crashes import KILLED, Server, server
from fakes.disk import Disk
from fakes.relay import blocks
from fakes.simulation import Findings
from fakes.stages import Guest, Opens, Post, Stage, instagrapi

from pipeline.ledger import Ledger, doubts, exclusive, open_ledger, snapshot, trace
from pipeline.ledger.answers import Answer, apply
from pipeline.model import ENDED, Delivery, State
from pipeline.tools.clock import now

SETTLE_S = 15 * 60
LONGEST_DELAY_S = SETTLE_S - 60
SKEW_S = 60
LATENCY_S = 0.03
WHILE_S = 60 * 60
"""Whatever a server has taken has been processed by then."""
STORIES_A_RUN = 4
BETWEEN = "killed between stories"
BY_HAND = 0.1
KEPT = frozenset({"token", "sessions"})
"""Where the secret is."""
EARLIEST = 0.3
"""Of a run: before that it hasn't looked at the account yet."""
MOST_RUNS = 60
PATIENCE_S = 20
BREATH_S = 0.01


@dataclass(frozen=True, slots=True)
class Theatre:
    """What all worlds share: the server, the program to be killed, an inbox that was handed over already.

    `whole_s` is how long a run takes that nobody kills; every life gets an account of its own.
    """

    root: Path
    template: Path
    stage: Stage
    victims: Server
    whole_s: float = 0.0
    disk: Disk = field(default_factory=Disk)

    def live_through(
        self, seed: int, *, naive: bool = False, broken: str | None = None, kills: int = MOST_RUNS
    ) -> Findings:
        """Rough times, until nothing is left to publish, then calm ones until everything has ended.

        They are calm earlier when so many runs were killed while they published.
        """
        self.begin_anew()
        return Life(self, seed, naive=naive, broken=broken).live(kills)

    def begin_anew(self) -> None:
        """Everything is as it was before the first run that publishes."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root)
        self.disk.settle()


@contextmanager
def theatre(folder: Path, disk: Disk | None = None, opens: Opens = instagrapi) -> Iterator[Theatre]:
    """As long as the block lasts; all lives are lived in the same folder, as the ledger knows its paths."""
    disk = disk or Disk()
    shop = (disk.mounted or folder) / "shop"
    with ExitStack() as open_:
        stage = open_.enter_context(opens(folder / "network", shop))
        victims = open_.enter_context(server("fakes.publishing_victim"))
        stage.server.latency_s = LATENCY_S
        built = Theatre(shop, folder / "template", stage, victims, disk=disk)
        _open_shop(built)
        yield replace(built, whole_s=min(_whole_runs(built)))


def _whole_runs(built: Theatre) -> Iterator[float]:
    """How long some runs take that nobody kills."""
    for _ in range(2):
        built.begin_anew()
        life = Life(built, 0, calm=True)
        began_s = time.monotonic()
        assert life.run() == 0
        yield time.monotonic() - began_s


def _open_shop(built: Theatre) -> None:
    """Everything is handed over to WhatsApp, and ready to be published."""
    (built.root / "inbox").mkdir(parents=True)
    built.stage.fill(built.root / "inbox")
    life = Life(built, 0, calm=True)
    assert life.run("--not-to", life.guest.destination) == 0
    assert {row.state for row in life.deliveries("whatsapp")} == {State.OFFERED}
    shutil.copytree(built.root, built.template)


def live_through(stage: Theatre, seeds: range, kills: int = 1) -> Findings:
    """One world after the other, until so many runs of all of them were killed with a story under way.

    Raises AssertionError for a world in which something is wrong, and when there are no more.
    """
    findings = Findings()
    for seed in seeds:
        found = stage.live_through(seed, kills=kills - findings.counts["killed while publishing"])
        assert found.wrong == {}, f"seed {seed}"
        findings.add(found)
        findings.counts["worlds"] += 1
        if findings.counts["killed while publishing"] >= kills:
            return findings
    raise AssertionError(
        f"only {findings.counts['killed while publishing']} were killed while they published"
    )


class Life:
    """One seed's world."""

    def __init__(
        self, place: Theatre, seed: int, *, naive: bool = False, calm: bool = False, broken: str | None = None
    ) -> None:
        self.place, self.seed, self.naive, self.calm, self.broken = place, seed, naive, calm, broken
        self.chance = random.Random(seed)  # noqa: S311 - the same every time
        self.findings = Findings()
        self.ahead_s = 0.0
        self.skew_s = 0.0 if calm else self.chance.uniform(-SKEW_S, SKEW_S)
        self._pass_by(0)
        self.guest: Guest = place.stage.enter(place.root, self.chance)
        self._plan_trouble()

    def deliveries(self, destination: str | None = None) -> list[Delivery]:
        name = destination or self.guest.destination
        with snapshot(self.place.root / "state") as ledger:
            return [row for row in ledger.in_states(list(State)) if row.destination == name]

    def live(self, kills: int = MOST_RUNS) -> Findings:
        for number in range(MOST_RUNS):
            if all(row.state in (*ENDED, State.UNKNOWN) for row in self.deliveries()):
                break
            if self.findings.counts["killed while publishing"] >= kills:
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
        self._pass_by(WHILE_S)
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
        self.place.stage.faults.seed(self.seed * 1000 + number)

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
        self.place.stage.server.listing_delay_s = chance.uniform(0, LONGEST_DELAY_S) if late else 0.0
        if self.calm:
            return
        self.guest.draw(chance)
        if chance.random() < BY_HAND:
            file = self.place.root / "by-hand.jpg"
            blocks(chance).save(file)
            self.guest.post_by_hand(file.read_bytes())
            self.findings.counts["by hand"] += 1

    def _pass_by(self, seconds: float) -> None:
        """Time goes on, for everybody; the server's clock is wrong as ever."""
        self.ahead_s += seconds
        self.place.stage.server.clock.skew_s = self.ahead_s + self.skew_s

    def _plan_trouble(self) -> None:
        self.guest.calm_down()
        if not self.calm:
            self.guest.plan_trouble()

    def _wait_for_the_server(self) -> None:
        """What the dead have asked for is still being done; nobody's time may jump meanwhile."""
        until = time.monotonic() + PATIENCE_S
        time.sleep(BREATH_S)
        while self.place.stage.server.under_way and time.monotonic() < until:
            time.sleep(BREATH_S)

    def _moment(self) -> str:
        """How far the dead run had come with what it was publishing."""
        with snapshot(self.place.root / "state") as ledger:
            armed = ledger.in_states({State.ARMED})
            return f"killed after {ledger.events_of(armed[0].id)[-1].event}" if armed else BETWEEN

    def _secrets_found(self) -> bool:
        secret, files = self.guest.secret.encode(), filter(Path.is_file, self.place.root.rglob("*"))
        return any(secret in file.read_bytes() for file in files if not KEPT & {file.name, file.parent.name})

    def _person_looks(self) -> None:
        """Where the program can't tell, the person looks at their account later, and says what they see."""
        self._pass_by(WHILE_S)
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
            return Answer("confirm", row.id, self._now(), live_as=live[0].id)
        return Answer("retry", row.id, self._now(), not_live=True)

    def _now(self) -> datetime:
        return now() + timedelta(seconds=self.ahead_s)

    def _posts(self, row: Delivery) -> list[Post]:
        """What is live of it: the very bytes that were made of it."""
        with snapshot(self.place.root / "state") as ledger:
            ours = trace(ledger, row.id).armed.get("sha256")
        return self.guest.posts(str(ours))

    def _judge(self) -> None:
        counts = self.findings.counts
        counts["litter"] += len(self.guest.litter())
        with snapshot(self.place.root / "state") as ledger:
            for row in self.deliveries():
                posts = self._posts(row)
                counts["stories"] += 1
                counts["twice"] += len(posts) > 1
                counts["lost"] += row.state not in ENDED or not posts
                named = row.external_id in [post.id for post in posts]
                counts["without its id"] += not named and row.external_id in [post.called for post in posts]
                counts["wrong id"] += row.external_id not in [one for post in posts for one in post.names]
                self._count_events(ledger, row.id)

    def _count_events(self, ledger: Ledger, delivery: int) -> None:
        counts, events = self.findings.counts, [event.event for event in ledger.events_of(delivery)]
        counts["doubts"] += sum(event in ("unknown", "cut short") for event in events)
        counts["looks"] += events.count("looked for")
        counts["repeats"] += events.count("not live")
        counts["attempts"] += events.count("publishing")
        assert trace(ledger, delivery).repeats <= self.guest.most_repeats
