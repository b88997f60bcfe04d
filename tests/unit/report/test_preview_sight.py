"""What is told of a rendition in a preview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.sights import screen_of, sight_of

from pipeline.model import SafeArea, Sticker
from pipeline.report.preview import joined
from pipeline.report.preview.sight import common_safe_area, instants_s, shots_in, sights_in_words


def test_a_video_is_looked_at_from_its_first_frame_to_its_last() -> None:
    assert instants_s(8.0) == (0.0, 2.0, 4.0, 6.0, 8.0)


@pytest.mark.parametrize("duration_s", [None, 0.0])
def test_a_photo_is_looked_at_once_and_at_no_time(duration_s: float | None) -> None:
    assert instants_s(duration_s) == ()
    assert shots_in(duration_s or 0.0) == 1


def test_what_is_safe_for_two_apps_is_what_both_leave_free() -> None:
    tall, wide = SafeArea(0.0, 0.1, 0.2, 0.05), SafeArea(0.06, 0.0, 0.1, 0.3)
    assert common_safe_area([tall, wide]) == SafeArea(0.06, 0.1, 0.2, 0.3)


def test_the_part_is_told_where_there_are_several() -> None:
    assert sight_of(part=2, parts=3, duration_s=43.0).measures == "part 2 of 3, 43 s, 4.1 MB"
    assert sight_of(part=1, parts=1, duration_s=None).measures == "4.1 MB"


def test_the_fit_is_told_where_something_was_placed() -> None:
    assert sight_of(fit="cover").done == "transcoded, cover"
    assert sight_of(fit=None, action="passthrough").done == "as it is"


def test_parts_of_one_story_count_as_one_story() -> None:
    assert sights_in_words([sight_of(part=1), sight_of(part=2)]) == "1 story, 2 renditions"


TAP = Sticker("hashtag", "bread", 0.5, 0.5, 0.2, 0.05)


def test_destinations_share_a_screen_only_where_app_and_words_are_the_same() -> None:
    mine, yours = screen_of(caption="Hi"), replace(screen_of(caption="Hi"), destinations=("business",))
    other, instagram = screen_of(caption="Ho"), screen_of("instagram_story", caption="Hi")
    screens = joined(joined(joined(joined((), mine), other), instagram), yours)
    assert [screen.destinations for screen in screens] == [
        ("whatsapp", "business"),
        ("whatsapp",),
        ("instagram",),
    ]


def test_what_goes_with_a_story_is_told_for_each_app_where_they_differ() -> None:
    whatsapp = screen_of(caption="Hi")
    instagram = screen_of("instagram_story", stickers=(TAP,), close_friends=True)
    assert sight_of(screens=(screen_of(),)).gets == "no words"
    assert sight_of(screens=(whatsapp, whatsapp)).gets == "caption"
    told = sight_of(screens=(whatsapp, instagram)).gets
    assert told == "whatsapp: caption; instagram: 1 sticker, close friends only"
