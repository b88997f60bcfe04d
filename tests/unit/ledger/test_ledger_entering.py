"""Files and decisions that enter the ledger, and what they do to those that are there already."""

from __future__ import annotations

import os
from datetime import timedelta, timezone
from pathlib import Path

from fakes.clock import FakeClock
from fakes.planning import NOW
from fakes.stories import INBOX, PRINT, recipe, sha, story, treatment

from pipeline.ledger import Ledger, Move
from pipeline.model import Delivery, State, Texts


def states(ledger: Ledger, content: str = "beach") -> dict[tuple[str, int], State]:
    return {(row.destination, row.part): row.state for row in ledger.deliveries_of(sha(content))}


def offer(ledger: Ledger, delivery: Delivery) -> None:
    assert ledger.move(delivery, Move(State.ARMED, "armed"))
    armed = ledger.delivery(delivery.id)
    assert armed
    assert ledger.move(armed, Move(State.OFFERED, "offered", expires_at=NOW + timedelta(hours=24)))


def test_a_story_becomes_one_planned_delivery_for_each_part_and_destination(ledger: Ledger) -> None:
    ledger.enter(story(treatment("whatsapp", 2), treatment("instagram")), PRINT)
    assert states(ledger) == {
        ("whatsapp", 1): State.PLANNED,
        ("whatsapp", 2): State.PLANNED,
        ("instagram", 1): State.PLANNED,
    }


def test_a_delivery_comes_back_as_it_went_in(ledger: Ledger, clock: FakeClock) -> None:
    texts = Texts("Brötchen 🥐", "https://example.org", ("@baker",), ("#bread",))
    due, end = clock() + timedelta(hours=1), clock() + timedelta(hours=2)
    sent = treatment("whatsapp", 2, texts=texts, due_at=due, not_after=end, lifetime_hours=12)
    ledger.enter(story(sent), PRINT)
    first, _ = ledger.deliveries_of(sha("beach"))
    assert first == Delivery(
        id=first.id,
        asset=sha("beach"),
        path=INBOX / "beach.jpg",
        destination="whatsapp",
        part=1,
        parts=2,
        state=State.PLANNED,
        recipe=sent.recipe,
        texts=texts,
        since=clock(),
        lifetime_hours=12,
        due_at=due,
        not_after=end,
    )


def test_the_asset_comes_back_as_it_went_in(ledger: Ledger) -> None:
    bread = story(treatment())
    ledger.enter(bread, PRINT)
    assert ledger.asset(sha("beach")) == bread.asset
    assert ledger.asset(sha("something else")) is None


def test_every_file_is_known_by_its_fingerprint(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), b"first")
    ledger.enter_problem(INBOX / "bad.jpg", b"second", "it is damaged")
    ledger.enter_copy(INBOX / "copy.jpg", b"third", sha("beach"))
    assert ledger.known_files() == {
        os.fsencode(INBOX / "beach.jpg"): b"first",
        os.fsencode(INBOX / "bad.jpg"): b"second",
        os.fsencode(INBOX / "copy.jpg"): b"third",
    }


def test_a_name_that_is_not_utf_8_is_kept_as_it_is(ledger: Ledger) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    ledger.enter(story(treatment(), path=name), PRINT)
    assert ledger.deliveries_of(sha("beach"))[0].path == INBOX / name
    asset = ledger.asset(sha("beach"))
    assert asset
    assert os.fsencode(asset.path) == b"/stories/inbox/caf\xe9.jpg"


def test_a_problem_may_name_a_file_that_is_not_utf_8(ledger: Ledger) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    ledger.enter_problem(INBOX / name, PRINT, f"{name} is empty")
    assert [refusal.path for refusal in ledger.problems()] == [INBOX / name]
    assert "is empty" in ledger.problems()[0].reason


def test_a_reason_may_name_a_file_that_is_not_utf_8(ledger: Ledger) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    ledger.enter(story(treatment(), path=name), PRINT)
    delivery = ledger.deliveries_of(sha("beach"))[0]
    ledger.note(delivery, "held", f"{name} is gone")
    ledger.move(delivery, Move(State.FAILED, "failed", f"{name} is gone", detail={"file": name}))
    assert "is gone" in (ledger.deliveries_of(sha("beach"))[0].reason or "")


def test_a_new_decision_replaces_what_is_still_planned(ledger: Ledger, clock: FakeClock) -> None:
    ledger.enter(story(treatment(texts=Texts("old"))), b"before")
    late = clock() + timedelta(hours=3)
    new = treatment(recipe=recipe(quality=70), texts=Texts("new"), due_at=late)
    ledger.enter(story(new), b"after")
    (delivery,) = ledger.deliveries_of(sha("beach"))
    assert (delivery.texts.caption, delivery.recipe.quality, delivery.due_at) == ("new", 70, late)


def test_what_was_offered_keeps_the_recipe_it_began_with(ledger: Ledger) -> None:
    ledger.enter(story(treatment("whatsapp", 2, texts=Texts("old"))), b"before")
    offer(ledger, ledger.deliveries_of(sha("beach"))[0])
    ledger.enter(story(treatment("whatsapp", 3, texts=Texts("new"))), b"after")
    deliveries = ledger.deliveries_of(sha("beach"))
    assert [(row.parts, row.texts.caption) for row in deliveries] == [(2, "old"), (2, "old")]


def test_a_shorter_story_loses_its_last_parts(ledger: Ledger) -> None:
    ledger.enter(story(treatment("whatsapp", 3)), b"before")
    ledger.enter(story(treatment("whatsapp", 2)), b"after")
    assert [(row.part, row.parts) for row in ledger.deliveries_of(sha("beach"))] == [(1, 2), (2, 2)]


def test_a_destination_no_longer_wanted_is_given_up_and_can_be_wanted_again(ledger: Ledger) -> None:
    ledger.enter(story(treatment("whatsapp"), treatment("instagram")), b"1")
    ledger.enter(story(treatment("whatsapp")), b"2")
    assert states(ledger) == {("whatsapp", 1): State.PLANNED}
    ledger.enter(story(treatment("whatsapp"), treatment("instagram")), b"3")
    assert states(ledger) == {("whatsapp", 1): State.PLANNED, ("instagram", 1): State.PLANNED}


def test_a_story_to_skip_gives_up_what_is_planned_but_not_what_was_offered(ledger: Ledger) -> None:
    ledger.enter(story(treatment("whatsapp", 2), treatment("instagram")), b"1")
    offer(ledger, ledger.deliveries_of(sha("beach"))[1])
    ledger.enter(story(skip="its sidecar says skip"), b"2")
    assert states(ledger) == {("whatsapp", 1): State.OFFERED, ("whatsapp", 2): State.SKIPPED}
    assert ledger.deliveries_of(sha("beach"))[1].reason == "its sidecar says skip"


def test_a_decision_given_up_leaves_its_history(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), b"1")
    number = ledger.deliveries_of(sha("beach"))[0].id
    ledger.enter(story(skip="its sidecar says skip"), b"2")
    assert [event.event for event in ledger.events_of(number)] == ["planned", "dropped"]


def test_a_number_is_never_given_twice(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), b"1")
    first = ledger.deliveries_of(sha("beach"))[0].id
    ledger.enter(story(skip="its sidecar says skip"), b"2")
    ledger.enter(story(treatment()), b"3")
    assert ledger.deliveries_of(sha("beach"))[0].id > first


def test_a_file_that_became_a_problem_gives_up_what_was_planned_of_it(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), b"1")
    ledger.enter_problem(INBOX / "beach.jpg", b"2", "its sidecar has mistakes")
    assert states(ledger) == {}
    ledger.enter(story(treatment()), b"3")
    assert states(ledger) == {("whatsapp", 1): State.PLANNED}
    assert ledger.problems() == []


def test_a_refused_file_can_be_looked_at_again(ledger: Ledger) -> None:
    ledger.enter_problem(INBOX / "bad.jpg", PRINT, "it is damaged")
    ledger.enter(story(treatment()), PRINT)
    assert ledger.forget_file(INBOX / "bad.jpg")
    assert not ledger.forget_file(INBOX / "bad.jpg")
    assert not ledger.forget_file(INBOX / "beach.jpg")
    assert list(ledger.known_files()) == [os.fsencode(INBOX / "beach.jpg")]


def test_a_moved_file_keeps_its_story(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), PRINT)
    offer(ledger, ledger.deliveries_of(sha("beach"))[0])
    ledger.enter(story(treatment(), path="sub/sand.jpg"), PRINT)
    assert ledger.home_of(sha("beach")) == INBOX / "sub/sand.jpg"
    assert states(ledger) == {("whatsapp", 1): State.OFFERED}


def test_new_content_under_an_old_name_gives_up_what_was_planned_of_the_old(ledger: Ledger) -> None:
    ledger.enter(story(treatment(due_at=NOW + timedelta(days=1)), content="old"), b"1")
    ledger.enter(story(treatment(), content="new"), b"2")
    assert states(ledger, "old") == {}
    assert states(ledger, "new") == {("whatsapp", 1): State.PLANNED}


def test_content_that_lies_elsewhere_too_stays_planned_when_its_name_gets_new_content(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), content="old"), b"1")
    ledger.enter_copy(INBOX / "copy.jpg", b"2", sha("old"))
    ledger.enter(story(treatment(), content="new"), b"3")
    (delivery,) = ledger.deliveries_of(sha("old"))
    asset = ledger.asset(sha("old"))
    assert delivery.path == INBOX / "copy.jpg"
    assert asset
    assert asset.path == INBOX / "copy.jpg"


def test_content_replaced_under_its_name_has_no_home_any_more(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), content="old"), b"1")
    ledger.enter(story(treatment(), content="new"), b"2")
    assert ledger.home_of(sha("old")) is None


def test_a_time_with_an_offset_is_compared_as_a_moment(ledger: Ledger, clock: FakeClock) -> None:
    eastern = (clock() + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-5)))
    ledger.enter(story(treatment(due_at=eastern)), PRINT)
    assert ledger.due(clock()) == []
    assert len(ledger.due(clock.advance(hours=1))) == 1


def test_a_path_inside_a_folder_of_the_same_name_is_another_file(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), path="a/beach.jpg", content="one"), PRINT)
    ledger.enter(story(treatment(), path="b/beach.jpg", content="two"), PRINT)
    assert [row.path for row in ledger.find("beach.jpg")] == [INBOX / "a/beach.jpg", INBOX / "b/beach.jpg"]
    assert [row.path for row in ledger.find(str(INBOX / "b/beach.jpg"))] == [Path(INBOX / "b/beach.jpg")]


def test_a_copy_that_gets_other_content_leaves_the_story_as_it_is(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), content="old"), b"1")
    ledger.enter_copy(INBOX / "copy.jpg", b"2", sha("old"))
    ledger.enter(story(treatment(), path="copy.jpg", content="new"), b"3")
    assert states(ledger, "old") == {("whatsapp", 1): State.PLANNED}
    assert ledger.home_of(sha("old")) == INBOX / "beach.jpg"


def test_a_file_overwritten_by_a_copy_of_another_gives_up_its_own_story(ledger: Ledger) -> None:
    ledger.enter(story(treatment(), path="a.jpg", content="a"), b"1")
    ledger.enter(story(treatment(), path="b.jpg", content="b"), b"2")
    ledger.enter_copy(INBOX / "a.jpg", b"3", sha("b"))
    assert states(ledger, "a") == {}
    assert states(ledger, "b") == {("whatsapp", 1): State.PLANNED}


def test_known_folders_are_forgotten_with_any_file(ledger: Ledger) -> None:
    ledger.enter(story(treatment()), PRINT)
    ledger.enter_folders({b"/inbox": (b"digest", 1, 0)})
    assert ledger.known_folders() == {b"/inbox": (b"digest", 1, 0)}
    (delivery,) = ledger.open_deliveries()

    ledger.forget_home(delivery.asset)

    assert ledger.known_folders() == {}


def test_what_is_known_of_one_folder_is_what_lies_below_it(ledger: Ledger) -> None:
    for path in ("a.jpg", "sub/b.jpg", "sub-way/c.jpg", "sub0"):
        ledger.enter(story(treatment(), path=path, content=path), PRINT)

    assert list(ledger.known_files(os.fsencode(INBOX / "sub"))) == [os.fsencode(INBOX / "sub/b.jpg")]
    assert len(ledger.known_files(b"/")) == len(ledger.known_files()) == 4
