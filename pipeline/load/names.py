"""Which files count by their names: media, sidecars, what is still under way, and the order of stories."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pipeline.plan.natural import natural

PHOTO_SUFFIXES = frozenset(
    b"jpg jpeg jpe jfif png apng gif webp avif heic heif hif bmp tif tiff".split(),
)
VIDEO_SUFFIXES = frozenset(
    b"mp4 m4v mov qt 3gp 3gpp 3g2 mkv webm avi mpg mpeg mts m2ts ts vob wmv asf flv f4v ogv dv mxf".split(),
)
MEDIA_SUFFIXES = PHOTO_SUFFIXES | VIDEO_SUFFIXES
YAML_SUFFIXES = (b"yaml", b"yml")
TEXT_SUFFIXES = (b"txt",)
SIDECAR_SUFFIXES = frozenset(YAML_SUFFIXES + TEXT_SUFFIXES)

# The halves of Apple's Live Photos; the first photo that is there counts.
LIVE_PHOTO_SUFFIXES = (b"heic", b"heif", b"jpg", b"jpeg")
LIVE_MOVIE_SUFFIXES = (b"mov",)

# How browsers, sync programs and file servers call what they haven't finished or have thrown away.
TEMPORARY_SUFFIXES = frozenset(
    b"part partial tmp temp crdownload download filepart opdownload aria2 !ut !qb bc! unfinished".split(),
)
MATERIALS = b"materials"
"""Where people keep what belongs to stories without being one: music, stickers, further pictures."""

LEFT_OUT_FOLDERS = frozenset(
    {
        MATERIALS,
        b"@eadir",
        b"#recycle",
        b"#snapshot",
        b"$recycle.bin",
        b"lost+found",
        b"system volume information",
    },
)


def suffix_of(name: bytes) -> bytes:
    """What follows the last dot, in lower case; nothing for a name without one."""
    _, dot, suffix = name.rpartition(b".")
    return suffix.lower() if dot else b""


def left_out(folder: bytes) -> bool:
    """Whether a folder holds no stories, judged by its name: a system's own, or one of materials."""
    return folder.lower() in LEFT_OUT_FOLDERS


def sidecar_key(name: bytes) -> bytes:
    """A sidecar's name with its suffix in lower case, to be found under whatever its case is."""
    stem, _, suffix = name.rpartition(b".")
    return stem + b"." + suffix.lower()


def sidecar_names(name: bytes) -> Iterator[tuple[bytes, ...]]:
    """The keys under which a file's YAML, then its text, may lie; the first that is there counts."""
    stem = name.rpartition(b".")[0] or name
    for suffixes in (YAML_SUFFIXES, TEXT_SUFFIXES):
        yield tuple(start + b"." + suffix for start in (name, stem) for suffix in suffixes)


def half_key(name: bytes) -> bytes:
    """A name in lower case, under which the other half of a Live Photo is found, whatever its case is."""
    return name.lower()


def half_names(name: bytes) -> tuple[bytes, ...]:
    """The keys under which the other half of a Live Photo may lie; none for what can't be half of one."""
    stem, _, suffix = name.lower().rpartition(b".")
    if suffix in LIVE_MOVIE_SUFFIXES:
        return tuple(stem + b"." + other for other in LIVE_PHOTO_SUFFIXES)
    if suffix in LIVE_PHOTO_SUFFIXES:
        return tuple(stem + b"." + other for other in LIVE_MOVIE_SUFFIXES)
    return ()


def story_order(path: bytes) -> tuple[object, ...]:
    """A sorting key: folder by folder, case aside, numbers by their value; equal names by their bytes."""
    return (*map(natural, os.fsdecode(path).split("/")), path)
