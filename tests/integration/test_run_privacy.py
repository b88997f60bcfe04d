"""What leaves carries nothing of where and with what it was made, by an independent reader's word."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fakes.media import Clip, picture, save_clip, save_photo
from fakes.shop import Shop
from PIL import Image

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
