"""Opening pictures with Pillow: one door for every format, and one clear line when a file is damaged."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from PIL import Image, _imaging

from pipeline.errors import RenderError, StoryrelayError, UnreadableError

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3

# Pillow warns about damaged EXIF, which is a matter of course here. For the whole process, as Python's
# warning filters can't be changed for one thread.
warnings.filterwarnings("ignore", module=r"PIL\.")

# It also logs errors, which Python prints where nobody listens. They come again as exceptions, with a name.
logging.getLogger("PIL").addHandler(logging.NullHandler())

# libtiff writes to stderr by itself what Pillow then raises. Its handlers can be reached through the module
# that it is linked to, wherever Pillow's wheel or the system keeps it; a Pillow without TIFF has none.
with suppress(OSError, AttributeError):
    _libtiff = ctypes.CDLL(_imaging.__file__)
    _libtiff.TIFFSetErrorHandler(None)
    _libtiff.TIFFSetWarningHandler(None)

# A photo of 12 megapixels takes 30 MB for a moment. glibc gives them back to the system each time, and the
# threads wait for one another while it clears them anew: kept, photos take 0.9 times as long (2026-11).
with suppress(OSError, AttributeError):  # other C libraries have no such thing
    _libc = ctypes.CDLL(None)
    _libc.mallopt(M_MMAP_THRESHOLD, 32_000_000)
    _libc.mallopt(M_TRIM_THRESHOLD, 64_000_000)

# Pillow's own limit is one for the whole process and below real 200-megapixel photos. A picture's size is
# held against `limits.max_megapixels` when it is probed, before it can come here.
Image.MAX_IMAGE_PIXELS = None


@contextmanager
def opened(path: Path, container: str) -> Iterator[Image.Image]:
    """A picture, not yet decoded. Whatever goes wrong with it inside the block becomes an AssetError."""
    try:
        if container == "heif":
            learn_heif()
        with Image.open(path) as picture:
            yield picture
    except (StoryrelayError, FileNotFoundError):
        raise
    except MemoryError as error:
        raise RenderError(
            f"{path.name}: not enough memory; lower limits.jobs, or shrink the picture"
        ) from error
    except Exception as error:  # decoders answer damaged files with nearly every exception there is
        raise UnreadableError(f"{path.name} is damaged: {str(error) or type(error).__name__}") from error


@cache
def learn_heif() -> None:
    """Teach Pillow HEIC. Its decoder is big, and only phones write it, so not before it is needed."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
