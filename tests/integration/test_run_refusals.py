"""What one destination can't take goes to the others, and is told once."""

from __future__ import annotations

import pytest
from fakes.command import call
from fakes.media import Clip, save_clip
from fakes.shop import BOTH, Shop

from pipeline.ledger import snapshot
from pipeline.model import State
from pipeline.report.events import Refused

SMALL = "platforms.{0}.canvas={{width: 270, height: 480}}"
BOTH_SMALL = (SMALL.format("whatsapp_status"), SMALL.format("instagram_story"))
TINY = ("platforms.whatsapp_status.video.max_bytes=200000", *BOTH_SMALL)


@pytest.fixture
def clip_shop(shop: Shop) -> Shop:
    """A clip whose sound alone would fill what is allowed to one of two platforms."""
    shop.destinations = BOTH
    shop.inbox.mkdir(parents=True)
    save_clip(shop.inbox / "a.mp4", Clip(seconds=14, fps=25))
    return shop


@pytest.fixture
def waiting_shop(clip_shop: Shop) -> Shop:
    """The same, to be sent tomorrow: nothing is rendered meanwhile."""
    clip_shop.sidecar("a.mp4.yaml", "not_before: 2026-11-24 18:00\n")
    return clip_shop


def problems(shop: Shop) -> list[str]:
    with snapshot(shop.state, shop.clock) as ledger:
        return [problem.reason for problem in ledger.problems()]


def test_a_budget_that_one_destination_lacks_is_told_once_and_the_other_gets_it(clip_shop: Shop) -> None:
    first = clip_shop.run(*TINY)
    assert (first.refused, first.offered, first.exit_code) == (1, 1, 3)
    (told,) = [event for event in clip_shop.events if isinstance(event, Refused)]
    assert (told.path, told.destination) == (clip_shop.inbox / "a.mp4", "whatsapp")
    assert "platforms.whatsapp_status.video.max_seconds" in told.reason
    assert clip_shop.states() == {("a.mp4", "instagram", 1): State.OFFERED}
    second = clip_shop.run(*TINY)
    assert (second.refused, second.offered, second.exit_code) == (0, 0, 0)
    assert problems(clip_shop) == [told.reason]


def test_a_plan_names_the_destination_that_gets_nothing(clip_shop: Shop) -> None:
    plan = clip_shop.plan(*TINY)
    assert [treatment.destination for treatment in plan.stories[0].treatments] == ["instagram"]
    assert [refusal.destination for refusal in plan.refusals] == ["whatsapp"]


def test_after_a_retry_with_another_limit_the_refused_destination_gets_it_too(waiting_shop: Shop) -> None:
    assert waiting_shop.run(*TINY).planned == 1
    said = call(waiting_shop, "retry", waiting_shop.inbox / "a.mp4")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("a.mp4: looked at again by the next run")
    again = waiting_shop.run(*BOTH_SMALL)
    assert (again.refused, again.planned, again.exit_code) == (0, 2, 0)
    assert problems(waiting_shop) == []


def test_show_and_status_say_what_is_missing(waiting_shop: Shop) -> None:
    waiting_shop.run(*TINY)
    shown = call(waiting_shop, "show", "a.mp4").out
    assert "refused: not to whatsapp:" in shown
    assert f"retry {waiting_shop.inbox / 'a.mp4'}" in shown
    assert call(waiting_shop, "show", "a.mp4", "--json").json()["problem"].startswith("not to whatsapp:")
    assert "not to whatsapp:" in call(waiting_shop, "status").out


def test_what_was_planned_where_it_does_not_fit_any_longer_is_dropped(waiting_shop: Shop) -> None:
    assert waiting_shop.run(*BOTH_SMALL).planned == 2
    waiting_shop.sidecar("a.mp4.yaml", "not_before: 2026-11-24 19:00\n")
    assert waiting_shop.run(*TINY).planned == 1
    assert set(waiting_shop.states()) == {("a.mp4", "instagram", 1)}
