"""A clock that jumps: nothing is lost, doubled, given up for good or blocked afterwards."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.jumping import Computer
from fakes.shop import Shop

from pipeline.errors import EnvironmentFault
from pipeline.ledger import Move, exclusive, open_ledger, snapshot
from pipeline.ledger.answers import Answer
from pipeline.model import WAITING_FOR_SEND, State
from pipeline.report.health import places
from pipeline.report.health.places import clock_check

TICK = timedelta(minutes=15)
SLOTS = ("schedule.slots=['daily 12:00']",)
JUMPS = {
    "an hour on": timedelta(hours=1),
    "an hour back": timedelta(hours=-1),
    "three days on": timedelta(days=3),
    "three days back": timedelta(days=-3),
    "to 1970": datetime(1970, 1, 1, tzinfo=UTC) - Computer().moment,
    "to 2038": datetime(2038, 1, 19, tzinfo=UTC) - Computer().moment,
}


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def shop(tmp_path: Path, computer: Computer) -> Shop:
    return Shop(tmp_path, clock=computer)


def trusted(shop: Shop, *assignments: str) -> bool:
    """Whether a run did its work."""
    try:
        shop.run(*assignments)
    except EnvironmentFault as fault:
        return "storyrelay run --clock-is-right" not in str(fault)
    return True


def offered_times(shop: Shop) -> dict[str, int]:
    """How often each file was offered."""
    with snapshot(shop.state, shop.clock) as ledger:
        return {
            row.path.name: [event.event for event in ledger.events_of(row.id)].count("offered")
            for row in shop.deliveries()
        }


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_and_comes_back_changes_nothing(
    shop: Shop, computer: Computer, jump: timedelta
) -> None:
    shop.picture("a.jpg", 1)
    assert trusted(shop)
    computer.advance(hours=1)
    shop.picture("b.jpg", 2)
    computer.moment += jump
    assert not trusted(shop)
    computer.moment -= jump
    computer.advance(minutes=15)
    assert trusted(shop)
    assert set(shop.states().values()) == {State.OFFERED}
    assert offered_times(shop) == {"a.jpg": 1, "b.jpg": 1}


@pytest.mark.parametrize("jump", list(JUMPS.values())[:4], ids=list(JUMPS)[:4])
def test_a_clock_that_was_set_for_good_is_trusted_after_an_hour(
    shop: Shop, computer: Computer, jump: timedelta
) -> None:
    shop.picture("a.jpg", 1)
    assert trusted(shop)
    computer.moment += jump
    refused = 0
    while not trusted(shop):
        refused += 1
        computer.advance(minutes=15)
    assert refused == 4
    shop.picture("b.jpg", 2)
    assert trusted(shop)
    assert shop.states()["b.jpg", "whatsapp", 1] is State.OFFERED


@pytest.mark.parametrize("jump", list(JUMPS.values())[4:], ids=list(JUMPS)[4:])
def test_a_clock_that_is_years_off_is_never_trusted_by_waiting(
    shop: Shop, computer: Computer, jump: timedelta
) -> None:
    assert trusted(shop)
    computer.moment += jump
    computer.reboot()
    for _ in range(10):
        assert not trusted(shop)
        computer.advance(days=1)


def test_a_time_server_or_the_person_stands_for_a_clock(shop: Shop, computer: Computer) -> None:
    assert trusted(shop)
    computer.jump(days=3)
    assert not trusted(shop)
    shop.run(clock_is_right=True)
    assert trusted(shop)
    computer.jump(days=400)
    assert not trusted(shop)
    shop.run(clock_is_right=True)
    computer.jump(days=2)
    computer.follows_a_server = True
    assert trusted(shop)


def test_a_computer_that_was_off_or_asleep_for_three_months_just_goes_on(
    shop: Shop, computer: Computer
) -> None:
    assert trusted(shop)
    computer.advance(days=90)
    assert trusted(shop)
    computer.jump(days=90)
    computer.reboot()
    assert trusted(shop)


def test_the_clock_is_doubted_with_nothing_written(shop: Shop, computer: Computer) -> None:
    shop.picture("a.jpg")
    assert trusted(shop)
    before = (shop.state / "ledger.sqlite3").read_bytes()
    computer.jump(days=3)
    shop.picture("b.jpg", 2)
    assert not trusted(shop)
    assert (shop.state / "ledger.sqlite3").read_bytes() == before


def test_what_expired_by_a_wrong_clock_that_was_believed_is_offered_again(
    shop: Shop, computer: Computer
) -> None:
    shop.picture("a.jpg", 1)
    shop.picture("sent.jpg", 2)
    assert trusted(shop)
    sent = next(row for row in shop.deliveries() if row.path.name == "sent.jpg")
    shop.answer_and_die(Answer("confirm", sent.id, computer()))
    computer.jump(days=3)
    computer.reboot()  # so nobody can know
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.EXPIRED
    computer.jump(days=-3)
    computer.follows_a_server = True
    assert trusted(shop)
    assert (shop.states()["a.jpg", "whatsapp", 1], shop.media()) == (State.OFFERED, ["0001-a.jpg"])
    assert shop.states()["sent.jpg", "whatsapp", 1] is State.CONFIRMED
    computer.advance(hours=24, minutes=1)
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.EXPIRED


def test_what_a_wrong_clock_gave_up_before_it_was_sent_goes_at_its_own_time(
    shop: Shop, computer: Computer
) -> None:
    day = f"{computer() + timedelta(days=1):%Y-%m-%d}"
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", f"not_before: {day} 12:00\nnot_after: {day} 23:00\n")
    assert trusted(shop)
    computer.jump(days=3)
    computer.reboot()
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.EXPIRED
    computer.jump(days=-3)
    computer.follows_a_server = True
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.PLANNED
    computer.advance(hours=25)
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.OFFERED


def test_what_was_offered_by_a_clock_that_was_ahead_is_good_for_a_day_and_not_for_years(
    shop: Shop, computer: Computer
) -> None:
    computer.jump(days=300)
    shop.picture("a.jpg")
    assert trusted(shop)
    computer.jump(days=-300)
    computer.follows_a_server = True
    assert trusted(shop)
    computer.advance(hours=25)
    assert trusted(shop)
    assert shop.states()["a.jpg", "whatsapp", 1] is State.EXPIRED


def test_doctor_says_when_the_clock_lies_before_the_last_run(
    shop: Shop, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "synchronised", lambda: False)
    assert clock_check(shop.state, computer).status == "ok"
    assert trusted(shop)
    computer.jump(days=-3)
    check = clock_check(shop.state, computer)
    assert (check.status, "but the last run was on 2026-11-23 18:00 UTC" in check.detail) == ("fail", True)
    computer.jump(days=3)
    assert clock_check(shop.state, computer).status == "ok"


def test_slots_go_on_after_a_clock_was_ahead_for_long(shop: Shop, computer: Computer) -> None:
    names = [f"{letter}.jpg" for letter in "abcd"]
    for number, name in enumerate(names):
        shop.picture(name, number)
    assert trusted(shop, *SLOTS)
    computer.jump(days=30)
    computer.reboot()
    assert trusted(shop, *SLOTS)  # the first is a month late
    computer.jump(days=-30)
    computer.follows_a_server = True
    for _ in range(5):
        computer.advance(days=1)
        assert trusted(shop, *SLOTS)
    assert all(offered_times(shop)[name] >= 1 for name in names)
    assert not [row for row in shop.deliveries() if row.state is State.PLANNED]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_clock_does_everything_goes_out_and_what_was_confirmed_never_again(
    shop: Shop, computer: Computer, seed: int
) -> None:
    dice, right = random.Random(seed), Computer()  # noqa: S311 - the same every time
    for step in range(24):
        passes = dice.choice((timedelta(minutes=15), timedelta(hours=3), timedelta(days=1)))
        computer.advance(seconds=passes.total_seconds())
        right.advance(seconds=passes.total_seconds())
        if dice.random() < 0.3:
            computer.moment = right.moment + dice.choice((*JUMPS.values(), timedelta()))
        if dice.random() < 0.2:
            computer.reboot()
        if step % 6 == 0:
            shop.picture(f"{step}.jpg", step)
        trusted(shop)
        confirm_one(shop, dice)
    computer.moment, computer.follows_a_server = right.moment, True
    for _ in range(2):
        computer.advance(minutes=15)
        assert trusted(shop)
    assert not [row for row in shop.deliveries() if row.state is State.PLANNED]
    assert len(offered_times(shop)) == 4
    assert all(offered_times(shop).values())
    assert offered_after_confirmed(shop) == []


def confirm_one(shop: Shop, dice: random.Random) -> None:
    waiting = [row for row in shop.deliveries() if row.state in WAITING_FOR_SEND]
    if waiting and dice.random() < 0.2:
        shop.answer_and_die(Answer("confirm", dice.choice(waiting).id, shop.clock()))


def offered_after_confirmed(shop: Shop) -> list[str]:
    with snapshot(shop.state, shop.clock) as ledger:
        histories = {row.path.name: [e.event for e in ledger.events_of(row.id)] for row in shop.deliveries()}
    return [
        name
        for name, events in histories.items()
        if "confirmed" in events and "offered" in events[events.index("confirmed") :]
    ]


def test_what_was_to_be_tried_again_years_ahead_is_tried_now(shop: Shop, computer: Computer) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-25 12:00\n")
    assert trusted(shop)
    (waits,) = shop.deliveries()
    computer.jump(days=300)
    with exclusive(shop.state), open_ledger(shop.state, computer) as ledger:
        ledger.move(waits, Move(State.ARMED, "armed"))
        later = computer() + timedelta(minutes=5)
        ledger.move(replace(waits, state=State.ARMED), Move(State.PLANNED, "try again", due_at=later))
        ledger.rest("whatsapp", computer() + timedelta(hours=24), "please wait")
    computer.jump(days=-300)
    with exclusive(shop.state), open_ledger(shop.state, computer) as ledger:
        ledger.put_right(computer())
        assert [row.id for row in ledger.due(computer())] == [waits.id]
        assert ledger.lane("whatsapp").rest_until == computer() + timedelta(hours=24)
