"""Runs that a monitor and a log are told of, and that go on when neither can be."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import trustme
from fakes.monitor import SECRET, Monitor, monitor
from fakes.shop import Shop, picture

from pipeline.errors import EnvironmentFault, Interrupted, LockedError
from pipeline.ledger import exclusive
from pipeline.ledger.opening import FILE_NAME
from pipeline.notify.monitor import MOST_BYTES, THREAD, Ping, address_for, unusable
from pipeline.report.events import Delivered, Event, Scanned, Summary, Unheard
from pipeline.run import Request, run
from pipeline.tools.clock import monotonic_s

PLACE = "monitor.url={env: PING}"
LOG = "log.file=run.log"
Watched = Callable[..., Summary]


@pytest.fixture
def watch() -> Iterator[Monitor]:
    with monitor() as found:
        yield found
    for thread in threading.enumerate():  # what was given up mustn't end in the middle of another test
        if thread.name == THREAD:
            thread.join(5)


@pytest.fixture
def watched(shop: Shop, watch: Monitor, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A run of a shop that the monitor is told of."""
    monkeypatch.setenv("PING", watch.url)
    return partial(shop.run, PLACE)


def unheard(shop: Shop) -> list[str]:
    return [f"{event.address}: {event.reason}" for event in shop.events if isinstance(event, Unheard)]


def test_a_run_is_told_before_and_after_with_what_it_said(
    shop: Shop, watch: Monitor, watched: Watched
) -> None:
    shop.picture("bread.jpg")
    watched()
    assert watch.signals == ["/start", ""]
    assert watch.heard[0][1] == ""
    code, *said = watch.heard[1][1].splitlines()
    assert code == "exit code 0"
    assert said[0].startswith("scanned    1 files")
    assert "offered    whatsapp   bread.jpg" in said
    assert said[-1].startswith("ended      exit code 0: 1 story offered")
    assert isinstance(shop.events[-1], Summary)


def test_a_run_with_trouble_is_told_as_failed(shop: Shop, watch: Monitor, watched: Watched) -> None:
    picture(shop.inbox / "bread.jpg")
    (shop.inbox / "bad.jpg").write_text("no picture")
    assert watched().exit_code == 3
    assert watch.signals == ["/start", "/fail"]
    assert watch.heard[1][1].startswith("exit code 3\n")
    assert "refused    bad.jpg" in watch.heard[1][1]


def test_a_run_that_breaks_off_is_told_as_failed_with_the_reason(
    shop: Shop, watch: Monitor, watched: Watched
) -> None:
    shop.picture("bread.jpg")
    shop.run()
    (shop.state / FILE_NAME).write_bytes(b"holiday pictures" * 1000)
    with pytest.raises(EnvironmentFault):
        watched()
    assert watch.signals == ["/fail"]
    assert watch.heard[0][1].splitlines()[0] == "exit code 6"
    assert "damaged" in watch.heard[0][1]


def test_a_run_that_is_stopped_is_told_once_as_failed(
    shop: Shop, watch: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PING", watch.url)
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)

    def stop(event: Event) -> None:
        if isinstance(event, Delivered):
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted):
        run(shop.settings(PLACE), Request(), stop, shop.clock)
    assert watch.signals == ["/start", "/fail"]
    assert watch.heard[1][1].startswith("exit code 143\n")


def test_a_bug_is_told_by_its_kind_alone(shop: Shop, watch: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PING", watch.url)

    def bug(event: Event) -> None:
        if isinstance(event, Scanned):
            raise ValueError(f"oops {SECRET}")  # noqa: TRY004 - a bug of any kind

    with pytest.raises(ValueError, match="oops"):
        run(shop.settings(PLACE), Request(), bug, shop.clock)
    assert watch.signals == ["/start", "/fail"]
    assert watch.heard[1][1].splitlines()[-1] == "ended      exit code 1: ValueError"


def test_a_plan_and_a_second_run_tell_nobody_anything(shop: Shop, watch: Monitor, watched: Watched) -> None:
    shop.picture("bread.jpg")
    shop.plan(PLACE, LOG)
    shop.settings()
    with exclusive(shop.state), pytest.raises(LockedError):
        watched(LOG)
    assert watch.heard == []
    assert not (shop.root / "run.log").exists()


def test_nothing_of_what_was_said_goes_out_if_that_is_not_wanted(
    shop: Shop, watch: Monitor, watched: Watched
) -> None:
    shop.picture("bread.jpg")
    watched("monitor.lines=0")
    assert watch.heard == [("/start", ""), ("", "exit code 0")]


@dataclass(slots=True)
class Trouble:
    """What can be broken about a monitor."""

    watch: Monitor
    patch: pytest.MonkeyPatch


def refusing(trouble: Trouble) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    trouble.patch.setenv("PING", trouble.watch.url.replace(str(trouble.watch.port), str(port)))


def failing(trouble: Trouble) -> None:
    trouble.watch.status = 500


def moved(trouble: Trouble) -> None:
    trouble.watch.status = 302


def hanging(trouble: Trouble) -> None:
    trouble.watch.hangs = True


def without_tls(trouble: Trouble) -> None:
    trouble.patch.setenv("PING", trouble.watch.url.replace("http:", "https:"))


def a_file(trouble: Trouble) -> None:
    trouble.patch.setenv("PING", f"file:///etc/{SECRET}")


def unset(trouble: Trouble) -> None:
    trouble.patch.delenv("PING")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (refusing, "can't be reached (ConnectionRefusedError)"),
        (failing, "answered 500"),
        (moved, "answered 302"),
        (hanging, "no answer within 0.5 s"),
        (without_tls, "can't be reached (SSLError)"),
        (a_file, "isn't an http or https address"),
        (unset, "the environment variable PING isn't set; a cron job gets none of your shell's"),
    ],
)
def test_a_dead_monitor_is_only_a_warning(
    shop: Shop,
    watched: Watched,
    break_it: Callable[[Trouble], None],
    said: str,
    request: pytest.FixtureRequest,
) -> None:
    printed: pytest.CaptureFixture[str] = request.getfixturevalue("capfd")
    logged: pytest.LogCaptureFixture = request.getfixturevalue("caplog")
    logged.set_level(logging.NOTSET)
    watch: Monitor = request.getfixturevalue("watch")
    break_it(Trouble(watch, request.getfixturevalue("monkeypatch")))
    shop.picture("bread.jpg")
    patience_s = 0.5 if break_it is hanging else 10
    begun_s = monotonic_s()
    summary = watched(f"monitor.seconds={patience_s}", LOG)
    assert monotonic_s() - begun_s < patience_s + 2
    assert (summary.offered, summary.exit_code) == (1, 0)
    assert unheard(shop) == [f"monitor.url: {said}"]
    assert shop.events[-1] == summary
    told = [*printed.readouterr(), logged.text, (shop.root / "run.log").read_text(), *map(str, shop.events)]
    assert [text for text in told if SECRET in text or str(watch.port) in text] == []
    assert "/elsewhere" not in watch.signals


def test_a_monitor_that_nobody_vouches_for_hears_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(shop.root / "ca.pem"))
    shop.picture("bread.jpg")
    with monitor(authority) as watch:
        monkeypatch.setenv("PING", watch.url.replace("http:", "https:"))
        assert shop.run(PLACE).exit_code == 0
        assert unheard(shop) == ["monitor.url: can't be reached (SSLCertVerificationError)"]
        assert watch.heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(shop.root / "ca.pem"))
        shop.run(PLACE)
        assert unheard(shop) == []
        assert watch.signals == ["/start", ""]


def test_an_address_keeps_what_stands_behind_its_question_mark() -> None:
    url = "https://hc-ping.com/key/stories/?create=1"
    assert address_for(url, Ping("start")) == "https://hc-ping.com/key/stories/start?create=1"
    assert address_for(url, Ping("success")) == "https://hc-ping.com/key/stories?create=1"
    assert unusable(url) is None
    assert all(
        map(
            unusable,
            ["", "hc-ping.com/x", "ftp://a/b", "https://", "https://a b/", "http://[", "http://a:x/"],
        )
    )


def test_only_the_end_of_a_long_story_is_told() -> None:
    body = Ping("fail", "ä" * MOST_BYTES + "the end").body()
    assert len(body) <= MOST_BYTES
    assert body.decode().endswith("äthe end")


def lines_of(shop: Shop) -> list[str]:
    return (shop.root / "run.log").read_text().splitlines()


def test_a_log_has_a_line_for_every_event_on_the_persons_clock(shop: Shop) -> None:
    shop.picture("bread.jpg")
    (shop.inbox / "bad\n.jpg").write_text("no picture")
    shop.run(LOG, "schedule.timezone=America/Sao_Paulo")
    words = [line.split()[1] for line in lines_of(shop)]
    assert words == ["begun", "scanned", "refused", "ready", "offered", "ended"]
    assert all(line[19:25] == "-03:00" for line in lines_of(shop))
    assert stat.S_IMODE((shop.root / "run.log").stat().st_mode) == 0o600
    shop.run(LOG)
    assert [line.split()[1] for line in lines_of(shop)[6:]] == ["begun", "scanned", "ended"]


def test_a_log_for_programs_holds_what_json_holds(shop: Shop) -> None:
    shop.picture("bread.jpg")
    shop.run(LOG, "log.format=json")
    rows = [json.loads(line) for line in lines_of(shop)]
    assert [row["event"] for row in rows] == ["begun", "scanned", "reformatted", "delivered", "summary"]
    assert all(row["at"].endswith("+00:00") for row in rows)
    assert rows[-1]["exit_code"] == 0
    (shop.state / FILE_NAME).write_bytes(b"holiday pictures" * 1000)
    with pytest.raises(EnvironmentFault):
        shop.run(LOG, "log.format=json")
    last = json.loads(lines_of(shop)[-1])
    assert (last["event"], last["exit_code"]) == ("failed", 6)


@pytest.mark.parametrize(
    ("file", "why"), [("/dev/full", "No space left on device"), ("inbox", "Is a directory")]
)
def test_a_log_that_cannot_be_written_is_only_a_warning(shop: Shop, file: str, why: str) -> None:
    shop.picture("bread.jpg")
    summary = shop.run(f"log.file={file}")
    assert (summary.offered, summary.exit_code) == (1, 0)
    (told,) = unheard(shop)
    assert told.startswith("log.file: ")
    assert told.endswith(f"can't be written: {why}")


def test_a_name_that_is_no_text_can_be_logged_and_told(shop: Shop, watch: Monitor, watched: Watched) -> None:
    shop.picture("bread.jpg").rename(Path(os.fsdecode(os.fsencode(shop.inbox) + b"/caf\xe9.jpg")))
    watched(LOG)
    assert r"caf\udce9.jpg" in watch.heard[1][1]
    assert any(r"caf\udce9.jpg" in line for line in lines_of(shop))
    assert watched(LOG, "log.format=json", "limits.jobs=1").exit_code == 0
