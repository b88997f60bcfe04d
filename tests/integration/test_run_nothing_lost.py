"""What one file, answer or setting must not do to the story of another."""

from __future__ import annotations

import shutil

from fakes.media import save_photo
from fakes.shop import BOTH, Shop
from PIL import Image

from pipeline.ledger import exclusive
from pipeline.ledger.answers import Answer
from pipeline.model import State
from pipeline.run import answer

LATER = "not_before: 2099-01-01\n"
PLANNED = [State.PLANNED]


def test_a_copy_with_a_broken_sidecar_takes_nothing_from_the_original(shop: Shop) -> None:
    original = shop.picture("a.jpg")
    shop.sidecar("a.jpg.yaml", LATER)
    shutil.copy(original, shop.inbox / "b.jpg")
    shop.run()
    shop.sidecar("b.jpg.yaml", "fit: covr\n")

    assert shop.run().refused == 1

    assert list(shop.states().values()) == PLANNED


def test_a_damaged_file_under_a_name_used_before_takes_nothing_from_the_one_that_moved(shop: Shop) -> None:
    first = shop.picture("IMG_1.jpg")
    shop.sidecar("IMG_1.jpg.yaml", LATER)
    shop.run()
    first.rename(shop.inbox / "beach.jpg")
    (shop.inbox / "IMG_1.jpg.yaml").rename(shop.inbox / "beach.jpg.yaml")
    shop.run()
    first.write_text("no picture")

    assert shop.run().refused == 1

    assert list(shop.states().values()) == PLANNED


def test_a_copy_is_decided_by_its_own_sidecar_once_the_original_is_replaced(shop: Shop) -> None:
    original = shop.picture("a.jpg", 1)
    shop.sidecar("a.jpg.yaml", LATER)
    shutil.copy(original, shop.inbox / "b.jpg")
    shop.sidecar("b.jpg.yaml", "caption: B\n")
    shop.run()
    (shop.inbox / "a.jpg.yaml").unlink()
    shop.picture("a.jpg", 2)

    shop.run()
    shop.run()

    assert set(shop.states().values()) == {State.OFFERED}
    assert [story["story"] for story in shop.manifest() if story["caption"]] == ["b.jpg"]


def test_what_failed_is_offered_again_by_the_settings_of_today(shop: Shop) -> None:
    shop.inbox.mkdir()
    save_photo(shop.inbox / "a.jpg", Image.effect_noise((1080, 1900), 120))
    tight = "platforms.whatsapp_status.photo.max_bytes=50000"
    assert shop.run(tight).failed == 1

    answer(shop.settings(), [Answer("retry", 1, shop.clock())])

    assert shop.run().offered == 1


def test_a_new_caption_counts_when_a_story_is_offered_again(shop: Shop) -> None:
    shop.picture("a.jpg")
    shop.run()
    shop.sidecar("a.jpg.txt", "Fresh bread")
    shop.run()
    answer(shop.settings(), [Answer("skip", 1, shop.clock()), Answer("retry", 1, shop.clock())])

    shop.run()

    assert "0001-a.txt" in {path.name for path in shop.outbox.rglob("*.txt")}


def test_what_lies_at_a_destination_that_was_switched_off_can_still_be_answered(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("a.jpg")
    shop.run()
    off = shop.settings("destinations.instagram.enabled=false")

    answer(off, [Answer("confirm", number, shop.clock()) for number in (1, 2)])

    assert (shop.media("whatsapp"), shop.media("instagram")) == ([], [])


def test_of_several_answers_during_a_run_each_is_told_apart(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.run()
    shop.picture("b.jpg", 2)
    shop.sidecar("b.jpg.yaml", LATER)
    shop.run()
    with exclusive(shop.state):
        outcomes = answer(shop.settings(), [Answer("confirm", number, shop.clock()) for number in (1, 2)])
    assert outcomes[0] is None
    assert "only what was offered can be confirmed" in str(outcomes[1])


def test_an_entry_that_a_foreign_hand_spoilt_stops_nothing(shop: Shop) -> None:
    shop.picture("a.jpg", 1)
    shop.picture("b.jpg", 2)
    shop.run()
    entries = shop.outbox / "whatsapp" / ".entries"
    (entries / "00000001.json").write_text("{")
    (entries / "00000002.sync-conflict.json").write_bytes((entries / "00000002.json").read_bytes())

    answer(shop.settings(), [Answer("confirm", 1, shop.clock())])

    assert [story["delivery"] for story in shop.manifest()] == [2]
    assert shop.run().exit_code == 0
