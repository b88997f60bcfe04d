"""One composer on one phone: whose turn it is over many runs, with answers in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.android.device import StandIn
from fakes.android.line import Line
from fakes.media import Clip, save_clip
from fakes.shop import Shop

from pipeline.ledger.answers import Answer, Verb, drop
from pipeline.model import State
from pipeline.report.events import Blocked, Delivered, Held, Summary
from pipeline.run import answer

PARTS = (
    "platforms.whatsapp_status.canvas={width: 270, height: 480}",
    "platforms.whatsapp_status.video.max_seconds=2",
)
"""A clip of 3 s is then two parts."""
Run = Callable[..., Summary]


@pytest.fixture
def phone(line: Line) -> StandIn:
    return line.phone()


@pytest.fixture
def go(shop: Shop, phone: StandIn) -> Run:
    """A run with this phone; no story ever waits for another reason than its turn."""

    def run(*assignments: str) -> Summary:
        summary = shop.run(f"phone.serial={phone.serial}", "phone.appear_seconds=0", *assignments)
        assert not [event for event in shop.events if isinstance(event, Blocked)]
        assert (summary.failed, summary.exit_code) == (0, 0)
        return summary

    return run


def channels(shop: Shop, names: str) -> None:
    shop.destinations = f"{{whatsapp: {{platform: whatsapp_status, channels: {names}}}}}"


def say(shop: Shop, phone: StandIn, verb: Verb, number: int) -> None:
    answer(shop.settings(f"phone.serial={phone.serial}"), [Answer(verb, number, shop.clock())])


def held(shop: Shop) -> list[tuple[int, str]]:
    return [(event.deliveries, event.reason) for event in shop.events if isinstance(event, Held)]


def parts_out(shop: Shop) -> list[tuple[int, State]]:
    return [(row.part, row.state) for row in shop.deliveries()]


def test_the_next_story_opens_as_soon_as_the_one_before_is_answered(
    shop: Shop, phone: StandIn, go: Run
) -> None:
    """Waiting for the person is no failure, and nothing is tried meanwhile."""
    channels(shop, "[intent]")
    for number in range(3):
        shop.picture(f"{number}.jpg", number)
    assert go().offered == 1
    assert [count for count, _ in held(shop)] == [2]
    asked = len(phone.commands)
    assert go().offered == 0
    assert len(phone.commands) == asked
    reason = "delivery 1 stands in WhatsApp on the phone and comes first. Next: press Send there, then "
    assert [row.reason for row in shop.deliveries()[1:]] == [held(shop)[0][1]] * 2
    assert held(shop)[0][1].startswith(f"{reason}storyrelay confirm 1")

    say(shop, phone, "confirm", 1)
    assert go().offered == 1
    say(shop, phone, "skip", 2)
    assert go().offered == 1
    say(shop, phone, "confirm", 3)
    assert list(shop.states().values()) == [State.CONFIRMED, State.SKIPPED, State.CONFIRMED]
    assert (len(phone.opened()), phone.files(), phone.rows()) == (3, [], [])


def test_what_was_opened_or_shared_still_stands_there(shop: Shop, phone: StandIn, go: Run) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    go()
    for verb in ("opened", "shared", "not-yet"):
        say(shop, phone, verb, 1)
        assert go().offered == 0
        assert len(phone.files()) == 1
    say(shop, phone, "confirm", 1)
    assert go().offered == 1


def test_an_answer_given_while_a_run_was_busy_makes_room_in_the_next(
    shop: Shop, phone: StandIn, go: Run
) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    go()
    drop(shop.state, Answer("confirm", 1, shop.clock()))
    assert go().offered == 1
    assert (len(phone.files()), len(phone.opened())) == (1, 2)


def test_what_expires_makes_room_in_the_same_run(shop: Shop, phone: StandIn, go: Run) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    go()
    shop.clock.advance(hours=25)
    summary = go()
    assert (summary.expired, summary.offered, len(phone.files())) == (1, 1, 1)


def test_the_second_story_goes_another_way_where_there_is_one(shop: Shop, phone: StandIn, go: Run) -> None:
    channels(shop, "[intent, folder]")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    assert go().offered == 2
    assert (len(phone.opened()), shop.media()) == (1, ["0002-b.jpg"])
    told = [event.where for event in shop.events if isinstance(event, Delivered)]
    assert told[0] == f"WhatsApp on the phone {phone.serial}"


def test_a_part_waits_until_the_one_before_it_is_answered(shop: Shop, phone: StandIn, go: Run) -> None:
    """Also where a folder would take it: no part is seen before the one in front of it."""
    channels(shop, "[intent, folder]")
    shop.inbox.mkdir()
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=3, fps=10, sound=False))
    assert go(*PARTS).offered == 1
    assert go(*PARTS).offered == 0
    assert parts_out(shop) == [(1, State.OFFERED), (2, State.PLANNED)]
    say(shop, phone, "confirm", 1)
    assert go(*PARTS).offered == 1
    assert parts_out(shop) == [(1, State.CONFIRMED), (2, State.OFFERED)]
    say(shop, phone, "confirm", 2)
    assert (len(phone.opened()), phone.files(), shop.media()) == (2, [], [])


def test_two_destinations_share_the_one_composer(shop: Shop, phone: StandIn, go: Run) -> None:
    shop.destinations = (
        "{whatsapp: {platform: whatsapp_status, channels: [intent]},"
        " second: {platform: whatsapp_status, channels: [status]},"
        " instagram: {platform: instagram_story, channels: [folder]}}"
    )
    shop.picture("a.jpg")
    assert go().offered == 2
    assert shop.media("instagram") != []
    assert go().offered == 0
    (first,) = [row for row in shop.deliveries() if row.destination == "whatsapp"]
    say(shop, phone, "confirm", first.id)
    assert go().offered == 1
    assert [call[call.index("-a") + 1].rpartition(".")[2] for call in phone.opened()] == ["SEND", "VIEW"]


def test_a_phone_that_is_away_at_the_answer_is_tidied_by_a_later_run(
    line: Line, shop: Shop, phone: StandIn, go: Run
) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    go()
    phone.vanish()
    say(shop, phone, "confirm", 1)
    assert len(phone.files()) == 1
    phone.come_back()
    assert go().offered == 1
    assert (len(phone.files()), len(phone.rows())) == (1, 1)
    assert "storyrelay-2-" in phone.files()[0]


def test_a_run_with_nothing_to_do_tidies_a_phone_that_came_back(shop: Shop, phone: StandIn, go: Run) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    go()
    phone.vanish()
    say(shop, phone, "confirm", 1)
    go()
    assert len(phone.files()) == 1
    phone.come_back()
    go()
    assert (phone.files(), phone.rows()) == ([], [])


def test_a_channel_that_is_chosen_no_more_still_takes_its_files_away(
    shop: Shop, phone: StandIn, go: Run
) -> None:
    channels(shop, "[intent]")
    shop.picture("a.jpg", 1)
    go()
    channels(shop, "[folder]")
    say(shop, phone, "confirm", 1)
    assert phone.files() == []
