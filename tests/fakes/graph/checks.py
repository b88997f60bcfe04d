"""What the networks take: sizes, formats and lengths, as their documentation gives them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import av
from fakes.graph.errors import Problem, Refused, media
from PIL import Image

MIB = 1024 * 1024
IMAGE_BYTES = 8 * MIB
VIDEO_BYTES = 100 * MIB
PAGE_PHOTO_BYTES = 10 * MIB
PAGE_PHOTO_FORMATS = ("JPEG", "BMP", "PNG", "GIF", "TIFF")
STORY_S = (3.0, 60.0)
PAGE_SIZE = (540, 960)
TOLERANCE_S = 0.1  # a last frame more or less
NO_PHOTO = "Your photos couldn't be uploaded. Photos should be smaller than 10 MB and saved as JPG, PNG, GIF."


def check_image(body: bytes) -> None:
    """A picture for an Instagram story. Raises Refused."""
    if len(body) > IMAGE_BYTES:
        raise media(36000, 2207004, "The image is too large to download. It should be less than 8 MiB.")
    format_, width, height = picture_of(body)
    if format_ != "JPEG":
        words = f"The image format {format_} is not supported. Supported formats are: JPEG."
        raise media(36001, 2207005, words)
    ratio = width / height
    if not 0.1 <= ratio <= 10:
        words = f"The submitted image with aspect ratio {ratio:.3f} cannot be published."
        raise media(36003, 2207009, f"{words} Please submit an image with a valid aspect ratio.")


def picture_of(body: bytes) -> tuple[str, int, int]:
    """Format, width and height; `unknown` where it is no picture."""
    try:
        with Image.open(io.BytesIO(body)) as opened:
            return opened.format or "unknown", opened.width, opened.height
    except OSError:
        return "unknown", 1, 1


def check_page_photo(body: bytes) -> None:
    """A picture for a page. Raises Refused."""
    format_, _, _ = picture_of(body)
    if format_ == "unknown":
        raise Refused(Problem(324, "(#324) Missing or invalid image file", 2069019))
    if len(body) > PAGE_PHOTO_BYTES or format_ not in PAGE_PHOTO_FORMATS:
        raise Refused(Problem(100, "Invalid parameter", 1366046, title="Can't Read Files", words=NO_PHOTO))


@dataclass(frozen=True, slots=True)
class Film:
    """What a video is; all 0 where it is none."""

    container: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    seconds: float = 0.0


def film_of(body: bytes) -> Film:
    try:
        with av.open(io.BytesIO(body), "r") as opened:
            stream = opened.streams.video[0]
            seconds = float(opened.duration or 0) / av.time_base
            context = stream.codec_context
            fps = float(stream.average_rate or 0)
            name = opened.format.name
            return Film(name, context.name, context.width, context.height, fps, seconds)
    except (av.FFmpegError, IndexError, OSError):
        return Film()


def in_time(film: Film) -> bool:
    return STORY_S[0] - TOLERANCE_S <= film.seconds <= STORY_S[1] + TOLERANCE_S


def container_error(body: bytes) -> str | None:
    """The code that an Instagram container ends with; None if it is fine."""
    film = film_of(body)
    fine = (
        len(body) <= VIDEO_BYTES
        and "mp4" in film.container
        and film.codec in ("h264", "hevc")
        and film.width <= 1920
        and 0.1 <= film.width / max(film.height, 1) <= 10
        and 22.9 <= film.fps <= 60.1
        and in_time(film)
    )
    return None if fine else "2207026"


def page_video_error(body: bytes) -> str | None:
    """The words that a page's video ends with; None if it is fine."""
    film = film_of(body)
    if not film.codec:
        return "Invalid video file."
    if film.width < PAGE_SIZE[0] or film.height < PAGE_SIZE[1]:
        return "Resolution too low. Video must have a minimum resolution of 540p."
    if not in_time(film):
        return "The video must be between 3 and 60 seconds long."
    return None
