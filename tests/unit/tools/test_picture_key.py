"""Files share a key when they show the same, whatever else they tell; and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.media import ffmpeg, save_clip, save_photo
from PIL import Image

from pipeline.tools.picture_key import picture_key

COMMENT = b"\xff\xfe\x00\x07hello"
DESCRIPTION = 0x010E


def drawn(shade: int = 90) -> Image.Image:
    picture = Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    picture.paste((shade, 20, 200), (10, 10, 30, 30))
    return picture


def told(words: str) -> Image.Exif:
    exif = Image.Exif()
    exif[DESCRIPTION] = words
    return exif


def test_other_data_in_a_jpeg_dont_change_its_key_but_another_picture_does(tmp_path: Path) -> None:
    one, other, another = (tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg"))
    drawn().save(one, quality=80)
    drawn().save(other, quality=80, exif=told("harbour"), icc_profile=b"x" * 200)
    drawn(91).save(another, quality=80)
    other.write_bytes(other.read_bytes()[:2] + COMMENT + other.read_bytes()[2:] + b"what follows")
    assert picture_key(one) == picture_key(other) != picture_key(another)


def test_jpegs_of_two_qualities_or_sizes_are_two_pictures(tmp_path: Path) -> None:
    keys = set()
    for number, (size, quality) in enumerate([((64, 48), 80), ((64, 48), 79), ((48, 64), 80)]):
        Image.new("RGB", size, "teal").save(tmp_path / f"{number}.jpg", quality=quality)
        keys.add(picture_key(tmp_path / f"{number}.jpg"))
    assert len(keys) == 3


def test_a_picture_without_loss_has_one_key_in_any_form(tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.png")
    drawn().save(tmp_path / "b.png", compress_level=0, exif=told("quay"))
    drawn().save(tmp_path / "c.tif")
    drawn().save(tmp_path / "d.webp", lossless=True)
    drawn().save(tmp_path / "e.bmp")
    assert len({picture_key(path) for path in tmp_path.iterdir()}) == 1
    drawn(91).save(tmp_path / "f.png")
    assert len({picture_key(path) for path in tmp_path.iterdir()}) == 2


def test_every_frame_of_an_animation_counts(tmp_path: Path) -> None:
    for name, last in (("a.gif", 3), ("b.gif", 3), ("c.gif", 4)):
        frames = [drawn(shade) for shade in (1, 100, 50 * last)]
        comment = name.encode()
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], comment=comment)
    one, other, another = (picture_key(tmp_path / name) for name in ("a.gif", "b.gif", "c.gif"))
    assert one == other != another


def test_other_data_in_a_heic_dont_change_its_key(tmp_path: Path) -> None:
    one, other, another = (tmp_path / name for name in ("a.heic", "b.heic", "c.heic"))
    save_photo(one, drawn())
    save_photo(other, drawn(), exif=told("harbour" * 40).tobytes())
    save_photo(another, drawn(200))
    assert one.read_bytes() != other.read_bytes()
    assert picture_key(one) == picture_key(other) != picture_key(another)


@pytest.mark.parametrize("container", ["mov", "mkv", "mp4"])
def test_a_clip_keeps_its_key_in_another_container(tmp_path: Path, container: str) -> None:
    one, other = save_clip(tmp_path / "a.mp4"), tmp_path / f"b.{container}"
    ffmpeg("-i", one, "-c", "copy", "-metadata", "title=Harbour", other)
    assert one.read_bytes() != other.read_bytes()
    assert picture_key(one) == picture_key(other) is not None


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\nrubbish"])
def test_what_is_no_picture_has_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert picture_key(tmp_path / "a.jpg") is None


def test_a_file_that_cant_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        picture_key(tmp_path / "gone.jpg")
