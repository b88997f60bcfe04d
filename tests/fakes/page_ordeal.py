"""Worlds in which the page or a run is killed while a person answers, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from fakes.caller import Caller
from fakes.crashes import CONFIG, SMALL, Server, small_world
from fakes.page_victim import SERVED
from fakes.shop import picture

from pipeline.config import Place, load_settings
from pipeline.handoff.paired import Phones
from pipeline.ledger import reading, snapshot
from pipeline.ledger.answers import Verb, pending
from pipeline.ledger.foresight import foreseen
from pipeline.model import Delivery, State
from pipeline.run import Request, run
from pipeline.tools.clock import now

SAID: dict[Verb, State] = {
    "opened": State.OPENED,
    "shared": State.SHARED,
    "confirm": State.CONFIRMED,
    "skip": State.SKIPPED,
}
WORDS: tuple[Verb, ...] = ("opened", "shared", "confirm", "skip")
STARTED_S = 20.0
OFFERED = 4
"""So many stories wait in a world when it begins; as many again are new in its inbox."""


def template(root: Path) -> str:
    """A world in which four stories wait and two photos are new; the key of its paired phone."""
    small_world(root)
    (root / "storyrelay.yaml").write_text(CONFIG)
    settings = load_settings(root / "storyrelay.yaml", (), Place({}, root, None))
    assert run(settings, Request(), lambda _: None).offered == OFFERED
    for number, name in enumerate(("c.jpg", "d.jpg")):
        picture(root / "inbox" / name, number + 5, SMALL)
    phones = Phones(root / "state")
    key = phones.pair(phones.invite(now(), "Ana's"), "phone", now())
    assert key
    return key


@dataclass(slots=True)
class Telling:
    """What the person has said in one world, and what of it was acknowledged."""

    root: Path
    tried: dict[int, list[Verb]] = field(default_factory=dict)
    heard: dict[int, list[Verb]] = field(default_factory=dict)

    def tell(self, caller: Caller, delivery: int, verb: Verb) -> None:
        """Say it once, whatever becomes of it."""
        self.tried.setdefault(delivery, []).append(verb)
        try:
            status = caller.say(delivery, verb, uuid4().hex).status
        except (OSError, ValueError):  # the line broke
            return
        assert status < 500 or status == 503, status
        if status in (200, 202):
            self.heard.setdefault(delivery, []).append(verb)

    def problems(self) -> Iterator[str]:
        """What is wrong at this moment, by what the page would show."""
        state = self.root / "state"
        with reading(state) as ledger:
            rows = foreseen(ledger, _rows(ledger.in_states(list(State))), pending(state))
            events = {row.id: [event.event for event in ledger.events_of(row.id)] for row in rows}
        if {"Ana's"} != {phone.name for phone in Phones(state).all()}:
            yield "the phones are wrong"
        if not set(range(1, OFFERED + 1)) <= {row.id for row in rows}:
            yield f"a story is lost: {rows}"
        for row in rows:
            yield from self._problems_of(row, events[row.id])

    def _problems_of(self, row: Delivery, events: list[str]) -> Iterator[str]:
        tried, heard = self.tried.get(row.id, []), self.heard.get(row.id, [])
        if row.state is State.CONFIRMED and "confirm" not in tried:
            yield f"{row.id} is confirmed though nobody said so"
        if row.state is State.SKIPPED and "skip" not in tried:
            yield f"{row.id} is skipped though nobody said so"
        ends = {SAID[verb] for verb in tried if verb in ("confirm", "skip")}
        if "confirm" in heard or "skip" in heard:
            if row.state not in ends:
                yield f"{row.id} is {row.state}, but was told {heard}"
        elif heard and row.state not in {SAID[verb] for verb in tried}:
            yield f"{row.id} is {row.state}, but was told {heard}"
        for event in ("opened", "shared", "confirmed", "skipped"):
            if events.count(event) > 1:
                yield f"{row.id} has {event} twice"

    def problems_in_the_end(self) -> Iterator[str]:
        """After a run that nobody killed: nothing is left, and everything new is offered."""
        yield from self.problems()
        state = self.root / "state"
        if pending(state):
            yield "answers are left"
        with snapshot(state) as ledger:
            rows = _rows(ledger.in_states(list(State)))
        untold = {row.state for row in rows if row.id not in self.tried}
        if len(rows) != 2 * OFFERED or untold != {State.OFFERED}:
            yield f"in the end: {[(row.id, str(row.state)) for row in rows]}"


def _rows(rows: list[Delivery]) -> list[Delivery]:
    return sorted(rows, key=lambda row: row.id)


@dataclass(frozen=True, slots=True)
class Theatre:
    """What all worlds share: a template with its phone's key, and programs that serve and run there."""

    folder: Path
    key: str
    pages: Server
    runs: Server

    def ordeal(self, chance: random.Random, whole_s: float, *, killed: str) -> Telling:
        """A person answers while a run goes on; the page or the run is killed meanwhile."""
        root = self.folder.with_name(f"world-{chance.getrandbits(64):x}")
        shutil.copytree(self.folder, root)
        telling = Telling(root)
        moment_s = chance.uniform(0, whole_s)
        with ThreadPoolExecutor(2) as pool, self.page(root, pool) as (pid, caller):
            limit = moment_s if killed == "run" else None
            going = pool.submit(self.runs.ask, _request(root, "run", kill_after_s=limit))
            begun = time.monotonic()
            while time.monotonic() - begun < moment_s:
                telling.tell(caller, chance.randint(1, OFFERED), chance.choice(WORDS))
            if killed == "page":
                os.kill(pid, signal.SIGKILL)
            going.result()
        return telling

    @contextmanager
    def page(self, root: Path, pool: ThreadPoolExecutor) -> Iterator[tuple[int, Caller]]:
        """A page that is served in a process of its own, and killed in the end."""
        served = pool.submit(self.pages.ask, _request(root, "serve"))
        until = time.monotonic() + STARTED_S
        while not (root / SERVED).exists():
            assert time.monotonic() < until
            assert not served.done()
            time.sleep(0.005)
        facts = json.loads((root / SERVED).read_text())
        caller = Caller(facts["port"], self.key)
        caller.board()
        try:
            yield facts["pid"], caller
        finally:
            with suppress(ProcessLookupError):  # killed before, and not yet told of by the one that reaped it
                if not served.done():
                    os.kill(facts["pid"], signal.SIGKILL)
            assert served.result() == -signal.SIGKILL


def _request(root: Path, act: str, kill_after_s: float | None = None) -> dict[str, object]:
    return {"world": str(root), "act": act, "kill_at": None, "kill_after_s": kill_after_s}
