"""The small pictures that a story is shown with."""

from __future__ import annotations

import io
import subprocess
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

QUALITY = 75
GREY = (128, 128, 128)


@lru_cache(maxsize=256)
def thumbnail(media: Path, kind: str, width: int) -> bytes:
    """A JPEG of a photo, or of a video's first frame; grey where nothing can be seen in it."""
    try:
        with Image.open(first_frame(media) if kind == "video" else media) as opened:
            image = opened.convert("RGB")
    except OSError:
        image = Image.new("RGB", (90, 160), GREY)
    height = max(1, round(image.height * width / image.width))
    written = io.BytesIO()
    image.resize((width, height)).save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def first_frame(video: Path) -> io.BytesIO:
    """The first frame as a PNG; nothing if there is none."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(video)]
    command += ["-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    return io.BytesIO(done.stdout)
