"""The files that a sidecar names: further pictures, stickers, music. They belong to its story alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import AssetError, SidecarError, UnreadableError
from pipeline.load.settled import check_settled
from pipeline.model import Decor, Material, Sidecar
from pipeline.tools.faults import may_pass
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

RETRY = "storyrelay retry FILE"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a file must have been left alone, and the largest picture."""

    settle_seconds: float
    max_megapixels: int


def materials_of(sidecar: Sidecar, patience: Patience, logo: Path | None = None) -> tuple[Material, ...]:
    """Every file that the sidecar or one of its variants needs, hashed and probed, each once; so the logo.

    Raises NotReadyError when one is still being written, SidecarError when one isn't there or can't be used,
    UnreadableError when its disk fails.
    """
    decors = [sidecar.decor, *(variant.decor for variant in sidecar.variants.values())]
    sounds = {path for decor in decors for path in _sounds(decor)}
    files = dict.fromkeys(path for decor in decors for path in decor.files)
    loaded: list[Material] = []
    problems: list[str] = []
    for path in (*files, *([logo] if logo and logo not in files else ())):
        where = "the watermark" if path == logo else _name(sidecar)
        try:
            loaded.append(_loaded(path, patience, is_sound=path in sounds))
        except FileNotFoundError:
            problems.append(f"{where}: {path} isn't there; put it there, then: {RETRY}")
        except OSError as fault:
            why = f"{where}: {path.name} can't be read: {fault.strerror}"
            if may_pass(fault):
                raise UnreadableError(why) from fault
            problems.append(why)
        except AssetError as unusable:
            if may_pass(unusable):
                raise
            problems.append(f"{where}: {unusable}")
    if problems:
        raise SidecarError("\n".join(problems))
    return tuple(loaded)


def _sounds(decor: Decor) -> Iterator[Path]:
    yield from (tune.file for tune in (decor.music, decor.voice) if tune)


def _loaded(path: Path, patience: Patience, *, is_sound: bool) -> Material:
    check_settled(path, patience.settle_seconds)
    if not is_sound:
        facts = probe(path, patience.max_megapixels)
        return Material(path, sha256_of(path), facts, facts.duration_s)
    from pipeline.tools.probe_sound import sound_seconds  # PyAV takes 0.1 s to import

    return Material(path, sha256_of(path), None, sound_seconds(path))


def _name(sidecar: Sidecar) -> str:
    return sidecar.path.name if sidecar.path else "the sidecar"
