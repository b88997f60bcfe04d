from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipeline.model import (
    Audio,
    Composition,
    Facts,
    Material,
    Music,
    Overlay,
    Rect,
    Size,
    Take,
    TitleCard,
)
from pipeline.plan.film import film_facts, film_frames, film_hash

CANVAS = Size(108, 192)
PHOTO = Facts("photo", 108, 192, 1, "jpeg", "jpeg", "RGB")
WHOLE = Rect(0, 0, 108, 192)


def take(seconds: float, facts: Facts = PHOTO) -> Take:
    return Take(Material(Path("a"), "0", facts), CANVAS, WHOLE, WHOLE, None, "#ffffff", seconds)


def card(seconds: float) -> TitleCard:
    return TitleCard(seconds, "#000000", Overlay(CANVAS))


def test_what_fades_into_one_another_is_counted_once() -> None:
    film = Composition(CANVAS, 30.0, (take(3), take(2)), crossfade_s=0.5, intro=card(1), outro=card(2))
    assert sum(film.lengths_s) == 8
    assert film.seconds == pytest.approx(6.5)
    assert film_facts(film).duration_s == pytest.approx(6.5)


def test_what_is_short_fades_for_at_most_half_of_its_time() -> None:
    film = Composition(CANVAS, 30.0, (take(3), take(0.6), take(3)), crossfade_s=0.5)
    assert film.seams_s == pytest.approx((0.3, 0.3))
    assert film.seconds == pytest.approx(6.0)


def test_a_film_lasts_whole_frames() -> None:
    film = Composition(CANVAS, 30000 / 1001, (take(1),))
    assert film_frames(film) == 30
    assert film_facts(film).duration_s == pytest.approx(1.001)


def test_a_film_is_heard_where_something_in_it_is() -> None:
    silent = Composition(CANVAS, 30.0, (take(1),))
    loud = dataclasses.replace(PHOTO, kind="video", audio=Audio("aac", 1, 44_100))
    assert film_facts(silent).audio is None
    assert film_facts(dataclasses.replace(silent, takes=(take(1, loud),))).audio is not None
    assert film_facts(dataclasses.replace(silent, music=Music(Material(Path("m"), "1")))).audio is not None
    muted = dataclasses.replace(silent, takes=(take(1, loud),), own_sound=False)
    assert film_facts(muted).audio is None


def test_where_files_lie_makes_no_other_film_but_what_they_hold_does() -> None:
    film = Composition(CANVAS, 30.0, (take(1),), music=Music(Material(Path("m.mp3"), "1")))
    moved = dataclasses.replace(film, music=Music(Material(Path("elsewhere/m.mp3"), "1")))
    other = dataclasses.replace(film, music=Music(Material(Path("m.mp3"), "2")))
    louder = dataclasses.replace(film, music=Music(Material(Path("m.mp3"), "1"), gain_db=0.0))
    assert film_hash(film) == film_hash(moved)
    assert len({film_hash(one) for one in (film, other, louder)}) == 3
