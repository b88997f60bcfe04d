"""Phones come and go while stories wait: whatever happens, the person can see every one of them."""

from __future__ import annotations

import pytest
from fakes.shop import Shop

from pipeline.handoff.page import WHERE
from pipeline.handoff.paired import Phones
from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer, Verb
from pipeline.model import State
from pipeline.page.shelf import board_of
from pipeline.page.site import site_of
from pipeline.report.events import Blocked, Delivered
from pipeline.run import answer

ONLY_PAGE = "{whatsapp: {platform: whatsapp_status, channels: [page]}}"


def pair(shop: Shop) -> None:
    phones = Phones(shop.state)
    assert phones.pair(phones.invite(shop.clock(), "Ana's"), "phone", shop.clock())


def revoke(shop: Shop) -> None:
    assert Phones(shop.state).revoke("Ana's")


def on_the_page(shop: Shop) -> list[str]:
    """What a phone would see there."""
    board = board_of(site_of(shop.settings(), 1, clock=shop.clock))
    return [story.delivery.path.name for story in board.ready if story.rendition]


def blocked(shop: Shop) -> list[str]:
    return [event.reason for event in shop.events if isinstance(event, Blocked)]


def test_without_a_phone_the_page_names_the_next_command_and_the_folder_takes_it(shop: Shop) -> None:
    shop.picture("a.jpg")
    assert shop.run().offered == 1
    assert shop.media() == ["0001-a.jpg"]
    shop.destinations = ONLY_PAGE
    shop.picture("b.jpg", 2)
    summary = shop.run()
    assert (summary.offered, summary.exit_code) == (0, 3)
    assert blocked(shop) == ["no phone is paired. Next: storyrelay phone pair"]
    pair(shop)
    assert shop.run().offered == 1


def test_what_lies_in_the_folder_shows_on_the_page_too_once_a_phone_is_paired(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    pair(shop)
    assert on_the_page(shop) == ["a.jpg"]
    answer(shop.settings(), [Answer("confirm", 1, shop.clock())])
    assert (on_the_page(shop), shop.media()) == ([], [])


def test_what_waits_on_the_page_goes_to_the_folder_when_the_last_phone_is_revoked(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.sidecar("a.txt", "Fresh bread")
    shop.picture("b.jpg", 2)
    pair(shop)
    assert shop.run().offered == 2
    assert shop.media() == []
    before = shop.deliveries()
    revoke(shop)
    summary = shop.run()
    assert (summary.offered, summary.waiting, summary.exit_code) == (0, 2, 0)
    assert shop.media() == ["0001-a.jpg", "0002-b.jpg"]
    assert [story["caption"] for story in shop.manifest()] == ["0001-a.txt", None]
    assert shop.deliveries() == before  # how it stands, and until when it waits
    told = [event.where for event in shop.events if isinstance(event, Delivered)]
    assert [str(where).endswith(name) for where, name in zip(told, shop.media(), strict=True)] == [True, True]
    shop.run()
    assert [event for event in shop.events if isinstance(event, Delivered)] == []
    answer(shop.settings(), [Answer("confirm", 1, shop.clock())])
    assert shop.media() == ["0002-b.jpg"]


@pytest.mark.parametrize("verb", ["opened", "shared"])
def test_a_story_the_person_was_about_to_send_is_not_lost_either(shop: Shop, verb: Verb) -> None:
    shop.picture("a.jpg")
    pair(shop)
    shop.run()
    answer(shop.settings(), [Answer(verb, 1, shop.clock())])
    revoke(shop)
    shop.run()
    assert shop.media() == ["0001-a.jpg"]
    assert set(shop.states().values()) == {State(verb)}


def test_with_the_page_alone_a_run_says_what_is_missing_until_a_phone_is_paired(shop: Shop) -> None:
    shop.destinations = ONLY_PAGE
    shop.picture("a.jpg")
    pair(shop)
    shop.run()
    revoke(shop)
    for _ in range(2):
        assert shop.run().exit_code == 3
        assert blocked(shop) == ["no phone is paired. Next: storyrelay phone pair"]
    assert set(shop.states().values()) == {State.OFFERED}
    pair(shop)
    assert (shop.run().exit_code, on_the_page(shop)) == (0, ["a.jpg"])


def test_while_another_phone_may_open_the_page_nothing_is_moved(shop: Shop) -> None:
    shop.picture("a.jpg")
    pair(shop)
    pair(shop)
    shop.run()
    revoke(shop)
    shop.run()
    assert (shop.media(), on_the_page(shop)) == ([], ["a.jpg"])
    with snapshot(shop.state) as ledger:
        assert [event.detail.get("where") for event in ledger.events_of(1)][-1] == WHERE


def test_a_story_whose_time_is_over_is_not_moved_any_more(shop: Shop) -> None:
    shop.picture("a.jpg")
    pair(shop)
    shop.run()
    revoke(shop)
    shop.clock.advance(hours=25)
    assert shop.run().expired == 1
    assert shop.media() == []
