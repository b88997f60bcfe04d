"""What status and show tell of accounts: turns, stops, doubts, and what might be the story."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from fakes.remote import Rates, Remote, RemoteMirror, Times
from fakes.shop import MIRRORED, Shop

import pipeline.run.course
from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State
from pipeline.report.history import Watcher, history_as_json, history_lines, history_of
from pipeline.report.lanes import lanes_of
from pipeline.report.next_step import Program
from pipeline.report.status import Status, status_as_json, status_lines, status_of
from pipeline.run import answer

MINUTES = "accounts.shop.pace.spacing_seconds=[60, 60]"
BLIND = Rates(answer_lost=1.0, unseen_picture=1.0)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, MIRRORED)


@pytest.fixture
def mirror(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> RemoteMirror:
    mirror = RemoteMirror(Remote(random.Random(3), Times(shop.clock)))  # noqa: S311 - the same every time
    monkeypatch.setattr(pipeline.run.course, "mirrors", lambda *_: {"instagram": mirror})
    return mirror


def status(shop: Shop) -> Status:
    with snapshot(shop.state, shop.clock) as ledger:
        lanes = lanes_of(ledger, shop.settings(MINUTES), shop.clock())
        return status_of(ledger, shop.clock(), UTC, lanes)


def lines(shop: Shop) -> list[str]:
    return list(status_lines(status(shop), Program()))


def shown(shop: Shop, number: int) -> tuple[list[str], dict[str, Any]]:
    with snapshot(shop.state, shop.clock) as ledger:
        delivery = ledger.delivery(number)
        assert delivery
        asset = ledger.asset(delivery.asset)
        assert asset
        history = history_of(ledger, asset, [delivery], shop.state / "store")
    told = history_lines(history, Watcher(shop.clock(), UTC, Program()))
    return list(told), history_as_json(history)


def ask_the_person(shop: Shop, mirror: RemoteMirror) -> int:
    """A story that looking can't settle; its number."""
    shop.picture("bread.jpg")
    mirror.remote.rates = BLIND
    shop.run(MINUTES)
    for _ in range(2):
        shop.clock.advance(minutes=16)
        shop.run(MINUTES)
    (row,) = [row for row in shop.deliveries() if row.state is State.UNKNOWN]
    return row.id


def test_status_tells_whose_turn_comes_when(shop: Shop, mirror: RemoteMirror) -> None:
    for number in range(6):
        shop.picture(f"{number}.jpg", number)
    shop.run(MINUTES)
    told = lines(shop)
    (account,) = [line for line in told if line.split()[:2] == ["instagram", "shop"]]
    assert "held: 4 stories in an hour; next at 19:00" in account
    waits = [line for line in told if "instagram" in line and line.endswith("storyrelay run")]
    assert len(waits) == 2
    assert all("held: 4 stories in an hour; next at 19:00" in line for line in waits)
    plain = status_as_json(status(shop))
    (lane,) = plain["accounts"]
    assert (lane["held"], lane["reason"], lane["stopped"]) == (2, "4 stories in an hour", None)
    held = [row for row in plain["deliveries"] if row["reason"] == "4 stories in an hour"]
    assert [row["turn"] for row in held] == [lane["turn"]] * 2


def test_status_of_a_stopped_account_ends_with_the_login(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    mirror.session_is_dead = True
    shop.run(MINUTES)
    (account,) = [line for line in lines(shop) if line.split()[:2] == ["instagram", "shop"]]
    assert "stopped: the session is dead" in account
    assert account.endswith("storyrelay session login shop")
    (lane,) = status_as_json(status(shop))["accounts"]
    assert (lane["stopped"], lane["next"]) == ("the session is dead", "storyrelay session login shop")


def test_a_story_parked_with_its_account_goes_on_with_the_login(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    mirror.session_is_dead = True
    shop.run(MINUTES)
    (story,) = [line for line in lines(shop) if "bread.jpg" in line and "parked: the session is dead" in line]
    assert story.endswith("storyrelay session login shop")
    (parked,) = [row for row in status_as_json(status(shop))["deliveries"] if row["state"] == "parked"]
    assert parked["next"] == "storyrelay session login shop"


def test_a_doubt_that_settles_itself_is_nobodys_task(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    mirror.remote.rates = BLIND
    shop.run(MINUTES)
    told = lines(shop)
    assert "In doubt, looked for by a later run (1)" in told
    assert not [line for line in told if "look at your account" in line or line.startswith("Needs you")]


def test_a_doubt_that_only_a_person_can_end_is_told_with_all_that_might_be_it(
    shop: Shop, mirror: RemoteMirror
) -> None:
    number = ask_the_person(shop, mirror)
    assert [line for line in lines(shop) if "look at your account" in line]
    told, plain = shown(shop, number)
    text = "\n".join(told)
    pk = mirror.remote.posts[0].pk
    for step in ("looked: 0 stories live before", "uploaded: upload ", "publishing: 0 stories live before"):
        assert step in text
    assert f"      {pk}  photo, taken 18:00, its picture couldn't be fetched" in told
    assert "cannot tell: a story there might be it" in text
    assert told[-1].strip() == f"One of the stories above? Then: storyrelay confirm {number} --live-as STORY"
    looks = [event for event in plain["events"] if event["event"] == "looked for"]
    assert [look["detail"]["sightings"][0]["external_id"] for look in looks] == [pk, pk]


def test_who_says_which_story_it_is_ends_the_doubt(shop: Shop, mirror: RemoteMirror) -> None:
    number = ask_the_person(shop, mirror)
    pk = mirror.remote.posts[0].pk
    (row,) = answer(shop.settings(MINUTES), [Answer("confirm", number, shop.clock(), live_as=pk)])
    assert not isinstance(row, str)
    assert row
    assert (row.state, row.external_id) == (State.PUBLISHED, pk)
    assert shop.run(MINUTES).published == 0


def test_nothing_of_the_ledger_is_locked_while_a_turn_is_waited_for(shop: Shop, mirror: RemoteMirror) -> None:
    for number in range(2):
        shop.picture(f"{number}.jpg", number)
    written: list[bool] = []

    def write() -> None:
        with closing(sqlite3.connect(shop.state / FILE_NAME, timeout=0, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            written.append(db.in_transaction)
            db.execute("ROLLBACK")

    shop.while_waiting = write
    assert shop.run(MINUTES).published == 2
    assert written == [True]
