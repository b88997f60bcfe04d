"""Sidecars, times and answers: what the person says, and when, decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes.shop import BOTH, Shop

from pipeline.ledger import exclusive
from pipeline.ledger.answers import Answer, Verb
from pipeline.model import Delivery, State
from pipeline.run import answer, look_again


def said(shop: Shop, verb: Verb, number: int) -> Answer:
    return Answer(verb, number, shop.clock.advance(seconds=1))


def caption(shop: Shop) -> str:
    return (shop.outbox / "whatsapp" / "0001-a.txt").read_text()


def test_words_that_come_before_the_time_are_used(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "caption: old\nnot_before: 2026-11-24 18:00\n")
    assert shop.run().planned == 1
    shop.sidecar("a.jpg.yaml", "caption: new words\nnot_before: 2026-11-24 18:00\n")
    shop.run()
    shop.clock.advance(hours=24)
    shop.run()
    assert caption(shop) == "new words\n"


def test_words_that_come_too_late_change_nothing(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.txt", "old")
    shop.run()
    shop.sidecar("a.txt", "new words")
    assert shop.run().offered == 0
    assert caption(shop) == "old\n"


def test_a_story_waits_for_its_time_and_then_goes_out(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-23 20:00\n")
    early = shop.run()
    assert (early.offered, early.planned) == (0, 1)
    assert early.next_due_at
    assert early.next_due_at.isoformat() == "2026-11-23T20:00:00+00:00"
    shop.clock.advance(hours=1)
    assert shop.run().offered == 0
    shop.clock.advance(hours=1)
    assert shop.run().offered == 1


def test_a_story_whose_time_is_over_never_goes_out(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "not_before: 2026-11-24 18:00\nnot_after: 2026-11-24 19:00\n")
    shop.run()
    shop.clock.advance(hours=26)
    summary = shop.run()
    assert (summary.offered, summary.expired) == (0, 1)
    assert shop.media() == []


def test_nothing_goes_out_in_quiet_hours_whenever_it_was_planned(shop: Shop) -> None:
    quiet = "schedule.quiet_hours=19:00-07:00"
    shop.picture("a.jpg")
    (shop.root / "outbox").touch()
    assert shop.run(quiet).offered == 0
    (shop.root / "outbox").unlink()
    shop.clock.advance(hours=2)
    assert shop.run(quiet).offered == 0
    shop.clock.advance(hours=11)
    assert shop.run(quiet).offered == 1


def test_what_nobody_confirms_expires_after_a_day_and_its_files_go(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    shop.clock.advance(hours=23)
    assert shop.run().expired == 0
    assert shop.media()
    shop.clock.advance(hours=1)
    assert shop.run().expired == 1
    assert shop.media() == []
    assert shop.manifest() == []
    assert list(shop.states().values()) == [State.EXPIRED]
    assert shop.run().offered == 0


@pytest.mark.parametrize(("verb", "state"), [("confirm", State.CONFIRMED), ("skip", State.SKIPPED)])
def test_an_answer_takes_the_files_away_at_once(shop: Shop, verb: Verb, state: State) -> None:
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    shop.run()
    outcome = answer(shop.settings(), [said(shop, verb, 1)])
    assert isinstance(outcome[0], Delivery)
    assert outcome[0].state is state
    assert shop.media() == ["0002-b.jpg"]
    assert [story["delivery"] for story in shop.manifest()] == [2]
    assert shop.run().offered == 0


def test_what_is_to_be_sent_again_is_offered_by_the_next_run(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    answer(shop.settings(), [said(shop, "skip", 1)])
    answer(shop.settings(), [said(shop, "retry", 1)])
    assert shop.run().offered == 1
    assert shop.media() == ["0001-a.jpg"]


def test_an_answer_given_during_a_run_is_heard_by_it_or_the_next(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    with exclusive(shop.state):
        assert answer(shop.settings(), [said(shop, "confirm", 1)]) == [None]
    shop.run()
    assert list(shop.states().values()) == [State.CONFIRMED]
    assert shop.media() == []


def test_answers_count_in_the_order_they_were_given(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    with exclusive(shop.state):
        answer(shop.settings(), [said(shop, "skip", 1)])
    answer(shop.settings(), [said(shop, "retry", 1)])
    assert list(shop.states().values()) == [State.PLANNED]
    assert shop.run().offered == 1


def test_an_answer_cut_short_is_tidied_up_by_the_next_run(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    shop.answer_and_die(said(shop, "confirm", 1))
    assert shop.media() == ["0001-a.jpg"]
    shop.run()
    assert shop.media() == []
    assert shop.manifest() == []


def test_a_story_to_skip_is_not_sent_until_it_may(shop: Shop) -> None:
    shop.picture("a.jpg")
    sidecar = shop.sidecar("a.jpg.yaml", "skip: true\n")
    assert shop.run().offered == 0
    sidecar.unlink()
    assert shop.run().offered == 1


def test_a_mistake_in_a_sidecar_holds_its_story_until_it_is_mended(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "captoin: bread\n")
    assert shop.run().exit_code == 3
    shop.sidecar("a.jpg.yaml", "caption: bread\n")
    assert shop.run().offered == 1


def test_a_refused_file_can_be_looked_at_again_without_a_change(shop: Shop) -> None:
    shop.picture("a.jpg")
    bad = shop.inbox / "bad.jpg"
    bad.write_bytes(b"no picture at all")
    shop.run()
    assert look_again(shop.settings(), bad)
    assert not look_again(shop.settings(), shop.inbox / "a.jpg")
    assert shop.run().refused == 1


def test_a_sidecar_chooses_destinations(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", "destinations: [instagram]\n")
    shop.run()
    assert list(shop.states()) == [("a.jpg", "instagram", 1)]


def test_an_offer_tells_when_it_ends(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    (delivery,) = shop.deliveries()
    assert delivery.expires_at == shop.clock() + timedelta(hours=24)
    assert shop.manifest()[0]["expires"] == delivery.expires_at.isoformat(timespec="seconds")


def test_what_a_run_has_not_offered_yet_cannot_be_confirmed_meanwhile(shop: Shop) -> None:
    shop.picture("bread.jpg")
    shop.sidecar("bread.jpg.yaml", "not_before: 2099-01-01\n")
    shop.run()
    with exclusive(shop.state):
        outcomes = answer(shop.settings(), [said(shop, "confirm", 1)])
    assert "only what was offered can be confirmed" in str(outcomes[0])
    assert not list(shop.state.glob("answers/*"))
