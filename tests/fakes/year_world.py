"""The real program living through a simulated year, with a phone and an account that are make-believe."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes.clock import FakeClock
from fakes.destinations import Recorder
from fakes.remote import Remote, RemoteMirror, Times
from fakes.year_script import DESTINATIONS, Change, Dropped, Rules, Script
from PIL import Image

import pipeline.run.course
from pipeline.config import Place, Settings, load_settings
from pipeline.errors import EnvironmentFault
from pipeline.ledger import exclusive, open_ledger, reading
from pipeline.ledger.answers import Answer, Verb, apply
from pipeline.model import Delivery, State
from pipeline.run import Request
from pipeline.tools.files import sha256_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COMMENT = b"\xff\xfe\x00\x07hello"
KEEP_MB = 8
CONFIG = """\
inbox: inbox
outbox: outbox
state: state
limits: {{settle_seconds: 0, jobs: 1, surge: null, free_mb: {keep_mb}}}
schedule: {{timezone: {zone}}}
destinations:
  whatsapp: {{platform: whatsapp_status, schedule: {whatsapp}}}
  instagram: {{platform: instagram_story, via: instagrapi, account: shop, schedule: {instagram}}}
accounts:
  shop:
    username: shop
    pace: {{stories_per_day: 100, stories_per_hour: 100, spacing_seconds: [1, 2], wait_minutes: 10}}
"""
STANDS = {
    State.PLANNED: "planned",
    State.OFFERED: "offered",
    State.CONFIRMED: "sent",
    State.PUBLISHED: "sent",
    State.SKIPPED: "unsent",
    State.EXPIRED: "unsent",
    State.PARKED: "parked",
}


def schedule_of(rules: Rules) -> str:
    """A schedule as it stands in a config."""
    slots = [
        f"{', '.join(DAYS[day] for day in days)} {', '.join(f'{at:%H:%M}' for at in times)}"
        for days, times in rules.slots
    ]
    quiet = f'"{rules.quiet[0]:%H:%M}-{rules.quiet[1]:%H:%M}"' if rules.quiet else "null"
    return (
        f"{{slots: {slots}, per_day: {rules.per_day or 'null'}, order: {rules.order}, late: {rules.late},"
        f" late_hours: {rules.late_hours}, quiet_hours: {quiet}}}"
    )


@dataclass(slots=True)
class World:
    """One inbox, one ledger, and what arrived at the phone and at the account."""

    root: Path
    script: Script
    clock: FakeClock
    settings: Settings
    phone: Recorder
    remote: Remote
    mirror: RemoteMirror
    paths: dict[int, Path] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """The files by their hashes."""

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def drop(self, story: Dropped) -> None:
        """A file comes, with its sidecar."""
        path = self.paths[story.number] = self.inbox / story.name
        _sidecar(path).write_text(sidecar_of(story, self.script.zone))
        if story.same_as:
            data = self._bytes_of(story.same_as)
            path.write_bytes(data[:2] + COMMENT + data[2:])
        else:
            picture(path, f"{self.script.seed} {story.number}")
        os.utime(path, (story.dated.timestamp(),) * 2)
        self.numbers[sha256_of(path)] = story.number

    def _bytes_of(self, number: int) -> bytes:
        path = self.paths[number]
        return (path if path.exists() else self._aside(path)).read_bytes()

    def _aside(self, path: Path) -> Path:
        return self.root / "aside" / path.name

    def change(self, change: Change) -> None:
        """Something becomes of a file."""
        path = self.paths[change.number]
        match change.verb:
            case "rename":
                self.paths[change.number] = self.inbox / change.name
                _move(path, self.paths[change.number])
            case "touch" if change.dated:
                os.utime(path, (change.dated.timestamp(),) * 2)
            case "copy":
                shutil.copy2(path, self.inbox / change.name)
            case "remove":
                self._aside(path).parent.mkdir(exist_ok=True)
                _move(path, self._aside(path))
            case "put back":
                _move(self._aside(path), path)

    def says(self, number: int, destination: str, verb: str) -> None:
        """The person says something, as the command line writes it down."""
        with exclusive(self.settings.state), open_ledger(self.settings.state, self.clock) as ledger:
            if verb == "login":
                ledger.release(destination)
                self.mirror.session_is_dead = False
                return
            meant: Verb = "confirm" if verb == "confirm" else "skip" if verb == "skip" else "retry"
            for row in ledger.in_states(list(State)):
                if (self.numbers[row.asset], row.destination) == (number, destination):
                    apply(ledger, Answer(meant, row.id, self.clock()))

    def run(self) -> set[tuple[int, str]] | None:
        """One run of cron: the files and destinations that something went out of; None if it couldn't run."""
        at, posts = self.clock(), len(self.remote.posts)
        self.phone.reason = "the phone isn't there" if self.script.dead_phone.holds(at) else None
        self.mirror.session_is_dead = self.script.challenge.holds(at)
        self.phone.parcels.clear()
        try:
            pipeline.run.run(self.settings, Request(), lambda _: None, self.clock, self._pause)
        except (EnvironmentFault, OSError, sqlite3.Error):
            return None
        finally:
            self.clock.moment = at
        went = [parcel.delivery for parcel in self.phone.parcels]
        went += [post.delivery for post in self.remote.posts[posts:]]
        rows = {row.id: row for row in self.deliveries()} if went else {}
        out = [(self.numbers[rows[number].asset], rows[number].destination) for number in went]
        assert len(out) == len(set(out)), f"twice in one run: {out}"
        return set(out)

    def _pause(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    def deliveries(self) -> list[Delivery]:
        with reading(self.settings.state) as ledger:
            return ledger.in_states(list(State))

    def states(self) -> dict[tuple[int, str], str]:
        """How everything stands, by file and destination."""
        return {(self.numbers[row.asset], row.destination): STANDS[row.state] for row in self.deliveries()}

    def unexplained(self) -> list[int]:
        """What ended or waits for the person without a reason, though they didn't say so themselves."""
        with reading(self.settings.state) as ledger:
            return [
                row.id
                for row in ledger.in_states({State.SKIPPED, State.EXPIRED, State.PARKED})
                if not row.reason and ledger.events_of(row.id)[-1].event != "skipped"
            ]

    def fill(self, leave_mb: float) -> None:
        """Take all the room of the disk but so much."""
        there = os.statvfs(self.root)
        with (self.root / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, int(there.f_bavail * there.f_frsize - leave_mb * 1e6))

    def make_room(self) -> None:
        (self.root / "filler").unlink(missing_ok=True)


@contextmanager
def living_in(root: Path, script: Script, *, limited: bool) -> Iterator[World]:
    """A world in a folder; `limited` says that its disk may get full."""
    (root / "inbox").mkdir()
    keep_mb = KEEP_MB if limited else "null"
    schedules = {name: schedule_of(script.rules[name]) for name in DESTINATIONS}
    (root / "storyrelay.yaml").write_text(CONFIG.format(zone=script.zone, keep_mb=keep_mb, **schedules))
    settings = load_settings(root / "storyrelay.yaml", (), Place({}, root, None))
    clock, phone = FakeClock(script.start), Recorder()
    remote = Remote(random.Random(script.seed), Times(clock))  # noqa: S311 - the same every time
    world = World(root, script, clock, settings, phone, remote, RemoteMirror(remote))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline.run.course, "destinations", lambda _: {"whatsapp": phone})
        patched.setattr(pipeline.run.course, "every_destination", lambda _: {"whatsapp": phone})
        patched.setattr(pipeline.run.course, "mirrors", lambda *_: {"instagram": world.mirror})
        yield world


def sidecar_of(story: Dropped, zone: str) -> str:
    """What the person wrote beside a file, on their own clock."""
    lines = [f"destinations: [{', '.join(story.destinations)}]"]
    for key, at in (("not_before", story.not_before), ("not_after", story.not_after)):
        if at is not None:
            lines.append(f"{key}: {at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}")
    if story.position is not None:
        lines.append(f"order: {story.position}")
    return "\n".join(lines) + "\n"


def picture(path: Path, seed: str) -> None:
    """A small JPEG of nine fields that no other seed has; it's passed through as it is."""
    chance = random.Random(seed)  # noqa: S311 - the same every time
    fields = Image.frombytes("RGB", (3, 3), chance.randbytes(27))
    fields.resize((1080, 1920), Image.Resampling.NEAREST).save(path, "JPEG", quality=75)


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".yaml")


def _move(source: Path, target: Path) -> None:
    source.rename(target)
    _sidecar(source).rename(_sidecar(target))


def moments(at: datetime, zone: str) -> str:
    """A moment for people who look for a mistake."""
    return f"{at:%Y-%m-%d %H:%M} UTC, {at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} there"
