"""Which of one's own live stories may be pulled, by what is known of them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.planning import NOW

from pipeline.plan.own_stories import LIFETIME, SLACK, TOO_LATE, Found, Unsettled, why_left

STORY = Found("37", "photo", NOW, NOW + LIFETIME)
DOUBT = Unsettled(12, "photo", NOW - timedelta(minutes=1), frozenset({"36"}))


def test_a_photo_with_time_left_may_be_pulled() -> None:
    assert why_left(STORY, (), NOW) is None


def test_what_ends_soon_stays() -> None:
    assert why_left(STORY, (), STORY.ends_at - TOO_LATE) is None
    assert why_left(STORY, (), STORY.ends_at - TOO_LATE + timedelta(seconds=1)) is not None


def test_what_only_close_friends_see_stays() -> None:
    assert "close friends" in str(why_left(replace(STORY, close_friends=True), (), NOW))


def test_what_may_be_a_delivery_in_doubt_stays_and_names_it() -> None:
    assert "storyrelay show 12" in str(why_left(STORY, (DOUBT,), NOW))


@pytest.mark.parametrize(
    "doubt",
    [
        replace(DOUBT, kind="video"),
        replace(DOUBT, others=frozenset({"37"})),
        replace(DOUBT, since=NOW + SLACK + timedelta(seconds=1)),
    ],
    ids=["another kind", "there before", "taken before"],
)
def test_what_is_surely_another_story_may_be_pulled(doubt: Unsettled) -> None:
    assert why_left(STORY, (doubt,), NOW) is None


def test_a_doubt_of_which_nothing_is_known_holds_back_everything() -> None:
    assert why_left(STORY, (Unsettled(9, None, None, frozenset()),), NOW) is not None
