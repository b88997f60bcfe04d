"""A picture that went out and turns up in another file, or another one in its place, waits for a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.command import call
from fakes.media import Clip, ffmpeg, save_clip
from fakes.shop import BOTH, Shop

from pipeline.model import State
from pipeline.report.events import Asked

COMMENT = b"\xff\xfe\x00\x07hello"
OFFERED, PARKED, PLANNED, SKIPPED = State.OFFERED, State.PARKED, State.PLANNED, State.SKIPPED
LATER = "not_before: 2026-11-24 18:00\n"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def with_other_data(source: Path, target: Path) -> Path:
    """The same picture, as a program leaves it that has only changed what the file tells."""
    data = source.read_bytes()
    target.write_bytes(data[:2] + COMMENT + data[2:])
    return target


def asked(shop: Shop) -> list[Asked]:
    return [event for event in shop.events if isinstance(event, Asked)]


def named_in(question: Asked) -> str:
    """What the question says that one is to write behind `retry` and `skip`."""
    return question.reason.partition("Next: storyrelay retry ")[2].split()[0]


def answer(shop: Shop, *words: str) -> int:
    return call(shop, *words).code


def test_a_copy_with_other_data_is_asked_about_once_and_goes_out_only_when_told_to(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run()
    with_other_data(photo, shop.inbox / "b.jpg")
    summary = shop.run()
    assert (summary.exit_code, summary.offered, summary.needs_person) == (4, 0, 1)
    [question] = asked(shop)
    assert "b.jpg" in str(question.path)
    assert "it shows the same as a.jpg, which is offered there" in question.reason
    assert shop.run().exit_code == 0
    assert answer(shop, "retry", named_in(question)) == 0
    assert shop.run().offered == 1
    assert shop.states()[("b.jpg", "whatsapp", 1)] is OFFERED


def test_a_file_that_was_given_other_data_in_its_place_is_the_same_picture(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run()
    with_other_data(photo, photo)
    assert shop.run().offered == 0
    assert "it shows the same as before" in asked(shop)[0].reason
    assert answer(shop, "skip", named_in(asked(shop)[0])) == 0
    assert shop.run().exit_code == 0
    assert shop.media() == ["0001-a.jpg"]


def test_another_picture_under_a_name_that_went_out_is_asked_about(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.run()
    shop.picture("a.jpg", 2)
    assert (shop.run().exit_code, shop.run().exit_code) == (4, 0)
    assert sorted(row.state for row in shop.deliveries()) == [OFFERED, PARKED]
    assert answer(shop, "retry", "2") == 0
    assert shop.run().offered == 1


def test_a_name_that_is_used_a_third_time_asks_about_the_latest_picture_only(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.run()
    for colour in (2, 3):
        shop.picture("a.jpg", colour)
        assert shop.run().exit_code == 4
    assert sorted(row.state for row in shop.deliveries()) == [OFFERED, PARKED]
    shop.picture("a.jpg", 1)
    assert shop.run().exit_code == 0
    assert [row.state for row in shop.deliveries()] == [OFFERED]
    shop.picture("a.jpg", 2)
    assert shop.run().exit_code == 4


def test_what_hasnt_gone_out_is_replaced_without_a_question(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", LATER)
    shop.run()
    with_other_data(photo, photo)
    assert shop.run().exit_code == 0
    shop.picture("a.jpg", 2)
    assert shop.run().exit_code == 0
    assert [row.state for row in shop.deliveries()] == [PLANNED]
    shop.clock.advance(hours=24)
    assert shop.run().offered == 1


def test_a_copy_of_what_is_planned_is_asked_about(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", LATER)
    shop.run()
    with_other_data(photo, shop.inbox / "b.jpg")
    assert shop.run().exit_code == 4
    assert "a.jpg, which is planned there" in asked(shop)[0].reason


def test_each_destination_is_asked_about_by_what_it_got_itself(tmp_path: Path) -> None:
    shop = Shop(tmp_path, BOTH)
    photo = shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", "destinations: [whatsapp]\n")
    shop.run()
    with_other_data(photo, shop.inbox / "b.jpg")
    assert shop.run().offered == 1
    assert [question.destinations for question in asked(shop)] == [("whatsapp",)]
    assert shop.states()[("b.jpg", "instagram", 1)] is OFFERED


def test_one_question_stands_for_all_destinations(tmp_path: Path) -> None:
    shop = Shop(tmp_path, BOTH)
    photo = shop.picture("a.jpg", 1)
    shop.run()
    with_other_data(photo, shop.inbox / "b.jpg")
    shop.run()
    assert [question.destinations for question in asked(shop)] == [("whatsapp", "instagram")]


@pytest.mark.parametrize(("key", "other"), [("same_picture", "same_name"), ("same_name", "same_picture")])
def test_what_repeats_can_be_sent_or_skipped_without_asking(shop: Shop, key: str, other: str) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run()
    target = shop.inbox / "b.jpg" if key == "same_picture" else photo
    for colour, (again, offered, code) in enumerate([("skip", 0, 0), ("send", 1, 0), ("ask", 0, 4)], 2):
        if key == "same_picture":
            with_other_data(shop.inbox / "b.jpg" if target.exists() else photo, target)
        else:
            shop.picture("a.jpg", colour)
        summary = shop.run(f"{key}={again}", f"{other}=send")
        assert (again, summary.offered, summary.exit_code) == (again, offered, code)
    skipped = [row for row in shop.deliveries() if row.state is SKIPPED]
    assert [f"({key}: skip)" in str(row.reason) for row in skipped] == [True]


def test_a_file_that_is_named_goes_out_whatever_went_before(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run()
    other = with_other_data(photo, shop.inbox / "b.jpg")
    assert shop.run(paths=(other,)).offered == 1


def test_what_was_adopted_isnt_sent_either_when_only_its_data_have_changed(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run(adopt_before_s=float("inf"))
    with_other_data(photo, photo)
    assert shop.run().exit_code == 4
    assert "it shows the same as before, which was adopted as seen" in asked(shop)[0].reason
    shop.picture("a.jpg", 2)
    assert shop.run().exit_code == 4


def test_a_plan_asks_too_and_leaves_the_question_open(shop: Shop) -> None:
    photo = shop.picture("a.jpg", 1)
    shop.run()
    with_other_data(photo, shop.inbox / "b.jpg")
    for _ in range(2):
        plan = shop.plan()
        assert [story.skip for story in plan.stories] == ["waits for your word"]
        assert ["shows the same as a.jpg" in refusal.reason for refusal in plan.refusals] == [True]
    assert shop.run().exit_code == 4


def test_a_video_in_another_container_is_asked_about_with_all_its_parts_at_once(shop: Shop) -> None:
    shop.inbox.mkdir(parents=True)
    film = save_clip(shop.inbox / "a.mp4", Clip(seconds=4, sound=False))
    short = "platforms.whatsapp_status.video.max_seconds=2"
    shop.run(short)
    ffmpeg("-i", film, "-c", "copy", "-metadata", "title=Harbour", shop.inbox / "b.mov")
    assert shop.run(short).needs_person == 2
    assert len(asked(shop)) == 1
    assert answer(shop, "retry", named_in(asked(shop)[0])) == 0
    assert shop.run(short).offered == 2
