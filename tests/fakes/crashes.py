"""Worlds in which runs are killed, and what must hold in them at once and in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes.media import Clip, save_clip
from fakes.shop import picture

from pipeline.handoff.folder import ENTRIES, MANIFEST, Entry
from pipeline.ledger import snapshot
from pipeline.model import WAITING_FOR_SEND, Delivery, State
from pipeline.tools.files import TEMPORARY_PREFIX, sha256_of

SMALL = (270, 480)
"""A canvas on which a clip takes a tenth of a second."""
LIMITS = "{canvas: {width: 270, height: 480}, video: {max_seconds: 1, min_seconds: 0.5}}"
CONFIG = f"""\
inbox: inbox
outbox: outbox
state: state
fit: contain
destinations: {{whatsapp: {{platform: whatsapp_status}}, instagram: {{platform: instagram_story}}}}
platforms: {{whatsapp_status: {LIMITS}, instagram_story: {LIMITS}}}
limits: {{settle_seconds: 0, jobs: 2, surge: null, free_mb: null}}
schedule: {{timezone: UTC}}
"""
Expected = set[tuple[str, str, int]]
"""File name, destination and part of every delivery."""
KILLED = -signal.SIGKILL
ORPHAN_S = 5.0


def small_world(root: Path) -> Expected:
    """Two photos that pass through, one with words."""
    picture(root / "inbox" / "a.jpg", 1, SMALL)
    picture(root / "inbox" / "b.jpg", 2, SMALL)
    (root / "inbox" / "a.txt").write_text("Fresh bread")
    (root / "storyrelay.yaml").write_text(CONFIG)
    both = ("whatsapp", "instagram")
    return {(name, destination, 1) for name in ("a.jpg", "b.jpg") for destination in both}


def three_assets(root: Path) -> Expected:
    """Two photos that pass through, one with words, and a clip."""
    expected = small_world(root)
    save_clip(root / "inbox" / "c.mp4", Clip(seconds=1, fps=5, sound=False))
    return expected | {("c.mp4", destination, 1) for destination in ("whatsapp", "instagram")}


def large_world(root: Path) -> Expected:
    """Photos that pass through, one to be made anew, and two clips, one of them in two parts."""
    expected = small_world(root)
    picture(root / "inbox" / "c.jpg", 3, (90, 100))
    for name, seconds in (("d.mp4", 1), ("e.mp4", 2)):
        save_clip(root / "inbox" / name, Clip(seconds=seconds, fps=5, sound=False))
        (root / "inbox" / f"{name}.yaml").write_text("destinations: [whatsapp]\n")
    photos = {("c.jpg", destination, 1) for destination in ("whatsapp", "instagram")}
    return expected | photos | {("d.mp4", "whatsapp", 1), ("e.mp4", "whatsapp", 1), ("e.mp4", "whatsapp", 2)}


@dataclass(frozen=True, slots=True)
class World:
    """One folder with inbox, outbox and state, and what must come of it."""

    root: Path
    expected: Expected

    def deliveries(self) -> list[Delivery]:
        with snapshot(self.root / "state") as ledger:
            return ledger.in_states(list(State))

    def problems_now(self) -> list[str]:
        """What is wrong at this very moment, whatever was killed."""
        try:
            entries = [entry for name in self._outboxes() for entry in self._entries(name)]
        except json.JSONDecodeError as broken:
            return [f"what an outbox knows of a story isn't whole: {broken}"]
        named = {(name, entry["media"]): entry["sha256"] for name, entry in entries}
        problems = [
            f"{name}/{media.name} isn't whole"
            for name in self._outboxes()
            for media in self._visible(name)
            if named.get((name, media.name)) != sha256_of(media)
        ]
        rows = self.deliveries()
        numbers = {entry["delivery"]: self.root / "outbox" / name / entry["media"] for name, entry in entries}
        problems += [
            f"{row.path.name} is offered at {row.destination} but isn't there"
            for row in rows
            if row.state in WAITING_FOR_SEND and not numbers.get(row.id, self.root / "nowhere").exists()
        ]
        armed = Counter(row.destination for row in rows if row.state is State.ARMED)
        return problems + [f"{name} has {count} open intents" for name, count in armed.items() if count > 1]

    def problems_in_the_end(self) -> list[str]:
        """What is wrong after a run that wasn't killed."""
        problems = self.problems_now()
        rows = self.deliveries()
        offered = {
            (row.path.name, row.destination, row.part): row for row in rows if row.state is State.OFFERED
        }
        if set(offered) != self.expected or len(rows) != len(self.expected):
            problems.append(f"in the ledger: {sorted((str(row.state), row.path.name) for row in rows)}")
        with snapshot(self.root / "state") as ledger:
            often = [row for row in rows if [e.event for e in ledger.events_of(row.id)].count("offered") != 1]
        problems += [f"{row.path.name} wasn't offered once to {row.destination}" for row in often]
        problems += [f"{path.name} was left over" for path in self.root.rglob(f"{TEMPORARY_PREFIX}*")]
        for name in ("whatsapp", "instagram"):
            ids = sorted(row.id for row in offered.values() if row.destination == name)
            problems += self._problems_of(name, ids)
        return problems

    def _problems_of(self, name: str, ids: Sequence[int]) -> Iterator[str]:
        folder = self.root / "outbox" / name
        try:
            manifest = json.loads((folder / MANIFEST).read_text())["stories"]
        except (FileNotFoundError, json.JSONDecodeError) as broken:
            yield f"{name} has no whole manifest: {broken}"
            return
        if [entry["delivery"] for entry in manifest] != ids:
            yield f"the manifest of {name} is wrong: {[entry['media'] for entry in manifest]}"
        texts = {entry["caption"]: "Fresh bread\n" for entry in manifest if entry["caption"]}
        if {path.name: path.read_text() for path in folder.glob("*.txt")} != texts or not texts:
            yield f"the words at {name} are wrong"
        if {media.name for media in self._visible(name)} != {entry["media"] for entry in manifest}:
            yield f"{name} holds {sorted(media.name for media in self._visible(name))}"

    def orphans(self) -> list[int]:
        """Children of runs here that live on after a little while."""
        until = time.monotonic() + ORPHAN_S
        while found := list(_processes_about(self.root)):
            if time.monotonic() > until:
                return found
            time.sleep(0.01)
        return []

    def _outboxes(self) -> list[str]:
        outbox = self.root / "outbox"
        return sorted(path.name for path in outbox.iterdir()) if outbox.is_dir() else []

    def _visible(self, name: str) -> list[Path]:
        found = (self.root / "outbox" / name).iterdir()
        return [path for path in found if path.suffix in {".jpg", ".mp4"} and path.name[0] != "."]

    def _entries(self, name: str) -> Iterator[tuple[str, Entry]]:
        for file in (self.root / "outbox" / name / ENTRIES).glob("[0-9]*.json"):
            entry: Entry = json.loads(file.read_text())
            yield name, entry


def _processes_about(root: Path) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(root) in (folder / "cmdline").read_bytes():
                yield int(folder.name)
        except OSError:
            continue


@dataclass(frozen=True, slots=True)
class Server:
    """Starts runs in a warm process."""

    process: subprocess.Popen[str]

    def run(self, world: World, **how: Any) -> int:
        """Carry out a run, or what `how` asks for; an exit code, or minus a signal."""
        usual = {"kill_at": None, "kill_after_s": None, "broken": None, "confirm": None}
        return self.ask({"world": str(world.root), "at": datetime.now(UTC).isoformat(), **usual, **how})

    def ask(self, request: Mapping[str, Any]) -> int:
        """How the fork ended that was asked to do this; killed after `kill_after_s` unless that is None."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def server(module: str = "fakes.crash_server") -> Iterator[Server]:
    """A server, as long as the block lasts."""
    tests, root = Path(__file__).parents[1], Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{tests}"}
    with subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        yield Server(process)
        assert process.stdin
        process.stdin.close()


WorldMaker = Callable[[], World]
