"""While a run holds the lock the person is heard all the same, sees it at once, and it is done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes.caller import EVENT, Caller
from fakes.served import Stage

from pipeline.cli import main
from pipeline.ledger import exclusive, snapshot
from pipeline.ledger.answers import FOLDER
from pipeline.model import State
from pipeline.page.saying import carry_out_what_was_left


def board(phone: Caller) -> dict[str, dict[int, str]]:
    told = phone.board()
    return {part: {story["id"]: story["state"] for story in told[part]} for part in ("ready", "done")}


def events(stage: Stage, delivery: int) -> list[str]:
    with snapshot(stage.shop.state) as ledger:
        return [event.event for event in ledger.events_of(delivery)]


def by_a_run(stage: Stage) -> None:
    stage.shop.run()


def by_the_page(stage: Stage) -> None:
    carry_out_what_was_left(stage.site)


@pytest.mark.parametrize("carried_out", [by_a_run, by_the_page])
def test_what_is_said_during_a_run_shows_at_once_and_is_done_once(
    stage: Stage, carried_out: Callable[[Stage], None]
) -> None:
    phone = stage.phone()
    with exclusive(stage.shop.state):
        assert [phone.say(1, verb, f"1-{verb}-said").status for verb in ("opened", "shared", "confirm")] == [
            202
        ] * 3
        assert phone.say(2, "skip", "2-skip-said").status == 202
        assert phone.say(3, "shared", "3-shared-said").status == 202
        seen = board(phone)
        assert seen == {"ready": {3: "shared"}, "done": {1: "confirmed", 2: "skipped"}}
        assert phone.get("/media/1/story-1.jpg").status == 410
        assert set(stage.shop.states().values()) == {State.OFFERED}
        assert phone.say(1, "undo").status == 202
        assert board(phone)["ready"] == {1: "offered", 3: "shared"}
        assert phone.say(1, "confirm").status == 202
    carried_out(stage)
    carried_out(stage)
    assert board(phone) == seen
    assert events(stage, 1) == [
        "planned",
        "armed",
        "offered",
        "opened",
        "shared",
        "confirmed",
        "undone",
        "confirmed",
    ]
    assert events(stage, 2)[-1:] == ["skipped"]
    assert list((stage.shop.state / FOLDER).iterdir()) == []


def test_a_word_repeated_after_the_run_counts_once(stage: Stage) -> None:
    """The line broke after it was heard, so the page says it again, with the same id."""
    phone = stage.phone()
    with exclusive(stage.shop.state):
        assert phone.say(1, "confirm", EVENT).status == 202
        assert phone.say(1, "confirm", EVENT).status == 202
    stage.shop.run()
    assert phone.say(1, "confirm", EVENT).status == 200
    assert phone.say(1, "undo").status == 200
    assert phone.say(1, "confirm", EVENT).status == 200  # later still
    assert stage.shop.states()["bread.jpg", "whatsapp", 1] is State.OFFERED
    assert events(stage, 1).count("confirmed") == 1


def test_a_word_that_cannot_be_is_refused_also_during_a_run(stage: Stage) -> None:
    phone = stage.phone()
    with exclusive(stage.shop.state):
        phone.say(1, "skip")
        answer = phone.say(1, "confirm")
        assert (answer.status, [story["id"] for story in answer.json()["ready"]]) == (409, [2, 3])
    assert len(list((stage.shop.state / FOLDER).iterdir())) == 1


def test_what_the_command_line_says_during_a_run_shows_on_the_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = stage.phone()
    monkeypatch.setattr("sys.argv", ["storyrelay"])
    with exclusive(stage.shop.state), pytest.raises(SystemExit) as left:
        main(["confirm", "1", "-c", str(stage.shop.root / "storyrelay.yaml")])
    assert left.value.code == 0
    assert "a run is under way" in capsys.readouterr().out
    assert board(phone) == {"ready": {2: "offered", 3: "offered"}, "done": {1: "confirmed"}}
    stage.shop.run()
    assert stage.shop.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED


def test_a_word_that_cannot_be_read_stops_neither_page_nor_run(stage: Stage) -> None:
    phone = stage.phone()
    with exclusive(stage.shop.state):
        phone.say(1, "confirm")
    folder = stage.shop.state / FOLDER
    (folder / "0-spoilt.json").write_text(json.dumps({"verb": "sing", "delivery": 1, "at": "2026-11-23"}))
    assert board(phone)["done"] == {1: "confirmed"}
    assert phone.say(2, "skip").status == 200
    assert stage.shop.run().exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["0-spoilt.unreadable"]
    assert stage.shop.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED


def test_two_taps_at_once_are_one(stage: Stage) -> None:
    phone = stage.phone()
    with ThreadPoolExecutor(6) as pool:
        heard = list(
            pool.map(lambda number: phone.say(1, "confirm", f"tap-number-{number}").status, range(6))
        )
    assert set(heard) <= {200, 202}
    carry_out_what_was_left(stage.site)
    assert events(stage, 1).count("confirmed") == 1


def test_a_story_in_nobodys_hands_is_not_the_pages_to_answer(stage: Stage) -> None:
    phone = stage.phone()
    assert phone.say(99, "confirm").status == 404
    assert phone.say(1, "release").status == 404
    assert phone.say(1, "retry").status == 409
    assert phone.say(1, "undo").status == 200  # it waits already: nothing to do
    phone.say(1, "skip")
    assert phone.say(1, "retry", "again-please").status == 200
    assert phone.say(1, "retry", "again-please").status == 200
    assert phone.say(1, "skip").status == 409  # it's planned: a matter of the command line
