"""Apple's Live Photos: a photo and a movie that are one story, told by the mark they share."""

from __future__ import annotations

import pytest
from fakes.media import save_photo
from fakes.motion import live_movie, live_photo
from fakes.shop import Shop

from pipeline.model import State
from pipeline.tools.live_photo import identifier_of_photo
from pipeline.tools.probe import probe

MARK = "8A5E2B1C-0D4F-4E6A-9B7C-1234567890AB"
OTHER = "00000000-1111-2222-3333-444444444444"


def pair(shop: Shop, photo: str = "IMG_1.HEIC", movie: str = "IMG_1.MOV", mark: str = MARK) -> None:
    live_photo(shop.inbox / photo, MARK)
    live_movie(shop.inbox / movie, mark)


def sent(shop: Shop) -> set[str]:
    return {name for (name, _, _), state in shop.states().items() if state is State.OFFERED}


@pytest.mark.parametrize("photo", ["IMG_1.HEIC", "IMG_1.jpg"])
def test_both_halves_carry_the_same_mark(shop: Shop, photo: str) -> None:
    pair(shop, photo)
    assert probe(shop.inbox / photo).live_photo == MARK
    assert probe(shop.inbox / "IMG_1.MOV").live_photo == MARK


@pytest.mark.parametrize("photo", ["IMG_1.HEIC", "img_1.jpeg"])
def test_only_the_photo_of_a_live_photo_goes_out(shop: Shop, photo: str) -> None:
    pair(shop, photo)
    shop.run()
    assert sent(shop) == {photo}


def test_by_config_only_the_movie_goes_out(shop: Shop) -> None:
    pair(shop)
    shop.run("motion_photo=clip")
    assert sent(shop) == {"IMG_1.MOV"}


@pytest.mark.parametrize("sidecar", ["IMG_1.yaml", "IMG_1.HEIC.yaml", "IMG_1.MOV.yaml"])
def test_a_sidecar_of_either_half_speaks_for_both(shop: Shop, sidecar: str) -> None:
    pair(shop)
    shop.sidecar(sidecar, "motion_photo: clip\ncaption: Waves\n")
    shop.run()
    assert sent(shop) == {"IMG_1.MOV"}
    assert [delivery.texts.caption for delivery in shop.deliveries()] == ["Waves"]


def test_a_sidecar_that_comes_later_brings_the_other_half_out_instead(shop: Shop) -> None:
    pair(shop)
    shop.run("schedule.quiet_hours=00:00-23:59")
    shop.sidecar("IMG_1.HEIC.yaml", "motion_photo: clip\n")
    shop.run()
    assert sent(shop) == {"IMG_1.MOV"}


def test_a_plan_says_which_half_stays_and_why(shop: Shop) -> None:
    pair(shop)
    reasons = {story.asset.path.name: story.skip for story in shop.plan().stories}
    assert reasons["IMG_1.HEIC"] is None
    assert str(reasons["IMG_1.MOV"]).startswith("it's the movie of the Live Photo IMG_1.HEIC")
    reasons = {story.asset.path.name: story.skip for story in shop.plan("motion_photo=clip").stories}
    assert str(reasons["IMG_1.HEIC"]).startswith("its movie IMG_1.MOV goes out in its place")


def test_halves_with_different_marks_are_two_stories(shop: Shop) -> None:
    pair(shop, mark=OTHER)
    shop.run()
    assert sent(shop) == {"IMG_1.HEIC", "IMG_1.MOV"}


def test_files_of_one_name_without_marks_are_two_stories(shop: Shop) -> None:
    shop.picture("IMG_1.jpg")
    live_movie(shop.inbox / "IMG_1.MOV", MARK)
    shop.run()
    assert sent(shop) == {"IMG_1.jpg", "IMG_1.MOV"}


def test_a_long_movie_is_a_story_of_its_own(shop: Shop) -> None:
    live_photo(shop.inbox / "IMG_1.HEIC", MARK)
    live_movie(shop.inbox / "IMG_1.MOV", MARK, seconds=7)
    shop.run()
    assert sent(shop) == {"IMG_1.HEIC", "IMG_1.MOV"}


def test_halves_in_different_folders_are_two_stories(shop: Shop) -> None:
    live_photo(shop.inbox / "a" / "IMG_1.HEIC", MARK)
    live_movie(shop.inbox / "b" / "IMG_1.MOV", MARK)
    shop.run()
    assert sent(shop) == {"IMG_1.HEIC", "IMG_1.MOV"}


@pytest.mark.parametrize("wish", ["still", "clip"])
def test_a_half_that_comes_after_the_other_went_out_stays(shop: Shop, wish: str) -> None:
    live_movie(shop.inbox / "IMG_1.MOV", MARK)
    shop.run(f"motion_photo={wish}")
    live_photo(shop.inbox / "IMG_1.HEIC", MARK)
    shop.run(f"motion_photo={wish}")
    assert sent(shop) == {"IMG_1.MOV"}


def test_a_half_that_was_planned_alone_gives_way_when_its_photo_comes(shop: Shop) -> None:
    live_movie(shop.inbox / "IMG_1.MOV", MARK)
    shop.run("schedule.quiet_hours=00:00-23:59")
    live_photo(shop.inbox / "IMG_1.HEIC", MARK)
    shop.run()
    assert sent(shop) == {"IMG_1.HEIC"}


def test_a_movie_whose_photo_is_taken_away_goes_out(shop: Shop) -> None:
    pair(shop)
    (shop.inbox / "IMG_1.HEIC").rename(shop.root / "elsewhere.heic")
    shop.run()
    assert sent(shop) == {"IMG_1.MOV"}


def test_a_damaged_movie_leaves_the_photo_to_go_out(shop: Shop) -> None:
    pair(shop)
    movie = shop.inbox / "IMG_1.MOV"
    movie.write_bytes(movie.read_bytes()[:-4000])
    shop.run("motion_photo=clip")
    assert sent(shop) == {"IMG_1.HEIC"}


def test_a_pair_that_was_decided_is_not_looked_at_again(shop: Shop) -> None:
    pair(shop)
    shop.run()
    assert shop.run().seen == 2
    assert not any(type(event).__name__ == "Taken" for event in shop.events)


@pytest.mark.parametrize("cut", [0, 5, 14, 16, 20, 40, 60])
def test_a_damaged_note_of_the_maker_does_no_harm(shop: Shop, cut: int) -> None:
    from fakes.motion import apple_note
    from PIL import Image

    block = Image.Exif()
    block.get_ifd(0x8769)[0x927C] = apple_note(MARK)[:cut]
    shop.inbox.mkdir(parents=True)
    path = save_photo(shop.inbox / "a.jpg", exif=block.tobytes())
    with Image.open(path) as photo:
        assert identifier_of_photo(photo.getexif()) != MARK
    assert probe(path).kind == "photo"
