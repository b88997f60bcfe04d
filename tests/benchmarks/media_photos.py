"""Contenders over photos: ours, pyvips, Pillow as people write it and ImageMagick; and what probing takes."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import av
from benchmarks.media_clips import CANVAS, Work, order_of
from fakes.orders import bench_in
from PIL import Image, ImageCms, ImageFilter, ImageOps

from pipeline.execute import in_order, threads
from pipeline.reformat import Order, render
from pipeline.reformat.photo import make_photo
from pipeline.tools.clock import fresh_name
from pipeline.tools.probe import probe

QUALITY = 88
TELLING_ITS_PEAK = """
import sys
from pathlib import Path
from pipeline.cli import main
try:
    main()
finally:
    lines = Path("/proc/self/status").read_text().splitlines()
    sys.stderr.write(next(line for line in lines if line.startswith("VmHWM")))
"""
SMALL = (CANVAS[0] // 12, CANVAS[1] // 12)
ROUND_OF_PHOTOS = 3
PROBED = ("wide.mp4", "wide-4k.mp4", "fitting.mp4", "hard-full.mp4")
PROBE_ROUNDS = 5


def ours(folder: Path) -> Work:
    """Every photo reformatted by us, without what a run does around it."""
    orders = _orders(folder)
    _make(orders[0], folder / "warm.jpg")
    return partial(_each, [partial(_make, order, folder / "ours.jpg") for order in orders])


def ours_whole(folder: Path) -> Work:
    """The same through the public door: hashed, verified, synced, kept."""
    orders, empty = _orders(folder), folder / f"ours-{fresh_name()}"
    _make(orders[0], folder / "warm.jpg")
    return partial(_each, [partial(_render, order, empty / str(n)) for n, order in enumerate(orders)])


def ours_two_threads(folder: Path) -> Work:
    """As `ours`, by the threads of a run."""
    orders = _orders(folder)
    _make(orders[0], folder / "warm.jpg")

    def work() -> None:
        with threads(2) as pool:
            made = in_order(pool, _make_for_a_thread, [(order, folder) for order in orders], 4)
            for _, making in made:
                making.result()

    return work


def peak_of_the_program_mb(folder: Path) -> float:
    """Of `storyrelay render` over the photos by one thread: of the program alone, no benchmark round it."""
    photos = [str(path) for path in sorted(folder.glob("photo*.jpg"))]
    command = ("render", *photos, "-o", str(folder / f"rendered-{fresh_name()}"), "-j", "1")
    done = subprocess.run([sys.executable, "-c", TELLING_ITS_PEAK, *command], capture_output=True, check=True)
    return int(done.stderr.split()[-2]) / 1000


def with_pyvips(folder: Path) -> Work:
    """The same picture by libvips, which shrinks while it decodes as well."""
    import pyvips

    def make(path: Path) -> None:
        front = pyvips.Image.thumbnail(str(path), CANVAS[0], height=CANVAS[1], export_profile="srgb")
        share = front.height * CANVAS[0] / CANVAS[1]
        cut = front.crop((front.width - share) // 2, 0, share, front.height)
        small = cut.resize(SMALL[0] / cut.width, vscale=SMALL[1] / cut.height, kernel="linear").gaussblur(3)
        back = small.resize(CANVAS[0] / small.width, vscale=CANVAS[1] / small.height, kernel="cubic")
        whole = back.insert(front, (CANVAS[0] - front.width) // 2, (CANVAS[1] - front.height) // 2)
        whole.jpegsave(str(folder / "vips.jpg"), Q=QUALITY, keep="none")

    return _over_photos(folder, make)


def with_pillow(folder: Path) -> Work:
    """As people write it: upright, colours, fit and blur, all at full size."""

    def make(path: Path) -> None:
        with Image.open(path) as opened:
            photo = ImageOps.exif_transpose(opened)
        profile = ImageCms.ImageCmsProfile(io.BytesIO(photo.info["icc_profile"]))
        srgb = ImageCms.profileToProfile(photo, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        assert srgb is not None
        front = ImageOps.contain(srgb, CANVAS, Image.Resampling.LANCZOS)
        back = ImageOps.fit(srgb, CANVAS, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(40))
        back.paste(front, ((CANVAS[0] - front.width) // 2, (CANVAS[1] - front.height) // 2))
        back.save(folder / "pillow.jpg", quality=QUALITY)

    return _over_photos(folder, make)


def with_imagemagick(folder: Path) -> Work:
    """The command line that is passed on for this, told to shrink while it decodes."""
    program, size = imagemagick(), f"{CANVAS[0]}x{CANVAS[1]}"
    assert program is not None

    def make(path: Path) -> None:
        back = f"( +clone -resize {SMALL[0]}x{SMALL[1]}^ -gravity center -extent {SMALL[0]}x{SMALL[1]}"
        command = [
            *(program, "-define", f"jpeg:size={size}", str(path), "-auto-orient", "-resize", size),
            *(*back.split(), "-blur", "0x3", "-resize", f"{size}!", ")", "+swap", "-gravity", "center"),
            *("-composite", "-strip", "-quality", str(QUALITY), str(folder / "magick.jpg")),
        ]
        subprocess.run(command, check=True)

    return _over_photos(folder, make)


@cache
def imagemagick() -> str | None:
    """ImageMagick's program, if what goes by its name really is that."""
    for name in ("magick", "convert"):
        path = shutil.which(name)
        if path:
            told = subprocess.run([path, "-version"], capture_output=True, check=False).stdout
            if told.startswith(b"Version: ImageMagick"):
                return path
    return None


def probing(folder: Path) -> Work:
    """Our facts of every clip."""
    probe(folder / PROBED[0])
    return partial(_each, [partial(_probe, folder / name) for name in PROBED] * PROBE_ROUNDS)


def opening(folder: Path) -> Work:
    """PyAV opening every clip, and nothing else."""
    _open(folder / PROBED[0])
    return partial(_each, [partial(_open, folder / name) for name in PROBED] * PROBE_ROUNDS)


def probing_photos(folder: Path) -> Work:
    """Our facts of every photo."""
    paths = _photos(folder)
    probe(paths[0])
    return partial(_each, [partial(_probe, path) for path in paths])


def _photos(folder: Path) -> list[Path]:
    return sorted(folder.glob("photo*.jpg")) * ROUND_OF_PHOTOS


def _orders(folder: Path) -> list[Order]:
    return [order_of(path) for path in _photos(folder)]


def _over_photos(folder: Path, make: Callable[[Path], None]) -> Work:
    paths = _photos(folder)
    make(paths[0])
    return partial(_each, [partial(make, path) for path in paths])


def _each(acts: Sequence[Callable[[], None]]) -> None:
    for act in acts:
        act()


def _make(order: Order, target: Path) -> None:
    make_photo(order, target)


def _make_for_a_thread(given: tuple[Order, Path]) -> None:
    order, folder = given
    make_photo(order, folder / f"{fresh_name()}.jpg")


def _render(order: Order, empty: Path) -> None:
    render(order, bench_in(empty))


def _probe(path: Path) -> None:
    probe(path)


def _open(path: Path) -> None:
    with av.open(str(path)):
        pass
