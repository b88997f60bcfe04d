"""Posters: a story's first picture, small enough for a slow line, made once and kept beside its file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from PIL import Image

from pipeline.errors import RenderError, UnreadableError
from pipeline.model import Rendition
from pipeline.page.guard import Refused
from pipeline.page.site import Site
from pipeline.report.preview.frames import Darkroom, first_shot
from pipeline.tools.child import Limits
from pipeline.tools.files import whole_file
from pipeline.tools.picture import opened

SUFFIX = ".poster.jpg"
WIDTH, HEIGHT = 378, 672
QUALITY = 62
FRAME_S = 60.0
UNAVAILABLE = 503

_one_at_a_time = Lock()
"""A page full of new videos mustn't start an ffmpeg for each at once."""


def poster_of(site: Site, key: str, rendition: Rendition) -> Path:
    """The poster of a rendition. Raises Refused when none can be made."""
    poster = site.store.beside(key, SUFFIX)
    with _one_at_a_time:
        if not poster.exists():
            try:
                _make(site, rendition, poster)
            except (RenderError, UnreadableError, OSError):
                raise Refused(UNAVAILABLE, "poster") from None
    return poster


def _make(site: Site, rendition: Rendition, poster: Path) -> None:
    with TemporaryDirectory(prefix="storyrelay-") as folder:
        limits = Limits(FRAME_S, site.settings.limits.child_memory_mb)
        moving = rendition.duration_s is not None and rendition.duration_s > 0
        frame = first_shot(rendition, Darkroom(Path(folder), limits), "poster") if moving else rendition.path
        with opened(frame, "") as picture:
            picture.draft("RGB", (WIDTH, HEIGHT))
            small = picture.convert("RGB")
            small.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        with whole_file(poster) as temporary:
            small.save(temporary, "JPEG", quality=QUALITY, optimize=True, progressive=True)
