"""What the person says: confirm, skip, retry."""

from __future__ import annotations

import pytest
from fakes.command import Here
from fakes.shop import BOTH, Shop

from pipeline.ledger import Move, exclusive, open_ledger
from pipeline.model import State


@pytest.fixture
def two_offers(shop: Shop) -> Shop:
    """Two stories that wait for the person's Send."""
    shop.picture("bread.jpg", 1)
    shop.picture("cake.jpg", 2)
    shop.run()
    return shop


def put_in_doubt(shop: Shop) -> None:
    """What a run leaves that ended between the act and a server's answer."""
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "not_before: 2099-01-01")
    shop.run()
    with exclusive(shop.state), open_ledger(shop.state, shop.clock) as ledger:
        for state in (State.ARMED, State.UNKNOWN):
            (delivery,) = ledger.find("bread.jpg")
            ledger.move(delivery, Move(state, str(state)))


def test_a_confirmed_story_leaves_the_outbox(two_offers: Shop, here: Here) -> None:
    said = here("confirm", "1")
    assert (said.code, said.out) == (0, "confirmed  whatsapp   bread.jpg\n")
    assert two_offers.media() == ["0002-cake.jpg"]


def test_confirming_twice_is_the_same_as_once(two_offers: Shop, here: Here) -> None:
    assert here("confirm", "1").code == 0
    assert here("confirm", "1").code == 0
    assert two_offers.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED


def test_a_file_name_means_all_of_its_deliveries(shop: Shop, here: Here) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    shop.run()
    assert here("confirm", "bread.jpg").out.splitlines() == [
        "confirmed  whatsapp   bread.jpg",
        "confirmed  instagram  bread.jpg",
    ]


def test_a_file_name_means_only_those_the_word_can_be_said_of(shop: Shop, here: Here) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    shop.run()
    here("confirm", "1")
    said = here("skip", "bread.jpg")
    assert (said.code, said.out) == (0, "skipped    instagram  bread.jpg\n")


def test_the_start_of_a_hash_is_a_name(two_offers: Shop, here: Here) -> None:
    sha256 = two_offers.deliveries()[1].asset
    assert here("skip", sha256[:10]).out == "skipped    whatsapp   cake.jpg\n"


def test_a_name_that_leads_nowhere_stops_everything(two_offers: Shop, here: Here) -> None:
    said = here("confirm", "1", "77", "pie.jpg")
    assert said.code == 2
    assert "77: no story" in said.err
    assert "pie.jpg: no story" in said.err
    assert "storyrelay status" in said.err
    assert two_offers.states()["bread.jpg", "whatsapp", 1] is State.OFFERED


def test_a_name_of_two_stories_is_not_guessed_at(shop: Shop, here: Here) -> None:
    shop.picture("monday/bread.jpg", 1)
    shop.picture("tuesday/bread.jpg", 2)
    shop.run()
    said = here("confirm", "bread.jpg")
    assert said.code == 2
    assert "monday/bread.jpg" in said.err
    assert "tuesday/bread.jpg" in said.err


def test_what_cannot_be_said_is_told_with_its_reason(two_offers: Shop, here: Here) -> None:
    here("skip", "1")
    said = here("confirm", "1")
    assert said.code == 3
    assert "delivery 1 (bread.jpg to whatsapp) is skipped" in said.err
    assert said.out == ""


def test_without_a_name_nothing_is_meant(two_offers: Shop, here: Here) -> None:
    said = here("confirm")
    assert said.code == 2
    assert "Name at least one ID" in said.err


def test_confirm_all_needs_a_yes_when_nobody_can_be_asked(two_offers: Shop, here: Here) -> None:
    assert here("confirm", "--all").code == 2
    said = here("confirm", "--all", "--yes")
    assert (said.code, len(said.out.splitlines())) == (0, 2)
    assert two_offers.media() == []


def test_confirm_all_with_nothing_to_confirm_says_so(shop: Shop, here: Here) -> None:
    said = here("confirm", "--all", "--yes")
    assert said.code == 0
    assert "nothing waits" in said.err


def test_confirm_takes_names_or_all_but_not_both(two_offers: Shop, here: Here) -> None:
    assert here("confirm", "1", "--all", "--yes").code == 2


def test_a_retried_story_is_offered_by_the_next_run(two_offers: Shop, here: Here) -> None:
    here("skip", "1")
    said = here("retry", "1")
    assert (said.code, said.out) == (0, "planned    whatsapp   bread.jpg\n")
    assert "storyrelay run" in said.err
    assert two_offers.run().offered == 1


def test_what_may_be_live_is_not_repeated_blindly(shop: Shop, here: Here) -> None:
    put_in_doubt(shop)
    said = here("retry", "1")
    assert said.code == 4
    assert "--it-is-not-live" in said.err
    assert shop.states()["bread.jpg", "whatsapp", 1] is State.UNKNOWN


def test_what_a_person_looked_for_and_did_not_find_is_repeated(shop: Shop, here: Here) -> None:
    put_in_doubt(shop)
    assert here("retry", "1", "--it-is-not-live").code == 0
    assert shop.states()["bread.jpg", "whatsapp", 1] is State.PLANNED


def test_a_refused_file_is_looked_at_again(shop: Shop, here: Here) -> None:
    shop.inbox.mkdir()
    (shop.inbox / "bread.jpg").write_text("no picture")
    assert shop.run().refused == 1
    assert shop.run().refused == 0
    said = here("retry", "inbox/bread.jpg")
    assert said.code == 0
    assert "looked at again" in said.out
    assert shop.run().refused == 1


def test_an_answer_during_a_run_waits_for_it(two_offers: Shop, here: Here) -> None:
    with exclusive(two_offers.state):
        said = here("confirm", "1")
    assert said.code == 0
    assert "a run is under way" in said.out
    assert two_offers.states()["bread.jpg", "whatsapp", 1] is State.OFFERED
    two_offers.run()
    assert two_offers.states()["bread.jpg", "whatsapp", 1] is State.CONFIRMED
