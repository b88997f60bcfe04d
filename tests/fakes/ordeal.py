"""What a file goes through from the inbox to its renditions, and what must be true however it ends."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from fakes.damage import damaged
from fakes.orders import bench_in, left_behind
from fakes.planning import WHATSAPP, FakeDestination, FakeSettings
from fakes.victims import CANVAS

from pipeline.errors import StoryrelayError
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.fingerprint import fingerprint
from pipeline.load.scan import Found
from pipeline.model import Rendition, Size
from pipeline.plan.treatment import recipe_for
from pipeline.reformat import Order, render
from pipeline.tools.files import TEMPORARY_PREFIX
from pipeline.tools.probe import probe

MOST_SECONDS = 20.0
MOST_MEGAPIXELS = 20
MOST_PARTS = 2
"""A file that claims to last for hours has hundreds of parts; the second is already past its end."""

PROFILE = dataclasses.replace(
    WHATSAPP,
    canvas=Size(*CANVAS),
    video=dataclasses.replace(WHATSAPP.video, min_seconds=0.2, max_seconds=10, max_bytes=2_000_000),
)
SETTINGS = FakeSettings(profiles={PROFILE.name: PROFILE})
OTHER_SUFFIX = {".mp4": ".jpg", ".jpg": ".mp4", ".png": ".gif", ".gif": ".webp", ".webp": ".heic"}


@dataclass(frozen=True, slots=True)
class Injury:
    """Which file is damaged, how, and which time: the same three give the same bytes."""

    victim: Path
    kind: str
    turn: int

    @property
    def name(self) -> str:
        suffix = self.victim.suffix
        shown = OTHER_SUFFIX.get(suffix, ".mp4") if self.kind == "wrong-extension" else suffix
        return f"{self.victim.stem}-{self.kind}-{self.turn}{shown}"


def suffer(injury: Injury, folder: Path) -> str:
    """Send a damaged file all the way; says "rendered" or which error refused it.

    Asserts that it ends in time, as a verified rendition or one line, and leaves nothing open or behind.
    """
    path = folder / injury.name
    path.write_bytes(damaged(injury.victim.read_bytes(), injury.kind, injury.name))
    before, started = _held(), time.monotonic()
    bench = bench_in(folder, encode_minutes=0.2, child_memory_mb=2000)
    try:
        renditions = _all_the_way(path, folder)
    except StoryrelayError as error:
        outcome = type(error).__name__
        _check_refusal(error, path)
    else:
        outcome = "rendered"
        for rendition in renditions:
            _check_rendition(rendition)
    assert time.monotonic() - started < MOST_SECONDS, injury
    assert left_behind(bench) == [], injury
    assert _held() == before, injury
    assert len(list(bench.folder.glob("*"))) % 2 == 0, injury  # each file with its facts
    return outcome


def _all_the_way(path: Path, folder: Path) -> list[Rendition]:
    bench = bench_in(folder, encode_minutes=0.2, child_memory_mb=2000)
    found = Found(path, fingerprint(path.stat()))
    asset = load_asset(found, LoadTerms(0, MOST_MEGAPIXELS, UTC))
    recipe = recipe_for(asset, FakeDestination(PROFILE.name), SETTINGS)
    parts = range(1, min(MOST_PARTS, len(recipe.parts)) + 1)
    return [render(Order(asset, recipe, part), bench) for part in parts]


def _check_refusal(error: StoryrelayError, path: Path) -> None:
    message = str(error)
    assert path.name in message, message
    assert "\n" not in message, message
    assert TEMPORARY_PREFIX not in message, message  # nobody will find that file any more
    assert len(message) < 600, message
    assert error.exit_code in (0, 3), (type(error), message)


def _check_rendition(rendition: Rendition) -> None:
    facts = probe(rendition.path)
    assert (facts.width, facts.height) == CANVAS
    assert facts.bytes == rendition.bytes <= PROFILE.video.max_bytes


def _held() -> tuple[int, list[str]]:
    """How many files are open, and which children there are."""
    children = [task.read_text() for task in Path("/proc/self/task").glob("*/children")]
    return len(list(Path("/proc/self/fd").iterdir())), sorted(" ".join(children).split())
