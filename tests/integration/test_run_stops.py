"""Two runs at once, and runs that are asked to stop."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from fakes.shop import Shop
from fakes.trees import tree_of

from pipeline.errors import EnvironmentFault, Interrupted, LockedError
from pipeline.ledger import exclusive
from pipeline.ledger.opening import FILE_NAME
from pipeline.model import State
from pipeline.report.events import Delivered, Event, Summary
from pipeline.run import Request, run


def stopped_after(shop: Shop, deliveries: int, signum: signal.Signals) -> int:
    """Run, and get a signal after so many deliveries; the exit code."""

    def observe(event: Event) -> None:
        shop.events.append(event)
        told = [event for event in shop.events if isinstance(event, Delivered)]
        if isinstance(event, Delivered) and len(told) == deliveries:
            os.kill(os.getpid(), signum)

    with pytest.raises(Interrupted) as interrupted:
        run(shop.settings(), Request(), observe, shop.clock)
    return interrupted.value.exit_code


def test_a_second_run_touches_nothing(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    shop.picture("b.jpg", 2)
    shop.settings()
    with exclusive(shop.state):
        before = tree_of(shop.root)
        with pytest.raises(LockedError):
            shop.run()
        assert tree_of(shop.root) == before
    assert shop.run().offered == 1


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_stops_between_two_acts_and_the_next_run_goes_on(
    shop: Shop, signum: signal.Signals, code: int
) -> None:
    for number in range(5):
        shop.picture(f"{number}.jpg", number)
    assert stopped_after(shop, 2, signum) == code
    assert isinstance(shop.events[-1], Summary)
    assert shop.events[-1].exit_code == code
    assert list(shop.states().values()).count(State.OFFERED) == 2
    assert State.ARMED not in shop.states().values()
    assert [story["media"] for story in shop.manifest()] == shop.media() == ["0001-0.jpg", "0002-1.jpg"]
    assert shop.run().offered == 3
    assert len(shop.media()) == 5


def test_a_signal_is_heard_while_much_expires(shop: Shop) -> None:
    for number in range(4):
        shop.picture(f"{number}.jpg", number)
    shop.run()
    shop.clock.advance(hours=25)
    shop.events.clear()
    assert stopped_after(shop, 2, signal.SIGTERM) == 143
    assert list(shop.states().values()).count(State.EXPIRED) == len(shop.media()) == 2
    assert (shop.run().expired, shop.media()) == (2, [])


def test_a_damaged_ledger_stops_a_run_before_it_does_anything(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    (shop.state / FILE_NAME).write_bytes(b"holiday pictures" * 1000)
    shop.picture("b.jpg", 2)
    with pytest.raises(EnvironmentFault, match=r"damaged.*Next: "):
        shop.run()
    assert shop.media() == ["0001-a.jpg"]


def test_an_inbox_that_is_gone_is_the_machines_fault_and_not_a_deletion(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    settings = shop.settings()
    shop.inbox.rename(shop.root / "elsewhere")
    assert run(settings, Request(), shop.events.append, shop.clock).exit_code == 6
    assert shop.media() == ["0001-a.jpg"]


def test_leftovers_of_a_killed_run_are_removed_by_the_next(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    leftovers = [
        shop.outbox / "whatsapp" / ".storyrelay-1.jpg",
        shop.state / "store" / ".storyrelay-2.mp4",
        shop.state / "scratch" / ".storyrelay-3" / "frame.png",
    ]
    for leftover in leftovers:
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.touch()
    shop.begin_and_die()
    shop.run()
    assert [leftover for leftover in leftovers if leftover.exists()] == []
    assert not Path(shop.state / "scratch" / ".storyrelay-3").exists()
