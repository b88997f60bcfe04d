"""Real files looked at on their way through a plan and a render: turned, mirrored, oblong, moving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.faces import SKIN, lone_thing, with_faces
from fakes.footage import close, frames_of
from fakes.media import PLAIN, exif, ffmpeg, save_photo
from fakes.shop import Shop
from fakes.trees import tree_of
from PIL import Image, ImageColor

from pipeline.model import Recipe

SIZE = (1200, 800)
FACE = (930, 400, 260)
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.fixture
def detector() -> None:
    pytest.importorskip("dlib", reason="the extra storyrelay[faces] isn't installed")


def recipe(shop: Shop, *assignments: str) -> Recipe:
    (story,) = shop.plan("limits.jobs=1", *assignments).stories
    return story.treatments[0].recipe


def middle(found: Recipe) -> float:
    return (found.crop.x + found.crop.width / 2) / SIZE[0]


def skin_in(frame: Image.Image) -> float:
    """Where the face is, in fractions of the width."""
    levels = np.asarray(frame.convert("RGB"), dtype=int)
    near = np.abs(levels - np.array(ImageColor.getrgb(SKIN))).max(axis=2) < 24
    assert near.any()
    return float(np.nonzero(near)[1].mean()) / frame.width


@pytest.mark.usefixtures("detector")
@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_face_is_kept_however_the_photo_is_stored(shop: Shop, orientation: int) -> None:
    turn = STORED_AS[orientation]
    upright = with_faces(SIZE, FACE)
    stored = upright if turn is None else upright.transpose(turn)
    shop.inbox.mkdir(parents=True)
    save_photo(shop.inbox / "a.jpg", stored, exif=exif(orientation), quality=90)

    found = recipe(shop, "fit=cover")

    assert found.notes[0] == "cropped round the face"
    assert middle(found) == pytest.approx(FACE[0] / SIZE[0], abs=0.02)
    shop.run("fit=cover")
    with Image.open(shop.outbox / "whatsapp" / shop.media()[0]) as story:
        assert skin_in(story) == pytest.approx(0.5, abs=0.03)


def clip(shop: Shop, picture: Image.Image, *turn: str, filters: str = "null") -> Path:
    """Two seconds of a still, with a display matrix."""
    shop.inbox.mkdir(parents=True, exist_ok=True)
    still, plain = save_photo(shop.root / "still.png", picture), shop.root / "plain.mp4"
    ffmpeg("-loop", "1", "-i", still, "-t", "2", "-r", "15", "-vf", filters, *PLAIN.coding, plain)
    target = shop.inbox / "a.mp4"
    ffmpeg(*turn, "-i", plain, "-c", "copy", target)
    return target


@pytest.mark.usefixtures("detector")
@pytest.mark.parametrize(
    ("degrees", "flip", "undone_by"),
    [
        ("0", (), "null"),
        ("90", (), "transpose=clock"),
        ("270", (), "transpose=cclock"),
        ("180", (), "hflip,vflip"),
        ("0", ("-display_hflip",), "hflip"),
    ],
)
def test_a_face_is_kept_however_the_clip_is_stored(
    shop: Shop, degrees: str, flip: tuple[str, ...], undone_by: str
) -> None:
    clip(shop, with_faces(SIZE, FACE), "-display_rotation", degrees, *flip, filters=undone_by)

    found = recipe(shop, "fit=cover")

    assert found.notes[0] == "cropped round the face"
    assert middle(found) == pytest.approx(FACE[0] / SIZE[0], abs=0.02)


@pytest.mark.usefixtures("detector")
def test_a_face_in_oblong_pixels_is_kept_in_the_middle_of_every_frame(shop: Shop) -> None:
    clip(shop, with_faces(SIZE, FACE), filters="scale=600:800,setsar=2")

    shop.run(
        "fit=cover",
        "platforms.whatsapp_status.canvas.width=720",
        "platforms.whatsapp_status.canvas.height=1280",
    )

    frames = frames_of(shop.outbox / "whatsapp" / shop.media()[0])
    assert all(skin_in(frame) == pytest.approx(0.5, abs=0.04) for frame in frames[::8])


def moving(shop: Shop, x_over_time: str) -> None:
    """Four seconds in which a thing moves over a table."""
    shop.inbox.mkdir(parents=True, exist_ok=True)
    thing = save_photo(
        shop.root / "thing.png", lone_thing((400, 400), (200, 200), 240).crop((70, 70, 330, 330))
    )
    table = f"color=c=#d2c8b4:s={SIZE[0]}x{SIZE[1]}:r=15:d=4"
    move = f"[0:v][1:v]overlay=x='{x_over_time}':y=250:eval=frame"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        table,
        "-i",
        thing,
        "-filter_complex",
        move,
        *PLAIN.coding,
        "-g",
        "8",
        shop.inbox / "a.mp4",
    )


def test_a_thing_that_keeps_to_its_place_in_a_clip_is_kept(shop: Shop) -> None:
    moving(shop, "800+20*sin(3*t)")
    found = recipe(shop, "fit=cover")
    assert found.notes[0] == "cropped round what stands out"
    assert middle(found) == pytest.approx(930 / SIZE[0], abs=0.03)


def test_a_thing_that_crosses_a_clip_leaves_the_crop_in_the_middle(shop: Shop) -> None:
    moving(shop, "230*t")
    found = recipe(shop, "fit=cover")
    assert middle(found) == pytest.approx(0.5, abs=0.01)
    assert found.notes[0].startswith("cropped to the middle")


def test_one_clip_has_one_crop_in_all_its_parts(shop: Shop) -> None:
    moving(shop, "800")
    found = recipe(shop, "fit=cover", "platforms.whatsapp_status.video.max_seconds=2")
    assert len(found.parts) == 2
    assert middle(found) == pytest.approx(930 / SIZE[0], abs=0.03)


@pytest.mark.parametrize("suffix", ["gif", "webp", "apng", "avif"])
def test_an_animation_is_looked_at_too(shop: Shop, suffix: str) -> None:
    shop.inbox.mkdir(parents=True)
    first, *others = (lone_thing((600, 400), (460 + step, 200), 120) for step in range(6))
    options: dict[str, Any] = {"format": "PNG"} if suffix == "apng" else {}
    first.save(
        shop.inbox / f"a.{suffix}", save_all=True, append_images=others, duration=200, loop=0, **options
    )
    found = recipe(shop, "fit=cover")
    assert found.notes[0] == "cropped round what stands out"
    assert (found.crop.x + found.crop.width / 2) / 600 == pytest.approx(460 / 600, abs=0.04)


def test_a_clip_takes_the_colour_of_its_sides_as_it_will_be_shown(shop: Shop) -> None:
    still = Image.new("RGB", (640, 360), "#c8281e")
    clip(
        shop,
        still,
        filters="scale=out_color_matrix=smpte170m:out_range=pc,setparams=colorspace=smpte170m:range=pc",
    )

    found = recipe(shop, "background=auto", "fit=contain")
    shop.run("background=auto", "fit=contain")

    assert found.background is not None
    frame = frames_of(shop.outbox / "whatsapp" / shop.media()[0])[3]
    top, inside = (
        frame.getpixel((frame.width // 2, 40)),
        frame.getpixel((frame.width // 2, frame.height // 2)),
    )
    assert isinstance(inside, tuple)
    assert close(top, (int(inside[0]), int(inside[1]), int(inside[2])), 4)


def test_a_transparent_photo_has_the_matte_on_its_sides(shop: Shop) -> None:
    shop.inbox.mkdir(parents=True)
    glass = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    glass.paste((200, 40, 30, 255), (100, 100, 200, 200))
    glass.save(shop.inbox / "a.png")
    assert recipe(shop, "background=auto", "fit=contain", "matte=#20c040").background == "#20c040"


def test_a_look_at_the_inbox_leaves_no_trace(shop: Shop) -> None:
    moving(shop, "800")
    shop.settings()
    before = tree_of(shop.root)
    recipe(shop, "fit=cover")
    assert tree_of(shop.root) == before


def test_what_was_seen_is_remembered_with_the_asset(shop: Shop) -> None:
    moving(shop, "800")
    shop.run("fit=cover")
    (delivery,) = shop.deliveries()
    with_scene = shop.asset(delivery.asset).scene
    assert with_scene is not None
    assert with_scene.frames == 5


def test_nothing_is_looked_at_for_a_blur(shop: Shop) -> None:
    moving(shop, "800")
    (story,) = shop.plan().stories
    assert story.asset.scene is None
