"""Inboxes as phones fill them: photos, screenshots and clips of which none is a copy of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from benchmarks.media_footage import PORTRAIT, STILL, Shot, film, photograph
from fakes.media import ffmpeg
from PIL import Image

CLIP_SHARE = 0.15
SCREENSHOT_SHARE = 0.03
PORTRAIT_SHARE = 0.5
SHORTEST_S, LONGEST_S = 2, 10
GROUND_S = 24
GROUNDS = 2
NEGATIVES = 4
SCREEN = (1080, 2340)
QUANTISATION = b"\xff\xdb"
FINEST_STEPS = 16
"""So many of the finest of the 64 frequencies take part in telling one photo from another."""

ORIENTATION, MAKER, MODEL, TAKEN = 0x0112, 0x010F, 0x0110, 0x0132
TURNED_RIGHT = 6


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is drawn once, and all others are made of without decoding."""

    photos: tuple[bytes, ...]
    clips: tuple[Path, ...]
    still: Image.Image


def mixed(inbox: Path, count: int, seed: int = 0) -> None:
    """So many assets in an order drawn by lot: photos of 12 megapixels, a few screenshots, clips."""
    chance, grounds = Random(seed), _grounds(inbox.with_name("grounds"))  # noqa: S311 - no secret
    inbox.mkdir(parents=True)
    clips = round(count * CLIP_SHARE)
    shots = round(count * SCREENSHOT_SHARE)
    kinds = ["clip"] * clips + ["screen"] * shots + ["photo"] * (count - clips - shots)
    chance.shuffle(kinds)
    stretches = list(_stretches(grounds.clips))
    chance.shuffle(stretches)
    others = cycle(stretches)
    for number, kind in enumerate(kinds):
        lies = chance.random() < PORTRAIT_SHARE
        if kind == "clip":
            _cut(next(others), inbox / f"VID_{number:05}.mp4", lies=lies)
        elif kind == "screen":
            _screenshot(grounds.still, inbox / f"Screenshot_{number:05}.png", number)
        else:
            photo = _print(grounds.photos[number % NEGATIVES], number, lies=lies)
            (inbox / f"IMG_{number:05}.jpg").write_bytes(photo)


def small_photos(inbox: Path, count: int) -> None:
    """Photos of 1 megapixel, which cost so little that what grows beside them shows."""
    inbox.mkdir(parents=True)
    negative = inbox.with_name("negative.jpg")
    with Image.open(STILL) as still:
        still.convert("RGB").resize((1200, 900)).save(negative, quality=90)
    for number in range(count):
        photo = _print(negative.read_bytes(), number, lies=False)
        (inbox / f"IMG_{number:05}.jpg").write_bytes(photo)


def _grounds(folder: Path) -> Grounds:
    folder.mkdir(parents=True)
    photos, clips = [], []
    for number in range(NEGATIVES):
        photograph(folder / f"{number}.jpg", number)
        photos.append((folder / f"{number}.jpg").read_bytes())
    for number, still in zip(range(GROUNDS), (STILL, PORTRAIT), strict=True):
        shot = Shot(1920, 1080, GROUND_S, 15, still, ("-g", "30", "-keyint_min", "30", "-sc_threshold", "0"))
        film(folder / f"{number}.mp4", shot, shot.seconds)
        clips.append(folder / f"{number}.mp4")
    with Image.open(PORTRAIT) as portrait:
        return Grounds(tuple(photos), tuple(clips), portrait.convert("RGB"))


def _stretches(clips: tuple[Path, ...]) -> Iterator[tuple[Path, int, int]]:
    """Every stretch of whole seconds that is long and short enough; each begins with a key frame."""
    for clip in clips:
        for length_s in range(SHORTEST_S, LONGEST_S + 1):
            for start_s in range(GROUND_S - length_s):
                yield clip, start_s, length_s


def _cut(stretch: tuple[Path, int, int], target: Path, *, lies: bool) -> None:
    """Not encoded again; one that `lies` is to be shown upright, as phones film."""
    clip, start_s, length_s = stretch
    turned = ("-display_rotation:v", "90") if lies else ()
    ffmpeg(*turned, "-ss", str(start_s), "-t", str(length_s), "-i", clip, "-c", "copy", target)


def _print(negative: bytes, number: int, *, lies: bool) -> bytes:
    """The same scan with other steps for the finest details: another picture that is as much to decode."""
    table = negative.index(QUANTISATION) + 5
    steps = bytearray(negative[table : table + 64])
    for place in range(FINEST_STEPS):
        steps[-1 - place] = min(255, steps[-1 - place] + (number >> place & 1))
    exif = Image.Exif()
    exif[MAKER], exif[MODEL], exif[TAKEN] = "Example", f"Phone {number % 7}", "2026:11:27 12:00:00"
    exif[ORIENTATION] = TURNED_RIGHT if lies else 1
    told = exif.tobytes()
    segment = b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told
    return negative[:2] + segment + negative[2:table] + bytes(steps) + negative[table + 64 :]


def _screenshot(still: Image.Image, target: Path, number: int) -> None:
    left, top = number % 97, number % 89
    part = still.crop((left, top, still.width - 97 + left, still.height - 89 + top))
    part.resize(SCREEN).save(target, compress_level=1)
