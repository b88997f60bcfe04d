"""Two pictures are alike or not, however they were compressed and scaled."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.media import Clip, picture, save_clip, save_photo
from PIL import Image

from pipeline.errors import RenderError, UnreadableError
from pipeline.tools.dhash import BITS, dhash, dhash_of_clip, distance


def test_a_picture_is_known_again_after_scaling_and_compression(tmp_path: Path) -> None:
    whole = save_photo(tmp_path / "a.jpg", picture((1080, 1920)), quality=95)
    with Image.open(whole) as image:
        small = save_photo(tmp_path / "b.jpg", image.resize((180, 320)), quality=30)
    assert distance(dhash(whole), dhash(small)) <= 4


def test_another_picture_is_far_away(tmp_path: Path) -> None:
    one = save_photo(tmp_path / "a.png", picture((90, 160)))
    other = save_photo(tmp_path / "b.png", Image.linear_gradient("L").resize((90, 160)).rotate(90))
    assert distance(dhash(one), dhash(other)) > 10


def test_the_hash_is_64_bits_that_rise_with_brightness(tmp_path: Path) -> None:
    rising = Image.linear_gradient("L").rotate(90)
    assert dhash(save_photo(tmp_path / "a.png", rising)) == 2**BITS - 1
    assert dhash(save_photo(tmp_path / "b.png", rising.rotate(180))) == 0
    assert distance(2**BITS - 1, 0) == BITS


def test_a_clip_is_known_by_its_first_frame(tmp_path: Path) -> None:
    clip = save_clip(tmp_path / "a.mp4", Clip(size=(90, 160), seconds=1))
    assert dhash_of_clip(clip, tmp_path) == dhash_of_clip(clip, tmp_path)
    assert list(tmp_path.glob("*.bmp")) == []


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"not a picture")
    with pytest.raises(UnreadableError):
        dhash(tmp_path / "a.jpg")
    (tmp_path / "a.mp4").write_bytes(b"not a clip")
    with pytest.raises(RenderError):
        dhash_of_clip(tmp_path / "a.mp4", tmp_path)
