"""What a worker does with a letter: fetch the files, make the rendition, lay it in the share."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from pipeline.errors import AssetError, StoryrelayError
from pipeline.execute.farm.letters import Answer, Letter, moved, opened_letter, sealed
from pipeline.execute.farm.likeness import differences, likeness
from pipeline.execute.farm.share import ASSETS, Share, open_share
from pipeline.tools.faults import passes
from pipeline.tools.files import TEMPORARY_PREFIX, sha256_of

UNDER_WAY = frozenset({"executing", "long-running"})
"""What dask calls a task that is wanted and worked on."""


def work(letter: str) -> str:
    """Answers a sealed letter. Raises OSError for what isn't the asset's fault: a full disk, a lost share."""
    try:
        return _answer(letter, *_surroundings())
    except StoryrelayError as fault:
        raise OSError(f"{socket.gethostname()}: {fault}") from None  # a class that everybody knows


def _answer(letter: str, scratch: Path, stop: Callable[[], bool]) -> str:
    opened = opened_letter(letter)
    if differences(opened.likeness, likeness()):
        return sealed(Answer(by=socket.gethostname(), likeness=likeness()))
    share = open_share(opened.share)
    found = share.rendition(opened.key)  # of one who died, or was lost, after he had laid it there
    if found is not None:
        return sealed(Answer(by=socket.gethostname(), rendition=found))
    scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=scratch) as folder:
        return sealed(_made(opened, share, Path(folder), stop))


def _made(letter: Letter, share: Share, folder: Path, stop: Callable[[], bool]) -> Answer:
    from pipeline.reformat import Bench, render  # with the engine behind it

    by = socket.gethostname()
    places: dict[str, Path] = {}
    for number, (path, sha256) in enumerate(letter.files.items()):
        places[path] = place = folder / str(number) / Path(path).name
        place.parent.mkdir()
        if not share.get(f"{ASSETS}/{sha256}", place) or sha256_of(place) != sha256:
            return Answer(by=by, damaged=sha256)
    bench = Bench(
        folder=folder / "store",
        scratch=folder / "scratch",
        threads=letter.threads,
        encode_minutes=letter.encode_minutes,
        child_memory_mb=letter.child_memory_mb,
        stop=stop,
    )
    try:
        made = render(moved(letter.order, places), bench)
    except AssetError as failure:
        if passes(failure):
            raise OSError(_at_home(str(failure), places)) from None
        return Answer(by=by, failed=type(failure).__name__, words=_at_home(str(failure), places))
    return Answer(by=by, rendition=share.lay(letter.key, made, folder))


def _at_home(words: str, places: dict[str, Path]) -> str:
    """A message that names the files as their owner knows them."""
    for path, place in places.items():
        words = words.replace(str(place), path)
    return words


def _surroundings() -> tuple[Path, Callable[[], bool]]:
    """A folder for scratch, and whether nobody waits for the work any more."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:  # not in a worker
        return Path(gettempdir()), lambda: False
    key = worker.get_current_task()

    def unwanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state not in UNDER_WAY

    return Path(worker.local_directory), unwanted
