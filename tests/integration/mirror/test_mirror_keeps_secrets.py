"""No password, seed or session id is told to anybody, whatever goes wrong at whichever request."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import pytest
from fakes.instagram import Fault, StandIn, User
from fakes.relay import Relay, config_of, fitting_clip, fitting_photo

from pipeline.config import Place, Settings, load_settings
from pipeline.errors import StoryrelayError
from pipeline.mirror.line import line_of
from pipeline.mirror.login import Key, login
from pipeline.report.events import Event
from pipeline.report.json_lines import JsonLines
from pipeline.report.lines import in_lines
from pipeline.run import Request, run

WORD, SEED, PROXY_WORD = "pass-word-of-the-cafe", "JBSWY3DPEHPK3PXP", "word-for-the-proxy"
PATIENCE = "patience: {settle_minutes: 5, connect_seconds: 0.5, answer_seconds: 0.5, transcode_minutes: 0.01}"
BETWEEN_RUNS_S = 10 * 60
STRIDE = 7
"""Of the requests of a login, every so many is hit; others for each fault."""


class Overheard(logging.Handler):
    """Everything that was logged, said or kept, and what must not be in it."""

    def __init__(self, instagram: StandIn) -> None:
        super().__init__(logging.DEBUG)
        self.instagram = instagram
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def failure(self, error: BaseException) -> None:
        """A failure as whoever prints it may print it."""
        self.texts += [*traceback.format_exception(error), repr(error), str(vars(error))]

    def files(self, *folders: Path) -> None:
        """What lies on the disk at this very moment."""
        for folder in folders:
            found = [file for file in folder.rglob("*") if file.is_file() and "sessions" not in file.parts]
            self.texts += [file.read_bytes().decode("utf-8", "replace") for file in found]

    def ledger(self, state: Path) -> None:
        """The ledger as it is on the disk right now, with its log."""
        self.texts += [file.read_bytes().decode("utf-8", "replace") for file in state.glob("ledger*")]

    def secrets(self) -> set[str]:
        ids = set(self.instagram._world.sessions)
        headers = (request.headers.get("authorization", "") for request in self.instagram.requests)
        tokens = {header.rsplit(":", 1)[-1] for header in headers if header}
        return {WORD, SEED, PROXY_WORD} | ids | {unquote(one) for one in ids} | tokens

    def found(self) -> list[str]:
        secrets = self.secrets()
        return [text[:2000] for text in set(self.texts) if any(secret in text for secret in secrets)]


@pytest.fixture
def instagram() -> Iterator[StandIn]:
    with StandIn({"cafe": User(WORD, totp_seed=SEED)}) as server:
        yield server


@pytest.fixture
def heard(instagram: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Overheard]:
    overheard, root = Overheard(instagram), logging.getLogger()
    monkeypatch.setattr(logging.getLogger("hpack"), "disabled", True)  # it's the stand-in's
    for name in ("hpack.hpack", "hpack.table"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    level = root.level
    root.addHandler(overheard)
    root.setLevel(logging.DEBUG)
    yield overheard
    root.removeHandler(overheard)
    root.setLevel(level)


@pytest.fixture
def settings(tmp_path: Path, instagram: StandIn) -> Settings:
    """An account behind a proxy that wants a password as well."""
    config_of(tmp_path, instagram, "cafe", PATIENCE)
    file = tmp_path / "storyrelay.yaml"
    file.write_text(file.read_text().replace("proxy: http://", f"proxy: http://me:{PROXY_WORD}@"))
    return load_settings(file, (), Place({}, tmp_path, None))


def log_in(settings: Settings, heard: Overheard) -> bool:
    try:
        login(line_of(settings, "shop"), Key(WORD, SEED), lambda _way: "")
    except StoryrelayError as failure:
        heard.failure(failure)
        return False
    return True


def said(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return [text for text in capfd.readouterr() if text]


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: f"login-{fault.name.lower()}")
def test_a_login_that_fails_anywhere_tells_no_secret(
    settings: Settings, heard: Overheard, fault: Fault, capfd: pytest.CaptureFixture[str]
) -> None:
    instagram = heard.instagram
    for position in count(list(Fault).index(fault) % STRIDE, STRIDE):
        instagram.requests.clear()
        instagram.faults.clear()
        instagram.faults.add("*", fault, after=position)
        log_in(settings, heard)
        if len(instagram.requests) <= position:
            break
    heard.files(settings.state)
    assert (said(capfd), heard.found()) == ([], [])
    assert position >= STRIDE


def test_runs_that_fail_in_every_way_tell_no_secret(
    tmp_path: Path, settings: Settings, heard: Overheard, capfd: pytest.CaptureFixture[str]
) -> None:
    instagram = heard.instagram
    assert log_in(settings, heard)
    relay = Relay(tmp_path, instagram, settings)
    inbox = tmp_path / "inbox"
    for number, fault in enumerate(Fault):
        make = fitting_clip if number % 6 == 5 else fitting_photo
        make(inbox / f"{number}.{'mp4' if number % 6 == 5 else 'jpg'}", number)
        instagram.faults.clear()
        instagram.faults.add(("media/configure_to_story", "feed/user", "rupload_")[number % 3], fault)
        for _ in range(2):
            overhear_a_run(relay, heard)
            relay.pass_by(BETWEEN_RUNS_S)
            relay.logs_in()
    assert len(instagram.stories) > 10
    assert any("could" in text or "nothing was published" in text for text in heard.texts)
    assert (said(capfd), heard.found()) == ([], [])


def overhear_a_run(relay: Relay, heard: Overheard) -> None:
    """Every event as both observers tell it, and the ledger with its log as they are at that moment."""
    tellers = (JsonLines(heard.texts.append), in_lines(heard.texts.append))

    def observe(event: Event) -> None:
        for tell in tellers:
            tell(event)
        heard.ledger(relay.settings.state)

    run(relay.settings, Request(), observe, relay.now)
    heard.files(relay.settings.state, relay.root / "outbox")


def test_a_secret_that_is_told_would_be_found(settings: Settings, heard: Overheard) -> None:
    assert log_in(settings, heard)
    secrets = heard.secrets()
    assert len(secrets) >= 6
    for secret in secrets:
        heard.texts.clear()
        logging.getLogger("somebody").debug("the answer was %s", {"text": secret})
        assert heard.found()
    heard.texts.clear()
    heard.failure(StoryrelayError(f"http://me:{PROXY_WORD}@127.0.0.1 refuses"))
    assert heard.found()
