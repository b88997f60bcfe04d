"""What leaves carries nothing of where and with what it was made, by an independent reader's word."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fakes.media import Clip, ffmpeg, picture, save_animation, save_clip, save_photo
from fakes.shop import Shop
from PIL import Image

from pipeline.model import Plan

SMALL = "platforms.whatsapp_status.canvas={width: 270, height: 480}"
SECRETS = (
    "GPSPosition",
    "GPSLatitude",
    "Make",
    "Model",
    "SerialNumber",
    "Artist",
    "Title",
    "Comment",
    "XMPToolkit",
)
SERIAL = "SN-4711-0815"


def told_by(exiftool: str, *files: Path) -> list[dict[str, Any]]:
    told = subprocess.run([exiftool, "-json", "-a", *files], capture_output=True, check=True).stdout
    found: list[dict[str, Any]] = json.loads(told)
    return found


def secrets_of(exiftool: str, *files: Path) -> set[str]:
    return {key for facts in told_by(exiftool, *files) for key in facts if key in SECRETS}


def telling_photo(path: Path, exiftool: str, size: tuple[int, int]) -> Path:
    """A photo that says more than its owner may want."""
    save_photo(path, picture(size))
    words = ("-GPSLatitude=48.2", "-GPSLongitude=16.3", "-GPSLatitudeRef=N", "-GPSLongitudeRef=E")
    more = ("-Make=Acme", "-Model=Phone 9", f"-SerialNumber={SERIAL}", "-Artist=Ana", "-Comment=home")
    thumbnail = path.with_suffix(".thumbnail")
    Image.new("RGB", (64, 48)).save(thumbnail, "JPEG")
    embedded = f"-ThumbnailImage<={thumbnail}"
    argv = [exiftool, "-q", "-overwrite_original", *words, *more, embedded, str(path)]
    subprocess.run(argv, check=True)
    thumbnail.unlink()
    return path


def test_neither_place_nor_camera_nor_serial_number_leaves(shop: Shop, tool: Callable[[str], str]) -> None:
    exiftool = tool("exiftool")
    shop.inbox.mkdir()
    sources = [
        telling_photo(shop.inbox / "remade.jpg", exiftool, (400, 300)),
        telling_photo(shop.inbox / "stripped.jpg", exiftool, (720, 1280)),
    ]
    tags = ("-metadata", "title=At home", "-metadata", "location=+48.2+016.3/", "-metadata", "comment=home")
    sources.append(save_clip(shop.inbox / "clip.mp4", Clip(seconds=2, fps=25, muxing=tags)))
    assert secrets_of(exiftool, *sources) >= {"GPSLatitude", "Make", "SerialNumber", "Title", "Comment"}

    assert shop.run(SMALL).exit_code == 0

    left = [*shop.outbox.rglob("*.jpg"), *shop.outbox.rglob("*.mp4")]
    assert len(left) == len(sources)
    assert secrets_of(exiftool, *left) == set()
    assert not any("ThumbnailImage" in facts for facts in told_by(exiftool, *left))
    assert not any(SERIAL.encode() in file.read_bytes() for file in left)


def marked(exiftool: str, *files: Path) -> None:
    """Write a place, a camera and its serial number into files, as their formats take them."""
    place = ("-XMP:GPSLatitude=48.2N", "-XMP:GPSLongitude=16.3E")
    camera = ("-XMP-tiff:Make=Acme", "-XMP-tiff:Model=Phone 9", f"-XMP-aux:SerialNumber={SERIAL}")
    subprocess.run([exiftool, "-q", "-overwrite_original", *place, *camera, *files], check=True)


def covered_clip(path: Path, film: Clip) -> Path:
    """A clip with a cover picture in it, as phones and shops embed thumbnails."""
    bare, cover = save_clip(path.with_name("bare.mp4"), film), save_photo(path.with_name("cover.jpg"))
    mapped = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic")
    ffmpeg("-i", bare, "-i", cover, *mapped, path)
    bare.unlink()
    cover.unlink()
    return path


def actions(plan: Plan) -> dict[str, str]:
    return {story.asset.path.name: story.treatments[0].recipe.action for story in plan.stories}


def test_photos_of_every_format_leave_without_what_their_files_tell(
    shop: Shop, tool: Callable[[str], str]
) -> None:
    exiftool = tool("exiftool")
    shop.inbox.mkdir()
    suffixes = ("png", "webp", "tif", "heic", "jpg")
    sources = [
        save_photo(shop.inbox / f"{suffix}.{suffix}", picture((64 + 8 * at, 96)))
        for at, suffix in enumerate(suffixes)
    ]
    marked(exiftool, *sources)
    assert all("GPSLatitude" in facts and "SerialNumber" in facts for facts in told_by(exiftool, *sources))

    assert shop.run(SMALL).exit_code == 0

    left = list(shop.outbox.rglob("*.jpg"))
    assert len(left) == len(sources)
    assert secrets_of(exiftool, *left) == set()
    assert not any(SERIAL.encode() in file.read_bytes() for file in left)


def test_videos_leave_without_it_however_little_is_done_to_them(
    shop: Shop, tool: Callable[[str], str]
) -> None:
    exiftool = tool("exiftool")
    shop.inbox.mkdir()
    fits = Clip(size=(270, 480), seconds=3, fps=30)
    sources = [
        covered_clip(shop.inbox / "cover.mp4", fits),
        save_clip(shop.inbox / "kept.mp4", Clip(size=(270, 480), seconds=4, fps=30)),
        save_clip(shop.inbox / "phone.mov", Clip(seconds=2)),
        save_animation(shop.inbox / "moving.gif", [200, 200, 200]),
    ]
    marked(exiftool, *sources)
    assert all("GPSLatitude" in facts and "SerialNumber" in facts for facts in told_by(exiftool, *sources))
    assert {"remux", "transcode"} == set(actions(shop.plan(SMALL)).values())

    assert shop.run(SMALL).exit_code == 0

    left = list(shop.outbox.rglob("*.mp4"))
    assert len(left) == len(sources)
    told = told_by(exiftool, *left)
    assert secrets_of(exiftool, *left) == set()
    assert not any(key in facts for facts in told for key in ("CoverArt", "ThumbnailImage", "PreviewImage"))
    assert not any(SERIAL.encode() in file.read_bytes() for file in left)
