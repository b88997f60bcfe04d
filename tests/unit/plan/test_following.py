"""What is published after the person has sent it, and what their other words mean for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.stories import INBOX, recipe, sha

from pipeline.model import Delivery, State, Texts
from pipeline.plan.following import GiveUp, Go, Wait, verdict

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAID = NOW - HOUR


def delivery(number: int, destination: str, part: int = 1, parts: int = 1, **changes: Any) -> Delivery:
    plain: dict[str, Any] = {"state": State.PLANNED, "since": SAID} | changes
    return Delivery(
        id=number,
        asset=sha("beach"),
        path=INBOX / "beach.mp4",
        destination=destination,
        part=part,
        parts=parts,
        recipe=recipe(parts),
        texts=Texts(),
        lifetime_hours=24.0,
        **plain,
    )


OWN = delivery(9, "instagram")


def sent(state: State, part: int = 1, parts: int = 1, **changes: Any) -> Delivery:
    return delivery(part, "whatsapp", part, parts, state=state, **changes)


def test_a_story_that_nobody_sends_by_hand_goes_at_once() -> None:
    assert verdict(OWN, [], NOW) == Go()


@pytest.mark.parametrize("state", [State.PLANNED, State.ARMED, State.OFFERED, State.OPENED, State.SHARED])
def test_a_story_waits_for_the_persons_word(state: State) -> None:
    assert verdict(OWN, [sent(state)], NOW) == Wait("follows once you have confirmed it at whatsapp")


def test_a_confirmed_story_is_followed() -> None:
    assert verdict(OWN, [sent(State.CONFIRMED)], NOW) == Go()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.SKIPPED, "you skipped it at whatsapp"),
        (State.EXPIRED, "you didn't confirm it at whatsapp in time"),
        (State.FAILED, "it couldn't go to whatsapp"),
    ],
)
def test_what_the_person_did_not_send_is_not_published_either(state: State, why: str) -> None:
    reason = f"{why}, so it isn't published"
    ended = [sent(state)]
    assert verdict(OWN, ended, NOW) == Wait(reason, ended=True)
    assert verdict(OWN, ended, SAID + 24 * HOUR) == GiveUp(reason)


def test_what_is_not_to_go_there_any_more_holds_nothing_back() -> None:
    dropped = sent(State.SKIPPED, reason="no longer wanted by its sidecar")
    assert verdict(OWN, [dropped], NOW) == Go()


def test_who_insists_after_a_skip_is_heard_but_still_has_to_send_what_is_open() -> None:
    insisted_at = SAID + HOUR / 2
    assert verdict(OWN, [sent(State.SKIPPED)], NOW, insisted_at) == Go()
    assert isinstance(verdict(OWN, [sent(State.SKIPPED)], NOW, SAID - HOUR), Wait)
    assert isinstance(verdict(OWN, [sent(State.OFFERED)], NOW, insisted_at), Wait)


def test_each_part_follows_its_own_when_both_are_cut_alike() -> None:
    parts = [sent(State.CONFIRMED, 1, 2), sent(State.OFFERED, 2, 2)]
    assert verdict(delivery(8, "instagram", 1, 2), parts, NOW) == Go()
    assert isinstance(verdict(delivery(9, "instagram", 2, 2), parts, NOW), Wait)


def test_a_story_that_is_cut_otherwise_follows_all_parts() -> None:
    parts = [sent(State.CONFIRMED, 1, 2), sent(State.OFFERED, 2, 2)]
    assert isinstance(verdict(OWN, parts, NOW), Wait)
    assert verdict(OWN, [replace(part, state=State.CONFIRMED) for part in parts], NOW) == Go()
