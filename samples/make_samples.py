"""Make the pictures and clips of samples/inbox; what people write beside them (sidecars) is left alone."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

import scenes
from clips import breakfast_clip, day_clip
from dusk import BLUE_HOUR, window_scene
from film import encode_sound
from ground import leaf_shade
from light import Film, Lit, develop
from music import Tune, compose
from neon import sign
from tag import price_tag

INBOX = Path(__file__).parent / "inbox"
LANCZOS = Image.Resampling.LANCZOS


def camera_notes(taken_at: str, orientation: int = 1) -> Image.Exif:
    """What a phone writes into a photo, the place where it was taken too; all of it made up."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Software] = "Lumo", "Pocket 8", "8.1.0"
    exif[Base.Orientation] = orientation
    exif[Base.DateTime] = taken_at
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal], details[Base.OffsetTimeOriginal] = taken_at, "+01:00"
    details[Base.FNumber], details[Base.ExposureTime], details[Base.ISOSpeedRatings] = 1.8, 1 / 120, 64
    details[Base.BodySerialNumber] = "5550123"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (38.0, 42.0, 50.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "W", (9.0, 8.0, 22.0)
    return exif


def photographed(lit: Lit, size: tuple[int, int], film: Film, leaves: int = 4) -> Image.Image:
    """A lit table in dappled light, developed and scaled to its final size."""
    shade = leaf_shade(lit.direct.shape[:2], seed=leaves)
    return develop(lit.under(shade), film).resize(size, LANCZOS)


def portrait(target: Path) -> None:
    picture = photographed(scenes.coffee_from_above(90), (1536, 2048), Film(grain=0.014))
    picture.save(target, quality=84, optimize=True, exif=camera_notes("2026:09:12 08:05:31"))


def landscape(target: Path) -> None:
    scene = window_scene(64, BLUE_HOUR)
    picture = develop(scene, Film(exposure=1.12, bloom=0.10, grain=0.016)).resize((2048, 1365), LANCZOS)
    picture.save(target, quality=84, optimize=True, exif=camera_notes("2026:09:12 18:34:09"))


def rotated(target: Path) -> None:
    """Upright it is a portrait; it is stored lying on its side, as phones do."""
    upright = photographed(scenes.dahlias(84), (1536, 2048), Film(grain=0.012, vignette=0.24), 9)
    stored = upright.transpose(Image.Transpose.ROTATE_90)
    stored.save(target, quality=82, optimize=True, exif=camera_notes("2026:09:12 12:51:47", orientation=6))


def cut_out(target: Path) -> None:
    price_tag(75).resize((960, 960), LANCZOS).save(target, optimize=True)


def animation(target: Path) -> None:
    """Steam runs over the neon cup; OPEN flickers once."""
    wall = sign(8)
    steps = (("steam0",), ("steam0", "steam1"), ("steam1",), ("steam1", "steam2"), ("steam2",), ())
    pictures = [wall.lit({"cup": 1, "open": 1, "line": 1} | dict.fromkeys(lit, 1.0)) for lit in steps]
    pictures.append(wall.lit({"cup": 1, "open": 0.15, "line": 1}))
    lasting_ms = [170, 170, 170, 170, 170, 420, 70]
    order = [*range(6), 6, 5]
    palette = _shared_palette(pictures)
    frames = [pictures[number].quantize(palette=palette, dither=Image.Dither.NONE) for number in order]
    lengths = [lasting_ms[number] for number in order]
    frames[0].save(target, save_all=True, append_images=frames[1:], duration=lengths, loop=0, optimize=False)


def _shared_palette(pictures: list[Image.Image]) -> Image.Image:
    """256 colours that suit all frames, so that nothing flickers but the tubes."""
    width, height = pictures[0].size
    strip = Image.new("RGB", (width, height * 2))
    brightest, darkest = pictures[1], pictures[-1]
    strip.paste(brightest, (0, 0))
    strip.paste(darkest, (0, height))
    return strip.quantize(256, Image.Quantize.MEDIANCUT)


def heic(target: Path) -> None:
    from pillow_heif import from_pillow

    picture = photographed(scenes.bread(62), (1800, 1200), Film(grain=0.008, exposure=1.3), 6)
    from_pillow(picture).save(target, quality=62, exif=camera_notes("2026:09:12 06:32:15").tobytes())


def tune(target: Path) -> None:
    """A few bars for a story with music."""
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "music.wav"
        compose(Tune(seconds=9, beats_a_minute=76, seed=8), sound)
        encode_sound(sound, target, 96)


SAMPLES: dict[str, Callable[[Path], None]] = {
    "01-portrait-latte.jpg": portrait,
    "02-landscape-window.jpg": landscape,
    "03-rotated-dahlias.jpg": rotated,
    "04-cutout-price-tag.png": cut_out,
    "05-animation-neon.gif": animation,
    "06-clip-breakfast.mp4": breakfast_clip,
    "07-long-day-in-the-shop.mp4": day_clip,
    "08-iphone-sourdough.heic": heic,
    "materials/morning.m4a": tune,
}


def make_one(name: str) -> str:
    """Make one sample and say so."""
    started_s = time.monotonic()
    SAMPLES[name](INBOX / name)
    size_kb = (INBOX / name).stat().st_size / 1000
    return f"{name}: {size_kb:.0f} kB in {time.monotonic() - started_s:.0f} s"


def main(starts: list[str]) -> int:
    """Make all samples, or those whose names begin with one of `starts`."""
    unknown = [start for start in starts if not any(name.startswith(start) for name in SAMPLES)]
    if unknown:
        sys.stderr.write(f"No sample begins with {', '.join(unknown)}; there are: {', '.join(SAMPLES)}\n")
        return 2
    INBOX.mkdir(exist_ok=True)
    wanted = [name for name in SAMPLES if not starts or name.startswith(tuple(starts))]
    longest_first = sorted(wanted, key=lambda name: not name.endswith(".mp4"))
    with ProcessPoolExecutor(max_workers=2) as pool:
        for done in as_completed([pool.submit(make_one, name) for name in longest_first]):
            sys.stdout.write(done.result() + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
