"""However a picture is stored, it comes out upright and undistorted."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from fakes.footage import close, frames_of, pixel_of
from fakes.media import GROUND, MARK, PLAIN, ffmpeg, picture, save_photo
from fakes.outcomes import made
from PIL import Image, ImageDraw

from pipeline.model import Fit

X264 = PLAIN.coding
VP8 = ("-c:v", "libvpx", "-b:v", "2M", "-deadline", "realtime")
TURNS = [(degrees, flip) for degrees in (0, 90, 180, 270) for flip in ((), ("-display_hflip",))]


def still_of(tmp_path: Path, image: Image.Image, *coding: str | Path) -> Path:
    """A second of one picture."""
    target = tmp_path / "stored.mp4"
    still = save_photo(tmp_path / "still.png", image)
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "30", *(coding or X264), target)
    return target


def assert_shown_as_ffmpeg_shows_it(source: Path) -> None:
    """By the colours near the corners."""
    shown = source.with_suffix(".png")
    ffmpeg("-i", source, "-frames:v", "1", shown)
    result = frames_of(made(source, "contain"))[5]
    with Image.open(shown) as wanted:
        height = round(90 * wanted.height / wanted.width)
        small = wanted.convert("RGB").resize((90, height))
    top = (160 - height) // 2
    for x, y in ((8, 8), (81, 8), (8, height - 9), (81, height - 9)):
        assert close(result.getpixel((x, top + y)), pixel_of(small, x, y), 24), (x, y)


@pytest.mark.parametrize(("degrees", "flip"), TURNS)
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_every_display_matrix_comes_out_upright(
    tmp_path: Path, suffix: str, degrees: int, flip: tuple[str, ...]
) -> None:
    turned = tmp_path / f"turned.{suffix}"
    stored = still_of(tmp_path, picture((96, 64)))
    ffmpeg("-display_rotation", str(degrees), *flip, "-i", stored, "-c", "copy", turned)

    assert_shown_as_ffmpeg_shows_it(turned)


@pytest.mark.parametrize(
    ("degrees", "flip"), [(0, ("-display_hflip",)), (90, ()), (270, ("-display_hflip",))]
)
@pytest.mark.parametrize(("suffix", "coding"), [("webm", VP8), ("mov", ("-c", "copy"))])
def test_so_it_is_in_other_containers_that_know_of_turns(
    tmp_path: Path, suffix: str, coding: tuple[str, ...], degrees: int, flip: tuple[str, ...]
) -> None:
    turned = tmp_path / f"turned.{suffix}"
    stored = still_of(tmp_path, picture((96, 64)))
    ffmpeg("-display_rotation", str(degrees), *flip, "-noautorotate", "-i", stored, *coding, turned)

    assert_shown_as_ffmpeg_shows_it(turned)


@pytest.mark.parametrize("turn", ["rotate=90", "rotate=180", "rotate=270:flip=horizontal"])
@pytest.mark.parametrize("suffix", ["ts", "avi"])
def test_a_turn_that_only_the_video_itself_knows_of_is_made(tmp_path: Path, suffix: str, turn: str) -> None:
    turned = tmp_path / f"turned.{suffix}"
    stored = still_of(tmp_path, picture((96, 64)))
    ffmpeg("-i", stored, "-c", "copy", "-bsf:v", f"h264_metadata=display_orientation=insert:{turn}", turned)

    assert_shown_as_ffmpeg_shows_it(turned)


@pytest.mark.parametrize(("degrees", "flip"), TURNS[::2] + TURNS[3:4])
@pytest.mark.parametrize(("aspect", "fit"), [("2/1", "contain"), ("3/4", "cover"), ("64/45", "blur")])
def test_a_disc_of_oblong_pixels_stays_round_however_it_is_turned(
    tmp_path: Path, aspect: str, fit: Fit, degrees: int, flip: tuple[str, ...]
) -> None:
    across, down = map(int, aspect.split("/"))
    disc = Image.new("L", (480, 480), 0)
    ImageDraw.Draw(disc).ellipse((140, 140, 340, 340), fill=255)
    stored = still_of(
        tmp_path, disc.resize((480 * down // across // 2 * 2, 480)), "-vf", f"setsar={aspect}", *X264
    )
    turned = tmp_path / "turned.mov"
    ffmpeg("-display_rotation", str(degrees), *flip, "-i", stored, "-c", "copy", turned)

    assert_round(frames_of(made(turned, fit))[5])


def assert_round(frame: Image.Image) -> None:
    """As wide as high, and filled like a disc."""
    bright = np.asarray(frame.convert("L")) > 128
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert abs(int(height) - int(width)) <= 2
    assert bright.sum() == pytest.approx(np.pi / 4 * width * height, rel=0.05)


@pytest.mark.parametrize(
    ("suffix", "coding", "size"),
    [
        ("webm", VP8, (95, 63)),
        ("webm", VP8, (33, 477)),
        ("mkv", ("-c:v", "ffv1", "-pix_fmt", "yuv420p"), (477, 33)),
        ("mkv", ("-c:v", "ffv1", "-pix_fmt", "yuv420p"), (91, 161)),
        ("avi", ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj422p"), (63, 95)),
    ],
)
def test_an_odd_size_has_no_line_at_its_edge_and_no_shifted_colour(
    tmp_path: Path, suffix: str, coding: tuple[str, ...], size: tuple[int, int]
) -> None:
    source = tmp_path / f"odd.{suffix}"
    still = save_photo(tmp_path / "odd.png", Image.new("RGB", size, GROUND))
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "30", *coding, source)

    frame = frames_of(made(source, "blur"))[5]

    colours = np.asarray(frame).reshape(-1, 3).astype(int)
    assert np.abs(colours - np.array(GROUND)).max() <= 12


def test_a_mark_stays_in_its_corner_when_the_size_is_odd(tmp_path: Path) -> None:
    source = tmp_path / "odd.webm"
    still = save_photo(tmp_path / "odd.png", picture((95, 63)))
    ffmpeg("-loop", "1", "-i", still, "-frames:v", "30", *VP8, source)

    frame = frames_of(made(source, "contain"))[5]

    assert close(frame.getpixel((5, 54)), MARK, 30)
    assert close(frame.getpixel((80, 54)), GROUND, 30)
    assert close(frame.getpixel((5, 105)), GROUND, 30)


def test_what_a_heic_crops_is_cropped(tmp_path: Path) -> None:
    """Its clean aperture is moved to the last quarter, by offsets of its centre from that of 64×64."""
    quarters = Image.new("RGB", (64, 48), MARK)
    quarters.paste(GROUND, (32, 24, 64, 48))
    source = save_photo(tmp_path / "a.heic", quarters)
    data = bytearray(source.read_bytes())
    at = data.index(b"clap") + 4
    data[at : at + 32] = struct.pack(">8i", 32, 1, 24, 1, 32, 2, 8, 2)
    source.write_bytes(data)

    with Image.open(made(source, "contain")) as result:
        colours = [result.getpixel(place) for place in ((3, 50), (86, 50), (3, 110), (86, 110))]

    assert all(close(colour, GROUND, 12) for colour in colours)
