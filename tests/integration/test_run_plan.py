"""A plan tells what a run would do, and leaves no trace."""

from __future__ import annotations

from pathlib import Path

from fakes.shop import BOTH, Shop
from fakes.trees import tree_of

from pipeline.ledger.answers import Answer
from pipeline.model import Plan
from pipeline.run import answer


def names(plan: Plan) -> list[tuple[str, int]]:
    return [(story.asset.path.name, len(story.treatments)) for story in plan.stories]


def a_few(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2, (90, 160))
    (shop.inbox / "bad.jpg").write_bytes(b"no picture at all")
    shop.settings()


def test_a_plan_without_a_ledger_writes_nothing(shop: Shop) -> None:
    a_few(shop)
    before = tree_of(shop.root)
    plan = shop.plan()
    assert tree_of(shop.root) == before
    assert names(plan) == [("a.jpg", 2), ("b.jpg", 2)]
    assert [refusal.path.name for refusal in plan.refusals] == ["bad.jpg"]


def test_a_plan_beside_a_ledger_writes_nothing(shop: Shop) -> None:
    a_few(shop)
    shop.run()
    shop.picture("c.jpg", 3)
    before = tree_of(shop.root)
    assert names(shop.plan()) == [("c.jpg", 2)]
    assert tree_of(shop.root) == before


def test_a_plan_is_what_the_run_then_does(shop: Shop) -> None:
    a_few(shop)
    wanted = {
        (story.asset.path.name, treatment.destination)
        for story in shop.plan().stories
        for treatment in story.treatments
    }
    shop.run()
    assert {(name, destination) for name, destination, _ in shop.states()} == wanted
    assert shop.plan().stories == ()


def test_a_plan_tells_why_a_file_isn_t_sent_again(shop: Shop) -> None:
    a_few(shop)
    shop.run()
    photo = shop.inbox / "a.jpg"
    photo.touch()
    (idle,) = shop.plan().stories
    assert idle.treatments == ()
    assert idle.skip == "already delivered (instagram: offered, whatsapp: offered)"


def test_a_plan_shows_what_still_waits_for_its_time_without_looking_at_it_again(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\n")
    shop.run()
    (story,) = shop.plan().stories
    assert story.treatments[0].due_at
    assert story.treatments[0].due_at.isoformat() == "2026-11-24T18:00:00+00:00"


def test_a_plan_knows_what_is_to_be_sent_again(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    answer(shop.settings(), [Answer("skip", 1, shop.clock())])
    assert shop.plan().stories == ()
    answer(shop.settings(), [Answer("retry", 1, shop.clock())])
    assert names(shop.plan()) == [("a.jpg", 1)]


def test_a_plan_for_one_destination_shows_that_one(shop: Shop) -> None:
    a_few(shop)
    plan = shop.plan(only=frozenset({"instagram"}), limit=1)
    assert names(plan) == [("a.jpg", 1), ("b.jpg", 0)]
    assert plan.stories[0].treatments[0].destination == "instagram"
    assert plan.stories[1].skip == "left for a later run"


def test_a_plan_of_one_file_looks_at_nothing_else(shop: Shop) -> None:
    a_few(shop)
    assert names(shop.plan(paths=(Path(shop.inbox / "b.jpg"),))) == [("b.jpg", 2)]
