"""Which connected phone is meant, whether it can take a story, and its gallery: all through adb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.tools.adb import USABLE, Listed, phones
from pipeline.tools.adb_phone import DOCTOR, RECONNECT, Phone, Reply
from pipeline.tools.clock import monotonic_s, pause

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings

SHARED = "/sdcard"
SHARED_BY_ITS_NAME = "/storage/emulated/0"
"""The same folder as the media index knows it."""
SDK_OF_ANDROID_11 = 30
POLL_S = 0.2
SDK = ("getprop", "ro.build.version.sdk")

_ROW_ID = re.compile(r"^Row: \d+ _id=(\d+)$")
_TROUBLE = {
    "unauthorized": 'hasn\'t allowed this computer. Next: unlock it and accept "Allow USB debugging"',
    "offline": "is offline. Next: reconnect its cable, or its Wi-Fi, then storyrelay phone devices",
    "no permissions": "may not be used by this account. Next: udev rules for Android (Debian: adb has them)",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a phone can take a story; `sdk` is Android's API level, None isn't known."""

    sdk: int
    installed: bool
    free_bytes: int | None


def meant(wanted: str | None, listed: Sequence[Listed]) -> Listed:
    """The one phone that is meant: `wanted`, else the only usable one, else the only one on a cable.

    Raises TryAgain with what to do.
    """
    usable = [phone for phone in listed if phone.state == USABLE and wanted in (None, phone.serial)]
    on_a_cable = [phone for phone in usable if phone.usb]
    if len(usable) == 1 or len(on_a_cable) == 1:
        return (on_a_cable or usable)[0]
    if usable:
        names = ", ".join(phone.serial for phone in usable)
        raise TryAgain(f"{len(usable)} phones are connected ({names}). Next: set `phone.serial` to one")
    raise TryAgain(_why_none(wanted, listed))


def _why_none(wanted: str | None, listed: Sequence[Listed]) -> str:
    mine = next((phone for phone in listed if wanted in (None, phone.serial)), None)
    if mine is None and wanted:
        others = ", ".join(phone.serial for phone in listed) or "none"
        return f"the phone {wanted} isn't connected (but: {others}). Next: connect it, or set `phone.serial`"
    if mine is None:
        return "no phone is connected. Next: a USB cable, USB debugging on, then storyrelay phone devices"
    trouble = next((told for state, told in _TROUBLE.items() if mine.state.startswith(state)), None)
    return f"the phone {mine.serial} {trouble or f'is in state {mine.state}. {RECONNECT}'}"


def connected(chosen: PhoneSettings) -> Phone:
    """The phone that is meant. Raises TryAgain when there is none, or no adb."""
    try:
        listed = phones(chosen.serial, chosen.appear_seconds)
    except EnvironmentFault as missing:
        raise TryAgain(str(missing)) from missing
    return Phone(meant(chosen.serial, listed).serial, chosen.answer_seconds)


def examine(phone: Phone, package: str) -> Facts:
    """Android's level, whether the package is installed, and how much room there is, in one call."""
    sdk, packages, room = phone.ask(
        SDK,
        ("pm", "list", "packages", package),
        ("stat", "-f", "-c", "%a %S", SHARED),
    )
    if packages.returncode != 0:  # it is still starting up
        raise TryAgain(f"the phone {phone.serial} isn't ready: {packages.text}. {RECONNECT}")
    free = re.fullmatch(r"(\d+) (\d+)", room.text)
    return Facts(
        sdk=_number(sdk),
        installed=f"package:{package}" in packages.lines,
        free_bytes=int(free[1]) * int(free[2]) if free else None,
    )


def why_not(phone: Phone, facts: Facts, chosen: PhoneSettings, needed_bytes: int = 0) -> str | None:
    """Why this phone can't take a story now, or None."""
    if not facts.installed:
        return (
            f"{chosen.package} isn't installed on the phone {phone.serial}. Next: install it, or set "
            "`phone.package` to the one you use"
        )
    needed_bytes += chosen.spare_mb * 1_000_000
    if facts.free_bytes is not None and facts.free_bytes < needed_bytes:
        left = facts.free_bytes // 1_000_000
        return f"the phone {phone.serial} has only {left} MB free. Next: make room on it"
    return None


def place_for(name: str, mime: str, folder: str) -> str:
    """Where a file goes on the phone: its gallery shows these two folders."""
    return f"{SHARED}/{'Movies' if mime.startswith('video/') else 'Pictures'}/{folder}/{name}"


def lay(phone: Phone, source: Path, target: str, sdk: int, chosen: PhoneSettings) -> str:
    """Copy a file into the gallery; its content URI. The name must be new: the index reuses its rows' ids."""
    scan, found = phone.push(source, target, chosen.push_seconds, _scan(target, sdk), _query(target))
    begun = monotonic_s()
    while not (uri := _uri(found.lines, target)):  # the scan may go on after its answer
        if monotonic_s() - begun > chosen.index_seconds:
            why = f"its answer to the scan: {scan.text or 'none'}"
            raise TryAgain(f"the phone's gallery didn't take the file ({why}). {DOCTOR}")
        pause(POLL_S)
        (found,) = phone.ask(_query(target))
    return uri


def take_away(phone: Phone, targets: Sequence[str]) -> None:
    """Remove files, and their rows in the index: without a scan of the removed path a ghost stays."""
    (sdk,) = phone.ask(SDK)
    for target in targets:
        removed, _ = phone.ask(("rm", "-f", target), _scan(target, _number(sdk)))
        if removed.returncode != 0:
            raise TryAgain(f"the phone kept {target}: {removed.text}")


def indexed(phone: Phone, target: str) -> bool:
    """Whether the gallery's index knows a file."""
    (found,) = phone.ask(_query(target))
    return _uri(found.lines, target) is not None


def _number(reply: Reply) -> int:
    return int(reply.text) if reply.text.isdigit() else 0


def _scan(target: str, sdk: int) -> tuple[str, ...]:
    path = target.replace(SHARED, SHARED_BY_ITS_NAME, 1)
    if sdk >= SDK_OF_ANDROID_11:
        return ("content", "call", "--uri", "content://media", "--method", "scan_file", "--arg", path)
    return ("am", "broadcast", "-a", "android.intent.action.MEDIA_SCANNER_SCAN_FILE", "-d", f"file://{path}")


def _collection(target: str) -> str:
    kind = "video" if target.startswith(f"{SHARED}/Movies/") else "images"
    return f"content://media/external/{kind}/media"


def _query(target: str) -> tuple[str, ...]:
    where = f"_display_name='{PurePosixPath(target).name}'"
    return ("content", "query", "--uri", _collection(target), "--projection", "_id", "--where", where)


def _uri(lines: Sequence[str], target: str) -> str | None:
    ids = [found[1] for line in lines if (found := _ROW_ID.match(line))]
    return f"{_collection(target)}/{ids[-1]}" if ids else None
