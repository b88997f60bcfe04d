"""A picture is known again after another encoder, and isn't mistaken for one that says something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes.app_stories import scene
from fakes.media import Clip, ffmpeg, save_clip
from PIL import Image, ImageDraw, ImageFont

from pipeline.tools.likeness import alike, glimpse_of


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return written(tmp_path / "card.jpg", "9,90")


def written(path: Path, price: str) -> Path:
    """A photo with a card on it."""
    path.write_bytes(scene(1))
    picture = Image.open(path)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((200, 800, 880, 1000), fill="white")
    pen.text((300, 850), price, fill="black", font=ImageFont.load_default(60))
    picture.save(path, quality=90)
    return path


@pytest.mark.parametrize(("quality", "width"), [(30, 1080), (60, 720), (75, 540)])
def test_a_photo_that_was_encoded_once_more_is_the_same(
    card: Path, tmp_path: Path, quality: int, width: int
) -> None:
    small = Image.open(card).resize((width, width * 16 // 9))
    small.save(tmp_path / "other.jpg", quality=quality)
    samples = [glimpse_of(file, 0, tmp_path) for file in (card, tmp_path / "other.jpg")]
    assert alike(*samples)


def test_another_price_on_the_same_card_is_another_picture(card: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "other.jpg", "8,40")
    samples = [glimpse_of(file, 0, tmp_path) for file in (card, other)]
    assert not alike(*samples)


def test_a_film_is_known_by_its_first_frame_its_middle_and_its_length(tmp_path: Path) -> None:
    film = save_clip(tmp_path / "a.mp4", Clip(size=(360, 640), seconds=2))
    ffmpeg("-i", film, "-vf", "scale=270:480", "-b:v", "400k", "-an", tmp_path / "b.mp4")
    other = save_clip(tmp_path / "c.mp4", Clip(size=(360, 640), seconds=2, filters="hue=h=90"))
    own, again, else_ = (glimpse_of(file, 2, tmp_path) for file in (film, tmp_path / "b.mp4", other))
    assert alike(own, again)
    assert not alike(own, else_)
    assert not alike(own, replace(again, seconds=3.5))


def test_films_with_the_same_title_card_are_two_films(tmp_path: Path) -> None:
    card = "drawbox=x=0:y=0:w=iw:h=ih:color=black:t=fill:enable='lt(t,0.5)'"
    one = save_clip(tmp_path / "a.mp4", Clip(size=(360, 640), seconds=2, filters=card))
    other = save_clip(tmp_path / "b.mp4", Clip(size=(360, 640), seconds=2, filters=f"hue=h=90,{card}"))
    assert not alike(glimpse_of(one, 2, tmp_path), glimpse_of(other, 2, tmp_path))
