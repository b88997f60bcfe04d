"""What a file is, told by its content: the one door to probing photos, animations and videos."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import CutShortError, StoryrelayError, UnreadableError
from pipeline.model import Embedded, Facts
from pipeline.tools.files import opened_file
from pipeline.tools.motion import film_of

DEFAULT_MAX_MEGAPIXELS = 100
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
HEAD_BYTES = 64
LONGEST_HOURS = 24
LONGEST_GAP_S = 60


def probe(path: Path, max_megapixels: int = DEFAULT_MAX_MEGAPIXELS) -> Facts:
    """The facts of one file, whatever its name says.

    Raises UnreadableError (CutShortError when its end is missing) or TooLargeError, with one line for
    people. Photos are read without decoding the picture where that is possible, videos without decoding
    more than one frame.
    """
    try:
        facts = _prober(_head(path))(path, max_megapixels)
    except StoryrelayError:
        raise
    except OSError as fault:
        what = "can't be read" if fault.errno else "is damaged"  # decoders raise it without a number
        raise UnreadableError(f"{path.name} {what}: {_why(fault)}") from fault
    except Exception as fault:  # decoders answer damaged files with nearly every exception there is
        raise UnreadableError(f"{path.name} is damaged: {_why(fault)}") from fault
    _check_length(path, facts)
    _check_gaps(path, facts)
    return facts


def probe_film(path: Path, film: Embedded, max_megapixels: int = DEFAULT_MAX_MEGAPIXELS) -> Facts:
    """The facts of the short film in a motion photo. Raises as `probe` does."""
    with film_of(path, Facts("video", 0, 0, 0, "", "", "", clip=film)) as taken_out:
        return dataclasses.replace(probe(taken_out, max_megapixels), clip=film)


def _check_gaps(path: Path, facts: Facts) -> None:
    """A gap of days between two frames would be filled with millions of them."""
    if facts.fps and 1 / facts.fps > max(facts.duration_s or 0, LONGEST_GAP_S):
        raise UnreadableError(f"{path.name} is damaged: its frames lie {1 / facts.fps:.0f} s apart")


def _check_length(path: Path, facts: Facts) -> None:
    """A damaged index can claim centuries, which would be millions of parts."""
    hours = (facts.duration_s or 0) / 3600
    if hours > LONGEST_HOURS:
        raise UnreadableError(
            f"{path.name} says that it lasts {hours:.0f} hours, so it is damaged, or too long for stories: "
            f"cut it to less than {LONGEST_HOURS} hours"
        )


def photo_format(head: bytes) -> str | None:
    """Pillow's name for the format that a file's first bytes announce; None when it's no picture file."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _still_brand(head)
    return next((name for signature, name in SIGNATURES if head.startswith(signature)), None)


def _still_brand(head: bytes) -> str | None:
    major, size = head[8:12], int.from_bytes(head[:4], "big")
    if major not in AVIF_BRANDS | HEIF_BRANDS:
        return None
    brands = {major, *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))}
    return "AVIF" if brands & AVIF_BRANDS else "HEIF"


def _head(path: Path) -> bytes:
    with opened_file(path) as content:
        head = content.read(HEAD_BYTES)
    if not head:
        raise CutShortError(f"{path.name} is empty: copy it into the inbox again")
    return head


def _prober(head: bytes) -> Callable[[Path, int], Facts]:
    form = photo_format(head)
    if form is None:
        from pipeline.tools.probe_video import video_facts  # PyAV takes 0.1 s to import

        return video_facts
    from pipeline.tools.probe_photo import photo_facts  # Pillow is needed for photos only

    return lambda path, max_megapixels: photo_facts(path, form, max_megapixels)


def _why(fault: Exception) -> str:
    text = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    first_line = text.strip().partition("\n")[0].rstrip(".")
    return first_line or type(fault).__name__
