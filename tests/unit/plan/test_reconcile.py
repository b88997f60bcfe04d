"""What looks at an account tell about a story in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from fakes.planning import NOW
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Look, Sighting
from pipeline.plan.reconcile import (
    SAME_PICTURE_BITS,
    AskPerson,
    Attempt,
    Live,
    LookAgain,
    NotLive,
    Verdict,
    candidates,
    verdict,
)

SETTLE = timedelta(minutes=15)
ATTEMPT = Attempt(frozenset({"1", "2"}), "photo", None, NOW, SETTLE, timedelta(hours=24))
OURS = Sighting("7", "photo", NOW, distance=3)
FOREIGN = Sighting("8", "photo", NOW, distance=30)
BLIND = Sighting("9", "photo", NOW)
KNOWN = Sighting("2", "photo", NOW, distance=0)
VIDEO = Sighting("6", "video", NOW, 5.0, 0)


def seen(minutes: float, *sightings: Sighting) -> Look:
    return Look(NOW + timedelta(minutes=minutes), sightings)


def test_one_story_with_our_picture_is_ours() -> None:
    assert verdict(ATTEMPT, [seen(15, OURS)]) == Live("7")
    assert verdict(ATTEMPT, [seen(15, FOREIGN, OURS, KNOWN, VIDEO)]) == Live("7")


def test_what_the_server_itself_says_of_a_delivery_counts() -> None:
    assert verdict(ATTEMPT, [Look(NOW, (), live_as="7")]) == Live("7")
    said = [replace(seen(minutes, FOREIGN), not_live=True) for minutes in (1, 14)]
    assert verdict(ATTEMPT, said) == LookAgain()
    assert verdict(ATTEMPT, [*said, replace(seen(15, FOREIGN), not_live=True)]) == NotLive()
    once_more = replace(ATTEMPT, again=True)
    assert verdict(once_more, [replace(seen(15), not_live=True)]) == NotLive()


def test_where_nothing_can_be_seen_a_person_is_asked() -> None:
    assert verdict(ATTEMPT, [replace(seen(1), blind="no list")]) == LookAgain()
    assert verdict(ATTEMPT, [replace(seen(15), blind="no list")]) == AskPerson("no list")


def test_nothing_counts_before_it_has_settled_by_the_servers_clock() -> None:
    assert verdict(ATTEMPT, []) == LookAgain()
    assert verdict(ATTEMPT, [seen(14.9, OURS)]) == LookAgain()
    assert verdict(ATTEMPT, [seen(1), seen(14)]) == LookAgain()
    assert verdict(ATTEMPT, [seen(1), seen(16)]) == LookAgain()


def test_two_looks_far_enough_apart_that_see_nothing_allow_one_more_attempt() -> None:
    assert verdict(ATTEMPT, [seen(15)]) == LookAgain()
    assert verdict(ATTEMPT, [seen(15), seen(29)]) == LookAgain()
    assert verdict(ATTEMPT, [seen(15), seen(30)]) == NotLive()
    assert verdict(ATTEMPT, [seen(15, KNOWN, VIDEO), seen(30, KNOWN)]) == NotLive()


def test_what_was_repeated_once_is_not_repeated_again() -> None:
    told = verdict(replace(ATTEMPT, again=True), [seen(15), seen(30)])
    assert isinstance(told, AskPerson)
    assert "twice" in told.reason


def test_a_servers_own_word_that_nothing_is_live_counts_at_once_but_not_for_ever() -> None:
    refused = replace(seen(15), not_live=True)
    assert verdict(ATTEMPT, [replace(seen(14), not_live=True)]) == LookAgain()
    assert verdict(replace(ATTEMPT, again=True), [refused]) == NotLive()
    told = verdict(replace(ATTEMPT, again=True, often=True), [refused])
    assert isinstance(told, AskPerson)


def test_what_a_server_is_still_at_work_on_is_never_taken_for_not_live() -> None:
    first, second = (replace(seen(minutes), pending=True) for minutes in (15, 30))
    assert verdict(ATTEMPT, [first]) == LookAgain()
    told = verdict(ATTEMPT, [first, second])
    assert isinstance(told, AskPerson)
    assert "still" in told.reason
    assert verdict(ATTEMPT, [first, replace(second, pending=False, live_as="8")]) == Live("8")


def test_what_is_live_but_perhaps_not_listed_yet_gets_its_name_later() -> None:
    early, first, second = (replace(seen(at), pending=True, live_as="draft:1") for at in (1, 15, 30))
    assert verdict(ATTEMPT, [early]) == verdict(ATTEMPT, [early, first]) == LookAgain()
    assert verdict(ATTEMPT, [first, second]) == Live("draft:1")
    assert verdict(ATTEMPT, [early, replace(second, pending=False, live_as="8")]) == Live("8")


@pytest.mark.parametrize(
    ("sightings", "words"),
    [
        ((FOREIGN,), "a story there might be it"),
        ((BLIND,), "a story there might be it"),
        ((OURS, BLIND), "several stories"),
        ((OURS, replace(OURS, external_id="10")), "several stories"),
        ((FOREIGN, replace(FOREIGN, external_id="10")), "several stories"),
    ],
)
def test_what_looking_cannot_tell_is_asked_after_two_looks(
    sightings: tuple[Sighting, ...], words: str
) -> None:
    assert verdict(ATTEMPT, [seen(15, *sightings)]) == LookAgain()
    told = verdict(ATTEMPT, [seen(15, *sightings), seen(30, *sightings)])
    assert isinstance(told, AskPerson)
    assert words in told.reason
    assert told.candidates == sightings


def test_a_picture_that_can_be_fetched_the_second_time_settles_it() -> None:
    assert verdict(ATTEMPT, [seen(15, BLIND), seen(20, replace(BLIND, distance=2))]) == Live("9")


def test_a_story_that_is_listed_late_is_found_by_the_second_look() -> None:
    assert verdict(ATTEMPT, [seen(15), seen(30, OURS)]) == Live("7")


def test_a_story_that_has_gone_again_is_asked_about() -> None:
    told = verdict(ATTEMPT, [seen(15, FOREIGN), seen(30)])
    assert isinstance(told, AskPerson)
    assert "gone again" in told.reason


def test_nobody_concludes_anything_from_a_list_that_it_would_have_left() -> None:
    told = verdict(ATTEMPT, [seen(24 * 60 + 1)])
    assert isinstance(told, AskPerson)
    assert "nobody looked" in told.reason
    assert isinstance(verdict(ATTEMPT, [seen(15), seen(25 * 60)]), AskPerson)


def test_a_video_is_told_by_its_length() -> None:
    attempt = replace(ATTEMPT, kind="video", duration_s=5.0)
    other = Sighting("5", "video", NOW, 6.5, 3)
    assert verdict(attempt, [seen(15, VIDEO, other)]) == Live("6")
    assert candidates(attempt, seen(15, other)) == ()
    assert candidates(attempt, seen(15, replace(other, duration_s=None)))


def test_without_the_servers_time_the_first_look_begins_the_wait() -> None:
    attempt = replace(ATTEMPT, server_at=None)
    assert verdict(attempt, [seen(15)]) == LookAgain()
    assert verdict(attempt, [seen(15), seen(30)]) == LookAgain()
    assert verdict(attempt, [seen(15), seen(30), seen(45)]) == NotLive()


def oracle(attempt: Attempt, looks: list[Look]) -> str:
    """The rules once more, in other words."""
    counted = [look for look in looks if look.seen_at - NOW >= SETTLE]
    if not counted:
        return "LookAgain"
    might = [
        [one for one in look.sightings if one.external_id not in attempt.known and one.kind == "photo"]
        for look in counted
    ]
    like = [one for one in might[-1] if one.distance is None or one.distance <= SAME_PICTURE_BITS]
    if len(like) == 1 and like[0].distance is not None:
        return "Live"
    if counted[-1].seen_at - counted[0].seen_at < SETTLE:
        return "LookAgain"
    return "NotLive" if not any(might) and not attempt.again else "AskPerson"


def test_every_combination_of_few_stories_and_two_looks_is_judged_by_the_rules() -> None:
    subsets = [
        [one for one, there in zip((OURS, FOREIGN, BLIND, KNOWN), chosen, strict=True) if there]
        for chosen in product((False, True), repeat=4)
    ]
    for first, second, again in product(subsets, subsets, (False, True)):
        attempt = replace(ATTEMPT, again=again)
        looks = [seen(15, *first), seen(30, *second)]
        assert type(verdict(attempt, looks)).__name__ == oracle(attempt, looks)


sightings = st.builds(
    Sighting,
    st.integers(1, 6).map(str),
    st.sampled_from(["photo", "video"]),
    st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 26)),  # noqa: DTZ001 - nobody reads it
    st.none() | st.floats(1, 20),
    st.none() | st.integers(0, 64),
)
looks = st.lists(
    st.tuples(st.floats(0, 23 * 60), st.lists(sightings, max_size=4, unique_by=lambda one: one.external_id)),
    max_size=5,
).map(lambda all_: [seen(minutes, *found) for minutes, found in sorted(all_, key=lambda one: one[0])])


@given(looks, st.booleans())
def test_no_look_ever_makes_it_another_story_or_repeats_it_twice(history: list[Look], again: bool) -> None:  # noqa: FBT001
    attempt = replace(ATTEMPT, again=again)
    told: Verdict = verdict(attempt, history)
    assert type(told).__name__ == oracle(attempt, history)
    match told:
        case Live(external_id):
            assert external_id not in attempt.known
            (found,) = [one for one in history[-1].sightings if one.external_id == external_id]
            assert found.kind == "photo"
            assert found.distance is not None
            assert found.distance <= SAME_PICTURE_BITS
        case NotLive():
            assert not again
            assert not any(candidates(attempt, look) for look in history if look.seen_at >= NOW + SETTLE)
        case AskPerson(_, found_there):
            assert found_there == candidates(attempt, history[-1])
