"""Facts of photos and animations, read by Pillow without decoding the picture where that can be avoided."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageCms, UnidentifiedImageError

from pipeline.errors import TooLargeError, UnreadableError
from pipeline.model import Embedded, Facts
from pipeline.tools.animation_bytes import gif_bytes, png_bytes, webp_bytes
from pipeline.tools.live_photo import EXIF_IFD, identifier_of_photo
from pipeline.tools.motion import film_behind, film_in_boxes
from pipeline.tools.mp4 import movie_of
from pipeline.tools.orientation import Orientation, from_exif
from pipeline.tools.picture import learn_heif
from pipeline.tools.picture_bytes import PictureBytes, cut_short, jpeg_bytes

EXIF_ORIENTATION = 0x0112
XMP_KEYS = ("xmp", "XML:com.adobe.xmp", "photoshop", "comment")
DECODED_TO_CHECK = frozenset({"GIF", "BMP", "TIFF"})
SRGB_TOLERANCE = 3
TEST_COLOURS = Image.frombytes("RGB", (4, 1), bytes.fromhex("ff0000 00ff00 0000ff c87828"))
TEST_GREYS = Image.frombytes("L", (10, 1), bytes(range(16, 256, 24)))
EVEN_DELAYS_S = 0.0105
"""Delays this close count as even: GIF can only write hundredths, so 30 fps becomes 3, 3, 4."""


def photo_facts(path: Path, form: str, max_megapixels: int) -> Facts:
    """Facts of a file in Pillow's format `form`.

    The bytes come first, as opening a WebP makes room for all of its picture; those of a PNG come last,
    as walking through them inflates it.
    """
    seen = PictureBytes() if form == "PNG" else _bytes_of(path, form)
    _check_size(path, seen.largest_px, max_megapixels)
    if seen.cut_short:
        raise cut_short(path.name)
    with _opened(path, form) as picture:
        _check_size(path, picture.width * picture.height, max_megapixels)
        if form == "PNG":
            seen = _bytes_of(path, form)
        if form in DECODED_TO_CHECK:
            _check_decoding(picture, path)
        return _facts(picture, path, seen)


@contextmanager
def _opened(path: Path, form: str) -> Iterator[Image.Image]:
    if form == "HEIF":
        learn_heif()
    with path.open("rb") as content:
        try:
            picture = Image.open(content, formats=[form])
        except UnidentifiedImageError:
            _bytes_of(path, form)  # the end of a PNG that is missing is a better reason
            raise UnreadableError(f"{path.name} is damaged: its {form} header makes no sense") from None
        with picture:
            yield picture


def _check_size(path: Path, pixels: int, max_megapixels: int) -> None:
    if pixels > max_megapixels * 1_000_000:
        raise TooLargeError(
            f"{path.name} has {pixels / 1e6:.0f} megapixels, more than limits.max_megapixels "
            f"({max_megapixels}) allows: shrink it, or raise the limit"
        )


def _bytes_of(path: Path, form: str) -> PictureBytes:
    with path.open("rb") as content:
        match form:
            case "JPEG":
                return jpeg_bytes(content.read(), path.name)
            case "GIF":
                return gif_bytes(content.read(), path.name)
            case "PNG":
                return png_bytes(content, path.name)
            case "WEBP":
                return webp_bytes(content, path.name)
            case "AVIF" | "HEIF":
                return _boxed_bytes(path)
            case _:
                return PictureBytes()


def _boxed_bytes(path: Path) -> PictureBytes:
    movie = movie_of(path)
    if movie is None or movie.cut_short:
        raise cut_short(path.name)
    return PictureBytes(delays_s=movie.tracks[0].delays_s() if movie.tracks else ())


def _check_decoding(picture: Image.Image, path: Path) -> None:
    try:
        picture.load()
    except OSError as fault:
        raise cut_short(path.name) if "truncated" in str(fault) else fault from fault


def _facts(picture: Image.Image, path: Path, seen: PictureBytes) -> Facts:
    exif = _exif_of(picture, thorough=seen.metadata)
    turn = Orientation() if exif is None else from_exif(exif.get(EXIF_ORIENTATION))
    width, height = picture.size[::-1] if turn.lies_on_its_side else picture.size
    moves = _frames(picture) > 1 and len(seen.delays_s) > 1
    duration_s = round(sum(seen.delays_s), 6)
    form = _form_name(picture, moves=moves)
    return Facts(
        kind="animation" if moves else "photo",
        width=width,
        height=height,
        bytes=path.stat().st_size,
        container=form,
        codec=form,
        pix_fmt=picture.mode,
        rotation=turn.rotation,
        mirrored=turn.mirrored,
        duration_s=duration_s if moves else None,
        fps=len(seen.delays_s) / duration_s if moves else None,
        vfr=moves and max(seen.delays_s) - min(seen.delays_s) > EVEN_DELAYS_S,
        alpha=picture.has_transparency_data,
        icc=_other_than_srgb(picture),
        metadata=seen.metadata or _tells_more(picture, exif),
        clip=_film(path, form, seen),
        live_photo=_live_photo(exif) if exif and EXIF_IFD in exif else None,
    )


def _live_photo(exif: Image.Exif) -> str | None:
    try:
        return identifier_of_photo(exif)
    except Exception:  # noqa: BLE001 - nearly anything; a damaged note doesn't spoil the picture
        return None


def _film(path: Path, form: str, seen: PictureBytes) -> Embedded | None:
    if form == "jpeg":
        return None if seen.end is None else film_behind(path, seen.end)
    return film_in_boxes(path) if form == "heif" else None


def _form_name(picture: Image.Image, *, moves: bool) -> str:
    form = (picture.format or "").lower()
    if form == "png" and moves:
        return "apng"
    return "jpeg" if form == "mpo" else form


def _frames(picture: Image.Image) -> int:
    return 1 if picture.format in {"MPO", "TIFF", "HEIF"} else int(getattr(picture, "n_frames", 1))


def _exif_of(picture: Image.Image, *, thorough: bool) -> Image.Exif | None:
    """EXIF, or None when it is damaged. Not `thorough` leaves out Pillow's search at the end of a PNG.

    That search decodes the whole picture, so it's made only where the file is known to carry something.
    """
    try:
        return picture.getexif() if thorough else Image.Image.getexif(picture)
    except Exception:  # noqa: BLE001 - nearly anything; a damaged EXIF block doesn't spoil the picture
        return None


def _tells_more(picture: Image.Image, exif: Image.Exif | None) -> bool:
    if exif is None or any(picture.info.get(key) for key in XMP_KEYS):
        return True
    return any(tag != EXIF_ORIENTATION for tag in exif)


def _other_than_srgb(picture: Image.Image) -> bool:
    profile = picture.info.get("icc_profile")
    return bool(profile) and not _is_srgb(profile)


@lru_cache(maxsize=64)
def _is_srgb(profile: bytes) -> bool:
    """Whether a few colours come through a profile unchanged; its name says less (there are dozens)."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if space not in {"RGB", "GRAY"}:
            return False
        patches = TEST_COLOURS if space == "RGB" else TEST_GREYS
        shown = ImageCms.profileToProfile(patches, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    wanted = patches.convert("RGB").tobytes()
    got = shown.tobytes() if shown is not None else b""
    return all(abs(a - b) <= SRGB_TOLERANCE for a, b in zip(wanted, got, strict=True))
