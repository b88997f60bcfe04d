"""Which connected phone is meant, whether it can take a story, and its gallery: all through adb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.shelf import Laid, is_ours
from pipeline.tools.adb import USABLE, Listed, phones
from pipeline.tools.adb_phone import DOCTOR, RECONNECT, Phone, Reply
from pipeline.tools.clock import monotonic_s, pause
from pipeline.values import dataclass

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings

SHARED = "/sdcard"
SHARED_BY_ITS_NAME = "/storage/emulated/0"
"""The same folder as the media index knows it."""
SDK_OF_ANDROID_11 = 30
POLL_S = 0.2
SDK = ("getprop", "ro.build.version.sdk")
NUMBER = ("getprop", "ro.serialno")
SCREEN = (("dumpsys", "power"), ("dumpsys", "window", "policy"))

Screen = Literal["open", "off", "locked", "unknown"]

_ROW_ID = re.compile(r"^Row: \d+ _id=(\d+)$")
_AWAKE = re.compile(r"\bmWakefulness=(\w+)")
_LOCKED = re.compile(
    r"\b(?:mDreamingLockscreen|mShowingLockscreen|isStatusBarKeyguard|isKeyguardShowing)=true"
    r"|^KeyguardServiceDelegate\nshowing=true",
    re.MULTILINE,
)
"""How one or another Android says that its lock screen shows; none says it in another way than these."""
_TROUBLE = {
    "unauthorized": 'hasn\'t allowed this computer. Next: unlock it and accept "Allow USB debugging"',
    "offline": "is offline. Next: reconnect its cable, or its Wi-Fi, then storyrelay phone devices",
    "no permissions": "may not be used by this account. Next: udev rules for Android (Debian: adb has them)",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a phone can take a story; `sdk` is Android's API level, None isn't known.

    `number` is the phone's own, whatever line it is on; "" when it doesn't tell.
    """

    sdk: int
    number: str
    installed: bool
    free_bytes: int | None
    screen: Screen


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
    listed = _listed(chosen.serial, chosen)
    return Phone(meant(chosen.serial, listed).serial, chosen.answer_seconds)


def known_phones(chosen: PhoneSettings) -> frozenset[str]:
    """How adb calls the phones it knows, and the one that is chosen."""
    named = {chosen.serial} if chosen.serial else set()
    with suppress(TryAgain):
        named |= {phone.serial for phone in _listed(None, chosen)}
    return frozenset(named)


def _listed(wanted: str | None, chosen: PhoneSettings) -> tuple[Listed, ...]:
    try:
        return phones(wanted, chosen.appear_seconds)
    except EnvironmentFault as missing:
        raise TryAgain(str(missing)) from missing


def examine(phone: Phone, package: str) -> Facts:
    """Android's level, whether the package is installed, room and screen, in one call."""
    sdk, number, packages, room, *screen = phone.ask(
        SDK,
        NUMBER,
        ("pm", "list", "packages", package),
        ("stat", "-f", "-c", "%a %S", SHARED),
        *SCREEN,
    )
    if packages.returncode != 0:  # it is still starting up
        raise TryAgain(f"the phone {phone.serial} isn't ready: {packages.text}. {RECONNECT}")
    free = re.fullmatch(r"(\d+) (\d+)", room.text)
    return Facts(
        sdk=_number(sdk),
        number=number.text,
        installed=f"package:{package}" in packages.lines,
        free_bytes=int(free[1]) * int(free[2]) if free else None,
        screen=_screen(*(reply.text for reply in screen)),
    )


def _screen(power: str, policy: str) -> Screen:
    """What is opened behind a lock, or on a dark screen, nobody sees, and `am` tells little about it."""
    awake = _AWAKE.search(power)
    if awake and awake[1] != "Awake":
        return "off"
    if _LOCKED.search(policy):
        return "locked"
    return "open" if awake else "unknown"


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


def why_not_now(phone: Phone, facts: Facts) -> str | None:
    """Why nothing should be opened at this moment: nothing here wakes a phone, or unlocks it."""
    match facts.screen:
        case "off":
            return f"the phone {phone.serial} sleeps. Next: wake and unlock it; the next run opens the story"
        case "locked":
            return f"the phone {phone.serial} is locked. Next: unlock it; the next run opens the story"
        case _:
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


def take_away(phone: Phone, sdk: int, targets: Sequence[str]) -> None:
    """Remove files of ours, and their rows in the index: without a scan of the removed path a ghost stays."""
    foreign = [target for target in targets if not is_ours(target)]
    if foreign:
        message = f"{foreign} isn't ours"
        raise ValueError(message)
    steps = [step for target in targets for step in (("rm", "-f", target), _scan(target, sdk))]
    for target, removed in zip(targets, phone.ask(*steps)[::2], strict=True):
        if removed.returncode != 0:
            raise TryAgain(f"the phone kept {target}: {removed.text}")


def take_back(files: Sequence[Laid], chosen: PhoneSettings) -> None:
    """Remove files that lie on one phone, if it is there. Raises TryAgain when it isn't, or refuses.

    It may have another address by now, or its old one may be another phone's: its own number tells.
    """
    serial, number = files[0].serial, files[0].number
    usable = [phone for phone in _listed(serial, chosen) if phone.state == USABLE]
    for one in sorted(usable, key=lambda phone: phone.serial != serial):
        phone = Phone(one.serial, chosen.answer_seconds)
        sdk, found = phone.ask(SDK, NUMBER)
        if found.text == number if number and found.text else one.serial == serial:
            take_away(phone, _number(sdk), [laid.path for laid in files])
            return
    raise TryAgain(f"the phone {serial} isn't connected. {RECONNECT}")


def indexed(phone: Phone, target: str) -> bool:
    """Whether the gallery's index knows a file."""
    (found,) = phone.ask(_query(target))
    return _uri(found.lines, target) is not None


def _number(reply: Reply) -> int:
    return int(reply.text) if reply.text.isdigit() else 0


def scan_by_method(target: str) -> tuple[str, ...]:
    """The command that lets the gallery look at a file, since Android 11."""
    path = _as_indexed(target)
    return ("content", "call", "--uri", "content://media", "--method", "scan_file", "--arg", path)


def _scan(target: str, sdk: int) -> tuple[str, ...]:
    if sdk >= SDK_OF_ANDROID_11:
        return scan_by_method(target)
    where = f"file://{_as_indexed(target)}"  # no app gets to see it: only the scanner of that time does
    return ("am", "broadcast", "-a", "android.intent.action.MEDIA_SCANNER_SCAN_FILE", "-d", where)


def _as_indexed(target: str) -> str:
    return target.replace(SHARED, SHARED_BY_ITS_NAME, 1)


def _collection(target: str) -> str:
    kind = "video" if target.startswith(f"{SHARED}/Movies/") else "images"
    return f"content://media/external/{kind}/media"


def _query(target: str) -> tuple[str, ...]:
    where = f"_display_name='{PurePosixPath(target).name}'"
    return ("content", "query", "--uri", _collection(target), "--projection", "_id", "--where", where)


def _uri(lines: Sequence[str], target: str) -> str | None:
    ids = [found[1] for line in lines if (found := _ROW_ID.match(line))]
    return f"{_collection(target)}/{ids[-1]}" if ids else None
