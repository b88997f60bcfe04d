"""Tokens: asked until when they are good, told before they end, kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.command import CONFIG, Said, called
from fakes.graph import Fault, GraphStandIn
from fakes.graph_relay import GraphRelay, fitting_photo, served

from pipeline.mirror.tokens import token_file
from pipeline.model import State
from pipeline.report.events import Alarm, Event

DAY_S = 86_400


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[GraphStandIn]:
    with served(tmp_path) as server:
        yield server
        assert server.offences == []


@pytest.fixture
def relay(tmp_path: Path, graph: GraphStandIn) -> GraphRelay:
    relay = GraphRelay.opened(tmp_path, graph, "instagram")
    (tmp_path / "token").chmod(0o600)
    return relay


def alarms(relay: GraphRelay) -> list[str]:
    seen: list[Event] = []
    relay.run(seen)
    return [event.reason for event in seen if isinstance(event, Alarm) and event.about == "token"]


def call(root: Path, *words: str) -> Said:
    return called(root, *words, "-c", CONFIG)


def test_a_token_that_ends_soon_is_told_once_a_day_until_it_is_another(
    relay: GraphRelay, graph: GraphStandIn
) -> None:
    ends = graph.expire_token(graph.user_token, 12 * DAY_S)
    fitting_photo(relay.root / "inbox" / "a.jpg", 1)
    assert alarms(relay) == []
    known = token_file(relay.settings.state, "shop").read()
    assert known
    assert known.ends_at == ends.replace(microsecond=0)
    relay.pass_by(3 * DAY_S)
    (told,) = alarms(relay)
    assert f"ends on {ends:%Y-%m-%d}" in told
    assert "session login shop" in told
    assert alarms(relay) == []
    relay.pass_by(DAY_S + 60)
    assert len(alarms(relay)) == 1


def test_a_token_that_cannot_be_asked_about_stops_nothing(relay: GraphRelay, graph: GraphStandIn) -> None:
    graph.faults.add("POST debug_token", Fault.ERROR_500_BEFORE, times=None)
    fitting_photo(relay.root / "inbox" / "a.jpg", 1)
    assert relay.run().exit_code == 0
    assert relay.delivery().state is State.PUBLISHED
    assert token_file(relay.settings.state, "shop").read() is None


def test_an_ended_token_stops_the_account_and_a_new_one_frees_what_waited(
    relay: GraphRelay, graph: GraphStandIn
) -> None:
    good = graph.user_token
    graph.end_token(good)
    fitting_photo(relay.root / "inbox" / "a.jpg", 1)
    said = call(relay.root, "run")
    assert said.code == 4
    assert "session login shop" in said.out + said.err
    graph.requests.clear()
    call(relay.root, "run")
    assert graph.requests == []  # the person has been told; nothing is tried meanwhile
    assert call(relay.root, "session", "login", "shop").code == 4
    (relay.root / "token").write_text(graph.page_token)  # a Page's token reaches its Instagram account too
    said = call(relay.root, "session", "login", "shop")
    assert said.code == 0
    assert "the token of shop is good until" in said.out
    assert "1 delivery waited for it" in said.out
    assert call(relay.root, "run").code == 0
    assert len(graph.stories()) == 1


def test_session_status_and_doctor_tell_until_when_a_token_is_good(
    relay: GraphRelay, graph: GraphStandIn
) -> None:
    ends = graph.expire_token(graph.user_token, 5 * DAY_S)
    rows = json.loads(call(relay.root, "doctor", "--json").out)["checks"]
    assert [row["status"] for row in rows if row["name"] == "token shop"] == ["unknown"]
    (standing,) = json.loads(call(relay.root, "session", "status", "--json").out)["accounts"]
    assert (standing["account"], standing["logged_in"]) == ("shop", True)
    assert standing["ends"][:10] == f"{ends:%Y-%m-%d}"
    rows = json.loads(call(relay.root, "doctor", "--json").out)["checks"]
    (row,) = [row for row in rows if row["name"] == "token shop"]
    assert row["status"] == "warn"
    assert f"{ends:%Y-%m-%d}" in row["detail"]


def test_logging_out_says_where_the_token_is(relay: GraphRelay) -> None:
    said = call(relay.root, "session", "logout", "shop")
    assert said.code == 2
    assert "accounts.shop.token" in said.err


def test_a_token_is_found_nowhere_but_in_its_own_file(relay: GraphRelay, graph: GraphStandIn) -> None:
    fitting_photo(relay.root / "inbox" / "a.jpg", 1)
    graph.faults.add("POST */media_publish", Fault.ODD_JSON_AFTER)
    said = [call(relay.root, *words) for words in (["run"], ["status"], ["show", "a.jpg", "--json"])]
    graph.end_token(graph.user_token)
    fitting_photo(relay.root / "inbox" / "b.jpg", 2)
    commands = (["run", "--json"], ["config", "show"], ["doctor"], ["session", "status"])
    said += [call(relay.root, *words) for words in commands]
    texts = [one.out + one.err for one in said]
    kept = [file for file in relay.root.rglob("*") if file.is_file() and file.name != "token"]
    texts += [file.read_bytes().decode("utf-8", "replace") for file in kept]
    assert [text[:80] for text in texts if graph.user_token in text] == []
    assert any("ledger" in file.name for file in kept)


def test_a_token_on_the_command_line_is_refused(relay: GraphRelay) -> None:
    said = call(relay.root, "status", "--set", "accounts.shop.token=EAAGabc")
    assert said.code == 2
    assert "EAAGabc" not in said.err


def test_a_token_of_two_words_is_told_without_repeating_it(relay: GraphRelay) -> None:
    (relay.root / "token").write_text("EAAG abc")
    fitting_photo(relay.root / "inbox" / "a.jpg", 1)
    said = call(relay.root, "run")
    assert said.code == 3
    assert "accounts.shop.token: this is no token" in said.out + said.err
    assert "EAAG" not in said.out + said.err


def test_how_long_a_token_is_told_before_its_end() -> None:
    from datetime import UTC, datetime

    from pipeline.mirror.tokens import Known

    at = datetime(2026, 11, 27, tzinfo=UTC)
    known = Known("m", at, at + timedelta(days=10))
    assert known.is_to_be_told(at)
    assert not known.is_to_be_told(at - timedelta(hours=1))
    assert not Known("m", at, None).is_to_be_told(at)
    assert not Known("m", at, at + timedelta(days=1), told_at=at).is_to_be_told(at + timedelta(hours=23))
    assert Known("m", at, at + timedelta(days=1), told_at=at).is_to_be_told(at - timedelta(hours=1))
