"""Which ffmpeg is used, what it can do, and how it is run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from pipeline.errors import EnvironmentFault
from pipeline.tools.child import Finished, Limits, feed_child, run_child

QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
OVERRIDE = "STORYRELAY_FFMPEG"
QUESTION = Limits(seconds=30, memory_mb=2000, nice=0)


def find_ffmpeg() -> str:
    """The path of ffmpeg: $STORYRELAY_FFMPEG, else the one that imageio-ffmpeg brings."""
    chosen = os.environ.get(OVERRIDE)
    return _chosen(chosen) if chosen else _bundled()


def run_ffmpeg(
    arguments: Sequence[str],
    limits: Limits,
    on_line: Callable[[str], None] | None = None,
    stop: Callable[[], bool] | None = None,
    on_bytes: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run ffmpeg quietly: stderr gets errors only. See `run_child` for what is raised."""
    return run_child([find_ffmpeg(), *QUIET, *arguments], limits, on_line, stop, on_bytes)


def feed_ffmpeg(
    arguments: Sequence[str],
    limits: Limits,
    chunks: Iterator[bytes],
    on_line: Callable[[str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Finished:
    """Run ffmpeg as quietly, with `chunks` as its stdin, which it reads as `pipe:0`."""
    return feed_child([find_ffmpeg(), *QUIET, *arguments], limits, chunks, on_line, stop)


def version() -> str:
    """What ffmpeg calls itself ("n9.0.2-17-g…")."""
    words = _answer(find_ffmpeg(), "-version")[0].split()
    return words[2] if len(words) > 2 else "unknown"  # noqa: PLR2004 - "ffmpeg version X …"


def has_filters(*names: str) -> bool:
    """Whether this ffmpeg has all of the filters."""
    listed = {words[1] for line in _answer(find_ffmpeg(), "-filters") if len(words := line.split()) > 1}
    return listed.issuperset(names)


def has_encoders(*names: str) -> bool:
    """Whether this ffmpeg has all of the encoders."""
    listed = {words[1] for line in _answer(find_ffmpeg(), "-encoders") if len(words := line.split()) > 1}
    return listed.issuperset(names)


@cache
def _answer(program: str, question: str) -> tuple[str, ...]:
    lines: list[str] = []
    finished = run_child([program, "-hide_banner", question], QUESTION, lines.append)
    if finished.returncode != 0 or not lines:
        raise EnvironmentFault(f"{program} doesn't work: {' '.join(finished.errors) or 'it says nothing'}")
    return tuple(lines)


def _chosen(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise EnvironmentFault(f"${OVERRIDE} is {name}, which is no program; unset it or name an ffmpeg")
    return found


@cache
def _bundled() -> str:
    try:
        import imageio_ffmpeg  # not needed where another ffmpeg is chosen

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise EnvironmentFault(
            f"no ffmpeg: `pip install imageio-ffmpeg`, or set ${OVERRIDE} to one ({error})"
        ) from error
