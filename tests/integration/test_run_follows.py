"""Runs that publish only what the person has sent (mirror.after: confirmed)."""

from __future__ import annotations

from datetime import UTC

from fakes.media import Clip, save_clip
from fakes.remote import RemoteMirror
from fakes.shop import Shop

from pipeline.ledger import exclusive, open_ledger, snapshot
from pipeline.ledger.answers import Answer, Verb, apply, drop
from pipeline.model import State
from pipeline.report.events import Delivered, Held, Summary
from pipeline.report.lanes import lanes_of
from pipeline.report.next_step import Program
from pipeline.report.plan_text import plan_lines
from pipeline.report.status import status_lines, status_of

CONFIRMED = "mirror.after=confirmed"
FAST = "accounts.shop.pace={stories_per_day: 90, stories_per_hour: 90, spacing_seconds: [1, 2]}"


def run(shop: Shop, *more: str, hours: float = 0) -> Summary:
    shop.clock.advance(hours=hours)
    return shop.run(CONFIRMED, FAST, *more)


def say(shop: Shop, verb: Verb, *numbers: int) -> None:
    """On the shop's clock: `answer` itself knows the real time only."""
    shop.clock.advance(seconds=1)
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        for number in numbers:
            assert not isinstance(apply(ledger, Answer(verb, number, shop.clock())), str)


def stands(shop: Shop, name: str = "bread.jpg") -> tuple[State, State]:
    states = shop.states()
    return states[name, "whatsapp", 1], states[name, "instagram", 1]


def reason(shop: Shop) -> str | None:
    return next(row.reason for row in shop.deliveries() if row.destination == "instagram")


def test_a_story_is_published_after_it_was_confirmed_and_not_before(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    assert run(shop).published == 0
    assert mirror.touched == []
    assert reason(shop) == "follows once you have confirmed it at whatsapp"
    assert [event for event in shop.events if isinstance(event, Held)] == []
    assert run(shop, hours=5).exit_code == 0
    say(shop, "confirm", 1)
    assert run(shop).published == 1
    assert stands(shop) == (State.CONFIRMED, State.PUBLISHED)
    assert run(shop).published == 0
    assert len(mirror.remote.posts) == 1


def test_by_default_nothing_waits_for_the_person(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    assert shop.run(FAST).published == 1


def test_a_confirmed_story_does_not_wait_for_the_others(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    run(shop)
    say(shop, "confirm", 3)
    assert run(shop).published == 1
    assert stands(shop, "bread.jpg") == (State.OFFERED, State.PLANNED)
    assert stands(shop, "cake.jpg") == (State.CONFIRMED, State.PUBLISHED)


def test_what_was_skipped_is_not_published_and_says_why(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    run(shop)
    say(shop, "skip", 1)
    assert run(shop).published == 0
    assert (stands(shop)[1], reason(shop)) == (
        State.PLANNED,
        "you skipped it at whatsapp, so it isn't published",
    )
    assert run(shop, hours=24).exit_code == 0
    assert stands(shop) == (State.SKIPPED, State.SKIPPED)
    told = [event for event in shop.events if isinstance(event, Delivered)]
    assert [(event.state, event.reason) for event in told] == [(State.SKIPPED, reason(shop))]
    assert mirror.touched == []


def test_a_skip_that_is_taken_back_is_taken_back_for_both(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    run(shop)
    say(shop, "skip", 1)
    run(shop)
    say(shop, "undo", 1)
    run(shop)
    assert reason(shop) == "follows once you have confirmed it at whatsapp"
    say(shop, "confirm", 1)
    assert run(shop).published == 1


def test_what_was_forgotten_may_still_be_confirmed_for_a_day(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    run(shop)
    run(shop, hours=25)
    assert stands(shop) == (State.EXPIRED, State.PLANNED)
    say(shop, "confirm", 1)
    assert run(shop).published == 1
    run(shop, hours=25)
    assert stands(shop, "cake.jpg") == (State.EXPIRED, State.SKIPPED)


def test_who_retries_only_what_was_not_published_gets_it_published(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    run(shop)
    say(shop, "skip", 1)
    run(shop, hours=25)
    say(shop, "retry", 2)
    assert run(shop).published == 1
    assert stands(shop) == (State.SKIPPED, State.PUBLISHED)


def test_a_word_that_comes_while_a_turn_is_waited_for_counts(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    run(shop)
    say(shop, "confirm", 1, 3)
    shop.while_waiting = lambda: drop(shop.state, Answer("undo", 3, shop.clock()))
    assert shop.run(CONFIRMED).published == 1
    assert stands(shop, "cake.jpg") == (State.OFFERED, State.PLANNED)


def test_a_story_that_goes_to_the_account_alone_waits_for_nobody(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "destinations: [instagram]\n")
    assert run(shop).published == 1


def test_parts_follow_in_order_each_when_its_own_was_sent(shop: Shop, mirror: RemoteMirror) -> None:
    shop.inbox.mkdir()
    save_clip(shop.inbox / "beach.mp4", Clip(seconds=4, fps=10))
    small = "{canvas: {width: 270, height: 480}, video: {max_seconds: 2, min_seconds: 0.5}}"
    same = f"platforms={{whatsapp_status: {small}, instagram_story: {small}}}"
    run(shop, same)
    first, second = (row.id for row in shop.deliveries() if row.destination == "whatsapp")
    say(shop, "confirm", second)
    assert run(shop, same).published == 0
    say(shop, "confirm", first)
    assert run(shop, same).published == 2
    published = [event.part for event in shop.events if isinstance(event, Delivered)]
    assert published == [1, 2]


def test_plan_and_status_tell_what_is_waited_for(shop: Shop, mirror: RemoteMirror) -> None:
    shop.picture("bread.jpg")
    waits = "follows once you have confirmed it at whatsapp"
    assert f"instagram waits: {waits}. Next: storyrelay status" in list(
        plan_lines(shop.plan(CONFIRMED), Program())
    )
    run(shop)
    settings = shop.settings(CONFIRMED)
    with snapshot(shop.state, shop.clock) as ledger:
        lanes = lanes_of(ledger, settings, shop.clock())
        lines = list(status_lines(status_of(ledger, shop.clock(), UTC, lanes), Program()))
    assert [lane.held for lane in lanes] == [0]
    assert any(f"due now: {waits}" in line for line in lines)
