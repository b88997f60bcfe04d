"""Destinations, parts and limits: who gets what, in which order, and what a failure holds up."""

from __future__ import annotations

from fakes.media import Clip, picture, save_clip, save_photo
from fakes.shop import BOTH, Shop

from pipeline.ledger import snapshot
from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.report.events import Blocked, Delivered, Event
from pipeline.run import Request, answer, run
from pipeline.tools.clock import pause

SMALL = "platforms.whatsapp_status.canvas={width: 270, height: 480}"
"""A canvas on which a clip takes a tenth of a second."""
SHORT = (SMALL, "platforms.whatsapp_status.video.max_seconds=2")
"""A clip of 3 s is then two parts of 1.5 s."""


def clip_of_two_parts(shop: Shop) -> None:
    shop.inbox.mkdir()
    save_clip(shop.inbox / "clip.mp4", Clip(seconds=3, fps=10, sound=False))


def test_a_run_for_one_destination_leaves_the_rest_to_the_next(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    assert shop.run(only=frozenset({"instagram"})).offered == 1
    assert (shop.media("instagram"), shop.media("whatsapp")) == (["0002-a.jpg"], [])
    second = shop.run()
    assert (second.offered, second.reformatted) == (1, 0)
    assert shop.media("whatsapp") == ["0001-a.jpg"]


def test_a_run_without_one_destination_leaves_it_to_the_next(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    shop.run(not_to=frozenset({"instagram"}))
    assert (shop.media("instagram"), shop.media("whatsapp")) == ([], ["0001-a.jpg"])
    assert shop.run().offered == 1


def test_a_limit_counts_stories(shop: Shop) -> None:
    shop.destinations = BOTH
    for number in range(3):
        shop.picture(f"{number}.jpg", number)
    assert shop.run(limit=2).offered == 4
    assert shop.run(limit=2).offered == 2
    assert shop.run(limit=2).offered == 0


def test_paths_choose_what_is_looked_at(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    one = shop.picture("b.jpg", 2)
    assert shop.run(paths=(one,)).offered == 1
    assert shop.media() == ["0001-b.jpg"]
    assert shop.run().offered == 1


def test_a_run_out_of_time_begins_nothing_new(shop: Shop) -> None:
    for number in range(6):
        shop.picture(f"{number}.jpg", number)
    first = shop.run(max_runtime_s=0)
    assert (first.seen, first.offered, first.planned) == (6, 0, 0)
    assert shop.run().offered == 6


def test_when_its_time_is_over_a_run_finishes_what_it_has_begun(shop: Shop) -> None:
    for number in range(6):
        shop.picture(f"{number}.jpg", number)

    def dawdle(event: Event) -> None:
        shop.events.append(event)
        if isinstance(event, Delivered):
            pause(1.5)

    summary = run(shop.settings(), Request(max_runtime_s=1.5), dawdle, shop.clock)
    assert summary.offered <= 1
    assert (summary.offered, summary.planned) == (len(shop.media()), 6 - summary.offered)
    assert State.ARMED not in shop.states().values()
    assert shop.run().offered == 6 - summary.offered


def test_one_blocked_destination_does_not_stop_the_others(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    shop.outbox.mkdir()
    (shop.outbox / "instagram").touch()
    summary = shop.run()
    assert (summary.offered, summary.planned, summary.exit_code) == (1, 1, 3)
    assert [event.destination for event in shop.events if isinstance(event, Blocked)] == ["instagram"]
    shop.run()
    with snapshot(shop.state) as ledger:
        waiting = ledger.in_states({State.PLANNED})[0]
        assert [event.event for event in ledger.events_of(waiting.id)] == ["planned", "blocked"]
        assert "can't be made" in str(waiting.reason)
    (shop.outbox / "instagram").unlink()
    assert shop.run().offered == 1


def test_a_destination_that_nothing_is_due_for_is_not_asked(shop: Shop) -> None:
    shop.inbox.mkdir()
    shop.outbox.mkdir()
    (shop.outbox / "whatsapp").touch()
    summary = shop.run()
    assert (summary.exit_code, [event for event in shop.events if isinstance(event, Blocked)]) == (0, [])


def test_parts_go_out_in_their_order(shop: Shop) -> None:
    clip_of_two_parts(shop)
    assert shop.run(*SHORT).offered == 2
    assert shop.media() == ["0001-clip-1of2.mp4", "0002-clip-2of2.mp4"]
    told = [event.part for event in shop.events if isinstance(event, Delivered)]
    assert told == [1, 2]


def test_a_part_that_fails_holds_up_those_after_it(shop: Shop) -> None:
    clip_of_two_parts(shop)
    shop.picture("other.jpg")
    in_the_way = shop.outbox / "whatsapp" / "0001-clip-1of2.mp4"
    in_the_way.mkdir(parents=True)
    first = shop.run(*SHORT)
    assert (first.failed, first.offered, first.exit_code) == (1, 1, 3)
    in_the_way.rmdir()
    assert shop.run(*SHORT).offered == 0
    shop.clock.advance(minutes=5)
    assert shop.run(*SHORT).offered == 2
    assert shop.media() == ["0001-clip-1of2.mp4", "0002-clip-2of2.mp4", "0003-other.jpg"]


def test_a_part_the_person_skipped_holds_up_nothing(shop: Shop) -> None:
    clip_of_two_parts(shop)
    (shop.root / "outbox").touch()
    shop.run(*SHORT)
    (shop.root / "outbox").unlink()
    answer(shop.settings(), [Answer("skip", 1, shop.clock())])
    shop.run(*SHORT)
    assert shop.media() == ["0002-clip-2of2.mp4"]


def test_a_story_cut_otherwise_before_its_time_leaves_no_part_behind(shop: Shop) -> None:
    clip_of_two_parts(shop)
    shop.sidecar("clip.mp4.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run(*SHORT)
    assert len(shop.states()) == 2
    shop.sidecar("clip.mp4.yaml", "not_before: 2026-11-24 18:00\ncaption: whole\n")
    shop.run(SMALL)
    shop.clock.advance(hours=24)
    assert shop.run(SMALL).offered == 1
    assert shop.states() == {("clip.mp4", "whatsapp", 1): State.OFFERED}


def test_a_source_that_turns_out_damaged_is_one_line_whatever_the_number_of_recipes(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.inbox.mkdir()
    photo = save_photo(shop.inbox / "bread.webp", picture((640, 480)))
    content = bytearray(photo.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xa5" * (len(content) // 2 - len(content) // 3)
    photo.write_bytes(content)

    summary = shop.run(SMALL)

    assert (summary.refused, summary.failed, summary.offered, summary.exit_code) == (1, 2, 0, 3)
    assert set(shop.states().values()) == {State.FAILED}
