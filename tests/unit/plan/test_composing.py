from __future__ import annotations

import dataclasses

import pytest
from fakes.decorated import CLIP, PICTURE, TUNE, decorated, drawn_on, said, treated
from fakes.planning import photo, video

from pipeline.errors import SidecarError
from pipeline.model import Composition, Facts, Treatment, Tune
from pipeline.plan.describe import recipe_in_words


def film_of(treatment: Treatment) -> Composition:
    assert treatment.recipe.composition
    return treatment.recipe.composition


def test_a_photo_with_music_becomes_a_film() -> None:
    treatment = treated(decorated(music=Tune(TUNE.path), seconds=6.0))
    film = film_of(treatment)
    assert (film.seconds, film.has_sound) == (6.0, True)
    assert treatment.recipe.action == "transcode"
    assert treatment.recipe.parts[0].end_s == 6.0
    assert treatment.recipe.audio_kbps == 128


def test_the_camera_needs_a_larger_picture_to_move_over() -> None:
    still, moving = (
        film_of(treated(decorated(seconds=5.0, motion=motion))) for motion in ("none", "zoom-in")
    )
    assert still.takes[0].canvas.width == 1080
    assert (moving.takes[0].canvas.width, moving.takes[0].canvas.height) == (1350, 2400)


def test_the_camera_moves_towards_the_focal_point_wherever_that_lies_on_the_canvas() -> None:
    story = decorated(photo(width=1000, height=1000), motion="zoom-in", focal=(1.0, 0.5), fit="blur")
    assert film_of(treated(story)).takes[0].focal == pytest.approx((1.0, 0.5), abs=0.001)
    low = decorated(photo(width=1000, height=1000), motion="zoom-in", focal=(0.5, 0.0), fit="blur")
    assert film_of(treated(low)).takes[0].focal[1] == pytest.approx(0.2188, abs=0.001)


def test_further_pictures_and_clips_fade_into_one_another() -> None:
    film = film_of(treated(decorated(scenes=(PICTURE.path, CLIP.path), seconds=3.0)))
    assert [take.seconds for take in film.takes] == [3.0, 3.0, 4.0]
    assert film.seconds == pytest.approx(10.0 - 2 * film.crossfade_s)


def test_photos_are_shown_for_as_long_as_the_voice_speaks() -> None:
    film = film_of(treated(decorated(voice=Tune(TUNE.path), seconds=5.0)))
    assert film.seconds >= 20.0


def test_title_cards_count_and_carry_their_words() -> None:
    film = film_of(treated(decorated(seconds=4.0, intro="Welcome", outro="See you")))
    assert film.intro
    assert film.outro
    assert said(film.intro.overlay) == ["Welcome"]
    assert film.seconds == pytest.approx(4.0 + 2 * 2.5 - 2 * film.crossfade_s)


def test_the_parts_of_a_film_are_marked_too() -> None:
    treatment = treated(decorated(seconds=59.0, intro="Welcome"), part_marks=True)
    assert len(treatment.recipe.parts) == 2
    assert said(drawn_on(treatment)) == ["1/2", "2/2"]


def test_nothing_lies_over_a_title_card_but_comes_in_after_it() -> None:
    treatment = treated(decorated(caption="Hello", seconds=4.0, intro="Welcome"))
    film = film_of(treatment)
    assert film.animated
    assert said(film.animated) == ["Hello"]
    assert said(drawn_on(treatment)) == []


def test_a_voice_that_is_longer_than_the_clips_is_told() -> None:
    notes = treated(decorated(video(duration_s=4.0), voice=Tune(TUNE.path))).recipe.notes
    assert "the voice is cut off: it speaks until 20.0 s" in notes


def test_a_film_longer_than_a_part_is_split_like_any_other() -> None:
    treatment = treated(decorated(scenes=(PICTURE.path,), seconds=40.0))
    assert len(treatment.recipe.parts) == 2


def test_words_of_a_film_come_in_as_is_wished_and_the_rest_stands_still() -> None:
    link = "https://wa.me/15551234567"
    treatment = treated(decorated(caption="Hello", link=link, animate="typewriter"))
    film = film_of(treatment)
    assert film.animated
    assert [words.animation for words in film.animated.words] == ["typewriter"]
    assert said(drawn_on(treatment)) == ["wa.me/15551234567"]


def test_before_and_after_need_two_pictures_and_label_them() -> None:
    film = film_of(treated(decorated(look="before-after", scenes=(PICTURE.path,))))
    assert [said(take.overlay) for take in film.takes if take.overlay] == [["Before"], ["After"]]
    with pytest.raises(SidecarError, match="the look before-after shows 2 pictures, and there is 1"):
        treated(decorated(look="before-after", seconds=3.0))


def test_a_look_alone_makes_no_film_of_a_photo() -> None:
    assert treated(decorated(look="shop-offer", caption="Sale")).recipe.action == "image"


def test_a_clip_with_music_is_composed_and_keeps_its_length() -> None:
    story = dataclasses.replace(decorated(video(), music=Tune(TUNE.path)))
    assert film_of(treated(story)).seconds == 20.0


def test_an_animation_is_played_often_enough_to_be_seen() -> None:
    gif = Facts("animation", 480, 480, 200_000, "gif", "gif", "bgra", duration_s=0.8, fps=10.0)
    assert film_of(treated(decorated(gif, caption="Hi", animate="fade"))).seconds == pytest.approx(3.2)


def test_a_film_is_told_as_one_and_not_by_what_our_intermediate_lacks() -> None:
    (first, *_) = recipe_in_words(treated(decorated(seconds=4.0)))
    assert "a film of our own making, 4.0 s" in first
    assert "H.264" not in first


def test_the_plan_says_what_is_composed() -> None:
    notes = treated(
        decorated(scenes=(CLIP.path,), music=Tune(TUNE.path), motion="pan", seconds=3.0)
    ).recipe.notes
    assert any(
        note == "a film of 6.5 s is composed: followed by clip.mp4; the camera moves: pan; music: tune.mp3"
        for note in notes
    )
