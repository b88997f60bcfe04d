"""The files that a sidecar names: further pictures, stickers, music. They belong to its story alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import AssetError, SidecarError
from pipeline.load.settled import check_settled
from pipeline.model import Decor, Material, Sidecar
from pipeline.tools.files import sha256_of
from pipeline.tools.probe import probe

RETRY = "storyrelay retry FILE"


def materials_of(sidecar: Sidecar, settle_seconds: float, max_megapixels: int) -> tuple[Material, ...]:
    """Every file that the sidecar or one of its variants needs, hashed and probed, each once.

    Raises NotReadyError when one is still being written, SidecarError when one isn't there or can't be used.
    """
    decors = [sidecar.decor, *(variant.decor for variant in sidecar.variants.values())]
    sounds = {path for decor in decors for path in _sounds(decor)}
    files = dict.fromkeys(path for decor in decors for path in decor.files)
    loaded: list[Material] = []
    problems: list[str] = []
    for path in files:
        try:
            loaded.append(_loaded(path, path in sounds, settle_seconds, max_megapixels))
        except FileNotFoundError:
            problems.append(f"{_name(sidecar)}: {path} isn't there; put it there, then: {RETRY}")
        except OSError as fault:
            problems.append(f"{_name(sidecar)}: {path.name} can't be read: {fault.strerror}")
        except AssetError as unusable:
            problems.append(f"{_name(sidecar)}: {unusable}")
    if problems:
        raise SidecarError("\n".join(problems))
    return tuple(loaded)


def _sounds(decor: Decor) -> Iterator[Path]:
    yield from (tune.file for tune in (decor.music, decor.voice) if tune)


def _loaded(path: Path, is_sound: bool, settle_seconds: float, max_megapixels: int) -> Material:  # noqa: FBT001
    check_settled(path, settle_seconds)
    if not is_sound:
        facts = probe(path, max_megapixels)
        return Material(path, sha256_of(path), facts, facts.duration_s)
    from pipeline.tools.probe_sound import sound_seconds  # PyAV takes 0.1 s to import

    return Material(path, sha256_of(path), None, sound_seconds(path))


def _name(sidecar: Sidecar) -> str:
    return sidecar.path.name if sidecar.path else "the sidecar"
