"""Runs, and adb under them, are killed at moments spread over a hand-off, and then made good.

A repeat after a kill opens the composer once more, with a fresh copy of the file: nothing is sent by that.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes.android.device import StandIn
from fakes.android.line import Line
from fakes.android.server import AdbServer
from fakes.crashes import KILLED, Server, World, server
from fakes.shop import Shop

from pipeline.handoff.shelf import Shelf
from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.run import answer
from pipeline.tools.adb import run_adb

QUICK, MANY = 2, 60
"""Kills of each kind in the suite, and in the long form."""
CALLS = 8
"""A run with one story calls adb so often."""
DESTINATIONS = "{whatsapp: {platform: whatsapp_status, channels: [intent]}}"


@dataclass(slots=True)
class Stage:
    """Shops with one picture each, one phone for all of them."""

    line: Line
    phone: StandIn
    root: Path
    chance: random.Random = field(default_factory=lambda: random.Random(25))  # noqa: S311 - the same always
    shops: int = 0

    def shop(self) -> Shop:
        """A new one; the phone's journal begins anew."""
        assert self.line.unexpected() == []
        self.phone.forget(0, 0)
        self.shops += 1
        phone = f"phone: {{serial: '{self.phone.serial}', appear_seconds: 0, keep_minutes: 0}}"
        shop = Shop(self.root / f"shop{self.shops}", f"{DESTINATIONS}\n{phone}")
        shop.picture("a.jpg", self.shops)
        shop.settings()
        return shop

    def check(self, shop: Shop) -> None:
        """Nothing is said to be sent, nothing is lost; what lies on the phone is known here."""
        assert set(shop.states().values()) <= {State.PLANNED, State.ARMED, State.OFFERED}
        known = {laid.path for laid in Shelf(shop.state / "phone").all()}
        assert set(self.phone.files()) <= known

    def make_good(self, shop: Shop) -> None:
        """A later run has offered it; the person's answer clears the phone."""
        (row,) = shop.deliveries()
        assert row.state is State.OFFERED, row
        (laid,) = [laid for laid in Shelf(shop.state / "phone").all() if laid.open]
        assert self.phone.files() == [laid.path]
        last = self.phone.opened()[-1]
        assert self.phone.content_of(last[last.index("-d") + 1]) == (shop.inbox / "a.jpg").read_bytes()
        assert len(self.phone.opened()) <= 2
        answer(shop.settings(), [Answer("confirm", 1, shop.clock())])
        assert (self.phone.files(), self.phone.rows()) == ([], [])


@pytest.fixture
def stage(line: Line, tmp_path: Path) -> Stage:
    return Stage(line, line.phone(), tmp_path)


@pytest.fixture
def warm(line: Line) -> Iterator[Server]:
    """Started where `line` has set the variables of the tests' own adb server."""
    with server() as started:
        yield started


def kill_runs(stage: Stage, warm: Server, times: int) -> None:
    begun = time.monotonic()
    first = stage.shop()
    assert warm.run(World(first.root, set())) == 0
    whole = time.monotonic() - begun
    stage.make_good(first)
    killed = turn = 0
    while killed < times:
        shop = stage.shop()
        world = World(shop.root, set())
        moment = (turn % times + stage.chance.random()) / times
        turn += 1
        code = warm.run(world, kill_after_s=whole * moment)
        killed += code == KILLED
        assert world.orphans() == []
        stage.check(shop)
        if code not in (0, KILLED):  # a machine so busy that a command took too long: due in five minutes
            (row,) = shop.deliveries()
            assert "Next: " in (row.reason or "")
            continue
        assert warm.run(world) == 0
        stage.make_good(shop)


def test_a_run_killed_on_the_way_to_the_phone_is_made_good(stage: Stage, warm: Server) -> None:
    kill_runs(stage, warm, QUICK)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_runs_killed_on_the_way_to_the_phone_are_all_made_good(stage: Stage, warm: Server) -> None:
    kill_runs(stage, warm, MANY)


def clients(server: AdbServer) -> Iterator[int]:
    """The adb programs that work for this process."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid() and words[0] == server.adb.encode():
            yield int(place.name)


def servers(server: AdbServer) -> Iterator[int]:
    """The adb server that listens for these tests."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if b"fork-server" in words and f":{server.port}".encode() in words:
            yield int(place.name)


Find = Callable[[AdbServer], Iterator[int]]


def kill_after(seconds: float, find: Find, server: AdbServer) -> threading.Thread:
    """One process, as soon as there is one at or after that moment."""

    def kill() -> None:
        time.sleep(seconds)
        for _ in range(100):
            for pid in find(server):
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.005)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def kill_adb(stage: Stage, find: Find, times: int) -> None:
    begun = time.monotonic()
    run_adb(["version"], 20.0)
    whole = CALLS * (time.monotonic() - begun)
    for turn in range(times):
        shop = stage.shop()
        killer = kill_after(whole * (turn + stage.chance.random()) / times, find, stage.line.server)
        summary = shop.run()
        killer.join()
        stage.check(shop)
        if not summary.offered:
            (row,) = shop.deliveries()
            assert "Next: " in (row.reason or "")
            shop.clock.advance(minutes=6)
            assert shop.run().offered == 1, shop.events
        stage.make_good(shop)


@pytest.mark.parametrize("find", [clients, servers])
def test_an_adb_killed_at_its_work_is_made_good(stage: Stage, find: Find) -> None:
    kill_adb(stage, find, QUICK)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("find", [clients, servers])
def test_an_adb_killed_again_and_again_is_made_good(stage: Stage, find: Find) -> None:
    kill_adb(stage, find, MANY)
