"""Everything about one story, from a ledger in memory."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from fakes.clock import FakeClock
from fakes.stories import PRINT, sha, story, treatment

from pipeline.ledger import Ledger, Move, snapshot
from pipeline.model import Asset, State
from pipeline.report.history import History, Watcher, history_as_json, history_lines, history_of
from pipeline.report.next_step import Program


def offer(ledger: Ledger, number: int, where: str | None = None) -> None:
    """What a run records of an offer."""
    delivery = ledger.delivery(number)
    assert delivery is not None
    detail = {"sha256": sha("encoded"), "bytes": 812, "file": "key.jpg"}
    ledger.move(delivery, Move(State.ARMED, "armed", detail=detail))
    armed = ledger.delivery(number)
    assert armed is not None
    ledger.move(armed, Move(State.OFFERED, "offered", detail={"where": where or f"/outbox/{number}.jpg"}))


def beach(ledger: Ledger, clock: FakeClock) -> tuple[Asset, History]:
    """A story of two parts, the first of them offered."""
    told = story(treatment(parts=2), path="beach.mp4")
    ledger.enter(told, PRINT)
    clock.advance(minutes=1)
    offer(ledger, 1)
    return told.asset, history_of(ledger, told.asset, ledger.find("beach.mp4"), Path("/state/store"))


def test_all_parts_of_a_story_are_told_together(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        asset, history = beach(ledger, clock)
    text = "\n".join(history_lines(history, Watcher(clock(), UTC, Program())))
    assert asset.sha256 in text
    assert "beach.mp4 1/2  offered" in text
    assert "beach.mp4 2/2  planned" in text
    assert "| Fresh bread" in text
    assert "18:00  planned" in text
    assert "Next: storyrelay confirm 1" in text


def test_json_tells_asset_recipes_files_and_events_in_order(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        asset, history = beach(ledger, clock)
    plain = history_as_json(history)
    assert plain["asset"]["sha256"] == asset.sha256
    assert [row["recipe"]["fit"] for row in plain["deliveries"]] == ["blur", "blur"]
    assert [row["texts"]["caption"] for row in plain["deliveries"]] == ["Fresh bread", "Fresh bread"]
    files = [(file["path"], file["sha256"], file["bytes"]) for file in plain["files"]]
    assert files == [("/state/store/key.jpg", sha("encoded"), 812), ("/outbox/1.jpg", sha("encoded"), 812)]
    assert [(event["delivery"], event["event"]) for event in plain["events"]] == [
        (1, "planned"),
        (2, "planned"),
        (1, "armed"),
        (1, "offered"),
    ]
    assert plain["events"][-1]["from"] == "armed"
    assert plain["events"][-1]["to"] == "offered"


def test_after_another_attempt_only_its_own_files_are_told(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        beach(ledger, clock)
        for state in (State.SKIPPED, State.PLANNED, State.ARMED):
            clock.advance(minutes=1)
            delivery = ledger.delivery(1)
            assert delivery is not None
            detail = {"sha256": sha("again"), "bytes": 9, "file": "new.jpg"} if state is State.ARMED else {}
            ledger.move(delivery, Move(state, str(state), detail=detail))
        (told,) = (ledger.find("1"),)
        asset = ledger.asset(told[0].asset)
        assert asset is not None
        history = history_of(ledger, asset, told, Path("/state/store"))
    assert [file.path.name for file in history.made] == ["new.jpg"]


def test_what_is_in_doubt_is_told_with_both_ways_out(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        told = story(treatment(), path="beach.mp4")
        ledger.enter(told, PRINT)
        for state in (State.ARMED, State.UNKNOWN):
            (delivery,) = ledger.find("beach.mp4")
            ledger.move(delivery, Move(state, str(state)))
        history = history_of(ledger, told.asset, ledger.find("beach.mp4"), Path("/state/store"))
    text = "\n".join(history_lines(history, Watcher(clock(), UTC, Program())))
    assert "storyrelay confirm 1" in text
    assert "storyrelay retry 1 --it-is-not-live" in text
    assert "storyrelay show" not in text


def test_a_step_on_the_way_that_names_a_file_is_not_taken_for_the_rendition(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        asset, _ = beach(ledger, clock)
        delivery = ledger.find("beach.mp4")[0]
        ledger.record(delivery, "on the phone", {"file": "/sdcard/Movies/x.mp4"})
        history = history_of(ledger, asset, [delivery], Path("/state/store"))
    assert [str(file.path) for file in history.made] == ["/state/store/key.jpg", "/outbox/1.jpg"]
    assert "on the phone" in "\n".join(history_lines(history, Watcher(clock(), UTC, Program())))


def test_an_offer_that_lies_in_no_folder_of_ours_is_no_file(tmp_path: Path) -> None:
    clock = FakeClock()
    with snapshot(tmp_path, clock) as ledger:
        told = story(treatment(), path="beach.mp4")
        ledger.enter(told, PRINT)
        offer(ledger, 1, "WhatsApp on the phone R58M0")
        history = history_of(ledger, told.asset, ledger.find("beach.mp4"), Path("/state/store"))
    assert [str(file.path) for file in history.made] == ["/state/store/key.jpg"]
