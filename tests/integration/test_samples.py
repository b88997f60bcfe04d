"""The samples show every kind of story, stay small, and say what they are."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from pillow_heif import open_heif

from pipeline.config.sidecar import parse_sidecar

SAMPLES = Path(__file__).parents[2] / "samples"
INBOX = SAMPLES / "inbox"
FILES = sorted(path for path in INBOX.iterdir() if path.is_file())
SIDECARS = [path for path in FILES if path.suffix in {".yaml", ".txt"}]


def only(pattern: str) -> Path:
    (path,) = INBOX.glob(pattern)
    return path


def pictures(folder: Path) -> tuple[Path, Path]:
    """A landscape photo and a story, as make_picture takes them."""
    before, after = folder / "before.jpg", folder / "after.jpg"
    Image.effect_noise((1600, 1000), 60).convert("RGB").save(before)
    Image.new("RGB", (1080, 1920), (200, 40, 40)).save(after)
    return before, after


def make_picture(*words: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(SAMPLES / "make_picture.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_all_samples_together_are_smaller_than_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 8_000_000


def test_every_file_of_the_inbox_is_named_in_the_readme() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert FILES
    assert [path.name for path in FILES if f"`{path.name}`" not in readme] == []


def test_the_readme_names_no_file_that_is_gone() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(0\d-[\w-]+(?:\.\w+)+)`", readme))
    assert named == {path.name for path in FILES}


def test_photos_carry_a_camera_and_a_place_so_that_stripping_them_shows() -> None:
    for path in INBOX.glob("*.jpg"):
        with Image.open(path) as photo:
            exif = photo.getexif()
        assert exif[Base.Make], path.name
        assert exif.get_ifd(IFD.GPSInfo), path.name


def test_there_are_an_upright_portrait_and_a_landscape() -> None:
    with Image.open(only("01-*.jpg")) as portrait, Image.open(only("02-*.jpg")) as landscape:
        assert portrait.getexif()[Base.Orientation] == 1
        assert portrait.height > portrait.width >= 1080
        assert landscape.width > landscape.height


def test_the_rotated_photo_lies_on_its_side_and_says_so() -> None:
    with Image.open(only("03-*.jpg")) as photo:
        assert photo.getexif()[Base.Orientation] == 6
        assert photo.width > photo.height


def test_the_cut_out_is_transparent_around_its_thing_and_solid_in_it() -> None:
    with Image.open(only("04-*.png")) as picture:
        alpha = picture.getchannel("A")
    assert alpha.getpixel((2, 2)) == 0
    assert alpha.getextrema() == (0, 255)
    assert len(alpha.getcolors() or []) > 50, "soft shadows need more than on and off"


def test_the_animation_moves_and_repeats() -> None:
    with Image.open(only("05-*.gif")) as animation:
        assert getattr(animation, "n_frames", 1) > 1
        assert animation.info["loop"] == 0
        first = animation.convert("RGB").tobytes()
        animation.seek(1)
        assert animation.convert("RGB").tobytes() != first


@pytest.mark.parametrize(("pattern", "least_s", "most_s"), [("06-*.mp4", 5.5, 8.0), ("07-*.mp4", 61.0, 90.0)])
def test_clips_are_landscape_with_picture_and_audible_sound(
    pattern: str, least_s: float, most_s: float
) -> None:
    with av.open(only(pattern)) as clip:
        (picture,), (sound,) = clip.streams.video, clip.streams.audio
        assert picture.width > picture.height
        assert clip.duration is not None
        assert least_s < clip.duration / av.time_base < most_s
        loudest = max(float(np.abs(frame.to_ndarray()).max()) for frame in clip.decode(sound))
    assert loudest > 0.2


def test_the_two_halves_of_the_long_clip_look_different() -> None:
    with av.open(only("07-*.mp4")) as clip:
        assert clip.duration is not None
        looks = []
        for share in (0.25, 0.75):
            clip.seek(int(clip.duration * share))
            frame = next(clip.decode(video=0))
            looks.append(frame.reformat(8, 8, "gray").to_ndarray().astype(int))
    assert abs(looks[0] - looks[1]).mean() > 10


def test_the_heic_photo_can_be_decoded() -> None:
    photo = open_heif(only("08-*.heic"))
    assert photo.size[0] > photo.size[1] >= 1080


def test_every_sidecar_lies_beside_a_sample() -> None:
    names = {path.name for path in FILES} | {path.stem for path in FILES if path not in SIDECARS}
    assert SIDECARS
    assert [path.name for path in SIDECARS if path.stem not in names] == []


def test_every_sidecar_is_understood() -> None:
    for path in SIDECARS:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".yaml":
            sidecar = parse_sidecar(text, path.name, path, UTC)
            assert sidecar.caption, path.name
        else:
            assert text.strip(), path.name


def test_every_telephone_number_is_a_fictitious_one() -> None:
    numbers = [number for path in SIDECARS for number in re.findall(r"wa\.me/(\d+)", path.read_text("utf-8"))]
    assert numbers
    assert all(re.fullmatch(r"1555\d{7}", number) for number in numbers)


def test_the_before_and_after_picture_is_small_and_shows_both(tmp_path: Path) -> None:
    before, after = pictures(tmp_path)
    out = tmp_path / "out.jpg"
    made = make_picture(before, after, out)
    assert (made.returncode, made.stderr) == (0, "")
    assert out.stat().st_size < 300_000
    with Image.open(out) as picture:
        assert picture.width == 1200
        red, green, _ = picture.convert("RGB").getpixel((970, 500))  # type: ignore[misc]  # RGB gives a tuple
    assert red > 150 > green


def test_a_picture_that_is_missing_is_named_in_one_message(tmp_path: Path) -> None:
    before, _ = pictures(tmp_path)
    made = make_picture(before, tmp_path / "nothing.jpg", tmp_path / "out.jpg")
    assert made.returncode == 3
    assert "nothing.jpg" in made.stderr
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "out.jpg").exists()


def test_too_few_words_give_the_usage(tmp_path: Path) -> None:
    made = make_picture(tmp_path / "one.jpg")
    assert made.returncode == 2
    assert made.stderr.startswith("Usage: make_picture.py BEFORE AFTER OUT")


def test_a_sample_that_does_not_exist_is_a_usage_error() -> None:
    command = [sys.executable, "-B", str(SAMPLES / "make_samples.py"), "99"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert made.returncode == 2
    assert "99" in made.stderr
    assert "01-portrait-latte.jpg" in made.stderr
