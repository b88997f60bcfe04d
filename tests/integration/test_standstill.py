"""A run that has nothing to do knows it at once, and never believes so when there is something."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.shop import picture

from pipeline.config import Place, Settings, load_settings
from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer, drop
from pipeline.model import Delivery, State
from pipeline.run import Request, answer, run
from pipeline.tools import standstill
from pipeline.tools.clock import now

CONFIG = """\
inbox: inbox
outbox: outbox
state: state
destinations: {whatsapp: {platform: whatsapp_status}}
limits: {settle_seconds: 0, jobs: 1, surge: null, free_mb: null}
same_picture: send
same_name: send
"""
WAIT_S = 0.06
"""Longer than two changes may seem to be one."""
LATER = "not_before: 2036-01-01 12:00\n"


@dataclass(frozen=True, slots=True)
class Folder:
    """A config and what belongs to it; runs are called as cron would."""

    root: Path
    began: Callable[[float], None]

    @property
    def words(self) -> tuple[str, ...]:
        return ("run", "-q", "-c", str(self.root / "storyrelay.yaml"))

    def settings(self) -> Settings:
        return load_settings(self.root / "storyrelay.yaml", (), Place(dict(os.environ), self.root, None))

    def run(self) -> None:
        """A whole run, in a process that began just now."""
        time.sleep(WAIT_S)
        self.began(time.time())
        run(self.settings(), Request(words=self.words), lambda _: None)

    def stands_still(self) -> bool:
        return standstill.stands_still(self.words)

    def come_to_rest(self) -> None:
        for _ in range(3):
            self.run()
            if self.stands_still():
                return
        raise AssertionError("it never rests")

    def deliveries(self) -> list[Delivery]:
        with snapshot(self.root / "state") as ledger:
            return ledger.in_states(list(State))

    def offered(self) -> Delivery:
        return next(one for one in self.deliveries() if one.state is State.OFFERED)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Three stories: one waits for Send, one for its time, one is done."""
    made = Folder(tmp_path, lambda at: monkeypatch.setattr(standstill, "STARTED_S", at))
    (tmp_path / "storyrelay.yaml").write_text(CONFIG)
    for number, name in enumerate(("a.jpg", "b.jpg", "sub/c.jpg")):
        picture(tmp_path / "inbox" / name, number)
    (tmp_path / "inbox" / "b.jpg.yaml").write_text(LATER)
    made.run()
    done = next(one for one in made.deliveries() if one.path.name == "c.jpg")
    answer(made.settings(), [Answer("confirm", done.id, now())])
    made.come_to_rest()
    return made


def again_in_place(folder: Folder) -> None:
    """Other content of the same size, with the same time."""
    file = folder.root / "inbox" / "a.jpg"
    before, content = file.stat(), bytearray(file.read_bytes())
    content[-10] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def another_mount(folder: Folder) -> None:
    (folder.root / "inbox").rename(folder.root / "was")
    (folder.root / "inbox").mkdir()


def said(folder: Folder) -> None:
    answer(folder.settings(), [Answer("confirm", folder.offered().id, now())])


def left_for_a_run(folder: Folder) -> None:
    drop(folder.root / "state", Answer("confirm", folder.offered().id, now()))


def of_the_outbox(folder: Folder) -> Path:
    return next((folder.root / "outbox" / "whatsapp").glob("*.jpg"))


CHANGES: dict[str, Callable[[Folder], object]] = {
    "a new file": lambda folder: picture(folder.root / "inbox" / "new.jpg", 7),
    "a new file below": lambda folder: picture(folder.root / "inbox" / "deep" / "er" / "new.jpg", 7),
    "a new sidecar": lambda folder: (folder.root / "inbox" / "a.txt").write_text("Hello"),
    "a sidecar that changed": lambda folder: (folder.root / "inbox" / "b.jpg.yaml").write_text("order: 1\n"),
    "a file touched": lambda folder: os.utime(folder.root / "inbox" / "a.jpg"),
    "a file renamed": lambda folder: (folder.root / "inbox" / "a.jpg").rename(
        folder.root / "inbox" / "z.jpg"
    ),
    "a file deleted": lambda folder: (folder.root / "inbox" / "sub" / "c.jpg").unlink(),
    "other content in its place": again_in_place,
    "another inbox": another_mount,
    "no inbox": lambda folder: (folder.root / "inbox").rename(folder.root / "was"),
    "a config that changed": lambda folder: (folder.root / "storyrelay.yaml").write_text(CONFIG + "# hm\n"),
    "a word from the person": said,
    "a word left for the run": left_for_a_run,
    "a file taken from the outbox": lambda folder: of_the_outbox(folder).unlink(),
    "a file of the outbox changed": lambda folder: of_the_outbox(folder).write_bytes(b"other"),
    "a phone": lambda folder: (folder.root / "state" / "phones.json").write_text("[]"),
    "a note cut short": lambda folder: os.truncate(folder.root / "state" / standstill.FILE, 40),
    "no note": lambda folder: (folder.root / "state" / standstill.FILE).unlink(),
    "a note that is something else": lambda folder: (folder.root / "state" / standstill.FILE).write_bytes(
        b"N"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_has_to_look_again_after(folder: Folder, change: str) -> None:
    CHANGES[change](folder)
    assert not folder.stands_still()


def test_a_file_from_a_camera_whose_clock_is_ahead_keeps_no_run_awake(folder: Folder) -> None:
    file = folder.root / "inbox" / "a.jpg"
    os.utime(file, (time.time() + 86_400, time.time() + 86_400))
    folder.come_to_rest()


@pytest.mark.parametrize("words", ["run", "run -q", "run -q --adopt {}", "run -q {} inbox", "plan -q {}", ""])
def test_other_commands_are_carried_out(folder: Folder, words: str) -> None:
    chosen = " ".join(folder.words[2:])
    assert not standstill.stands_still(words.format(chosen).split())


def test_a_run_under_other_circumstances_is_carried_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not standstill.stands_still((*folder.words, "--max-runtime", "9m"))
    for name in ("TZ", "STORYRELAY_DEBUG", "HOME"):
        with monkeypatch.context() as other:
            other.setenv(name, "Asia/Tokyo")
            assert not folder.stands_still()
    with monkeypatch.context() as other:
        other.chdir(tmp_path)
        assert not folder.stands_still()
    assert folder.stands_still()


@pytest.mark.parametrize(("seconds", "still"), [(-1, False), (1, True), (3500, True), (3700, False)])
def test_a_note_is_good_for_an_hour_and_only_on_a_clock_that_goes_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, seconds: int, *, still: bool
) -> None:
    at = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: at)
    assert folder.stands_still() is still


def test_a_note_ends_when_the_next_story_is_due(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = time.time() + 100
    (folder.root / "inbox" / "b.jpg.yaml").write_text(
        f"not_before: {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(soon))}\n"
    )
    folder.come_to_rest()
    monkeypatch.setattr(time, "time", lambda: soon + 1)
    assert not folder.stands_still()


@pytest.mark.parametrize("line", ["monitor: {url: https://127.0.0.1:1/ping}", "log: {file: runs.log}"])
def test_who_wants_to_hear_of_every_run_hears_of_it(folder: Folder, line: str) -> None:
    (folder.root / "storyrelay.yaml").write_text(f"{CONFIG}{line}\n")
    for _ in range(2):
        folder.run()
    assert not folder.stands_still()


def test_looking_does_not_wake_a_run(folder: Folder) -> None:
    config = str(folder.root / "storyrelay.yaml")
    for words in (["status"], ["plan"], ["show", "1"]):
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", *words, "-c", config]
        subprocess.run(command, check=True, capture_output=True)
    (folder.root / "inbox" / ".DS_Store").write_bytes(b"x")
    assert folder.stands_still()


def test_the_note_is_found_wherever_the_config_says(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    config = folder.root / "storyrelay.yaml"
    monkeypatch.setenv("HOME", str(folder.root))
    for lines in (
        'inbox: "~/inbox"  # mine\n',
        "inbox: ./inbox\nstate: ~/elsewhere\n",
        "state: 'x'\ninbox: inbox\n",
    ):
        rest = "".join(CONFIG.splitlines(keepends=True)[3:])
        config.write_text(lines + "outbox: outbox\n" + rest)
        settings = load_settings(config, (), Place(dict(os.environ), folder.root, folder.root))
        assert standstill.state_of(str(config)) == str(settings.state)


@pytest.mark.parametrize("seed", range(4))
def test_whenever_it_stands_still_a_whole_run_does_nothing(folder: Folder, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time
    changes = [change for name, change in CHANGES.items() if "inbox" not in name and "outbox" not in name]
    for _ in range(12):
        try:
            chance.choice([*changes, Folder.run, Folder.run, Folder.come_to_rest])(folder)
        except (FileNotFoundError, StopIteration, AssertionError):  # gone by now
            continue
        if folder.stands_still():
            before = folder.deliveries()
            summary = run(folder.settings(), Request(), lambda _: None)
            assert folder.deliveries() == before
            assert summary.exit_code == summary.refused == summary.postponed == 0


def test_a_run_that_has_sources_to_ask_never_rests(folder: Folder) -> None:
    config = folder.root / "storyrelay.yaml"
    config.write_text(CONFIG + "accounts: {shop: {username: shop}}\nsources: {mine: {instagram: shop}}\n")
    for _ in range(3):
        folder.run()
        assert not folder.stands_still()
    config.write_text(config.read_text().replace("instagram: shop}", "instagram: shop, enabled: false}"))
    folder.come_to_rest()
