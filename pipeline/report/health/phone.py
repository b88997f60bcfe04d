"""The phone behind adb, and what only a real one can tell, as a report that may be shown to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.handset import (
    SDK_OF_ANDROID_11,
    connected,
    examine,
    indexed,
    known_phones,
    lay,
    place_for,
    scan_by_method,
    take_away,
    why_not,
    why_not_now,
)
from pipeline.handoff.intents import CONSUMER, Intent, am_start, send, share_to_status, who_takes
from pipeline.model import Texts
from pipeline.report.health.check import Check, Result
from pipeline.tools.adb import INSTALL, find_adb, version
from pipeline.tools.adb_phone import Phone
from pipeline.tools.clock import fresh_name, monotonic_s

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings, Settings

PICTURE = (1080, 1920)
MIME = "image/jpeg"
CAPTION = "storyrelay: a test, don't send it"
SOME_PHOTOS = "android.permission.READ_MEDIA_VISUAL_USER_SELECTED"
ALL_PHOTOS = ("android.permission.READ_MEDIA_IMAGES", "android.permission.READ_EXTERNAL_STORAGE")

HIDDEN = "…"

Look = Callable[[], str]
"""Lets the person look at the phone; what they saw."""


def needs_adb(settings: Settings) -> bool:
    """Whether a channel leads over adb."""
    return any(
        chosen.enabled and not {"intent", "status"}.isdisjoint(chosen.channels)
        for chosen in settings.destinations.values()
    )


def adb_check(*, wanted: bool) -> Check:
    """Whether there is an adb, where a channel needs it."""
    try:
        return Check("adb", "ok", f"{version()} at {find_adb()}")
    except (EnvironmentFault, TryAgain) as fault:
        if wanted:
            return Check("adb", "fail", str(fault).partition(". Next:")[0], INSTALL)
        return Check("adb", "ok", "isn't there, and no channel needs it")


def phone_checks(chosen: PhoneSettings, opening: str | None, look: Look) -> Iterator[Check]:
    """Everything about the connected phone. A test picture is put into its gallery and taken away again.

    With `opening` ("intent" or "status") it is opened in WhatsApp, and kept until `look` returns.
    """
    adb = adb_check(wanted=True)
    yield adb
    if adb.status != "fail":
        try:
            phone = connected(chosen)
        except TryAgain as reason:
            yield _failed("phone", reason)
        else:
            yield from _on(phone, chosen, opening, look)


def without_numbers(checks: Iterable[Check], chosen: PhoneSettings) -> Iterator[Check]:
    """The same with every phone's number, or address in the network, left out."""
    names: frozenset[str] = frozenset()
    for check in checks:
        hidden = check
        if check.name != "adb":  # there is one, then
            names = names or known_phones(chosen)
        for name in names:
            fix = check.fix and hidden.fix and hidden.fix.replace(name, HIDDEN)
            hidden = replace(hidden, detail=hidden.detail.replace(name, HIDDEN), fix=fix)
        yield hidden


def _on(phone: Phone, chosen: PhoneSettings, opening: str | None, look: Look) -> Iterator[Check]:
    yield _answered("phone", lambda: _android(phone))
    yield _answered("whatsapp", lambda: _whatsapp(phone, chosen))
    yield _answered("photos", lambda: _photos(phone, chosen.package))
    yield _answered("screen", lambda: _screen(phone, chosen))
    try:
        with _picture_on(phone, chosen) as (found, uri):
            yield from found
            for kind in ("intent", "status") if chosen.package == CONSUMER else ("intent",):
                yield _answered(kind, partial(_taken, phone, kind, _intent(kind, uri, chosen)))
            if opening:
                yield _answered("opened", lambda: _opened(phone, _intent(opening, uri, chosen)))
                yield Check("seen", "ok", f"by {opening}: {look()}")
    except TryAgain as reason:
        yield _failed("gallery", reason)


def _answered(name: str, ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except TryAgain as reason:
        return _failed(name, reason)


def _failed(name: str, reason: TryAgain) -> Check:
    what, _, fix = str(reason).partition(". Next: ")
    return Check(name, "fail", what, fix or None)


def _android(phone: Phone) -> Check:
    keys = ("ro.product.manufacturer", "ro.product.model", "ro.build.version.release", "ro.build.version.sdk")
    maker, model, release, sdk = (reply.text for reply in phone.ask(*(("getprop", key) for key in keys)))
    return Check("phone", "ok", f"{maker} {model}, Android {release} (API {sdk})".strip())


def _whatsapp(phone: Phone, chosen: PhoneSettings) -> Check:
    reason = why_not(phone, examine(phone, chosen.package), chosen)
    if reason:
        return _failed("whatsapp", TryAgain(reason))
    found = re.search(r"versionName=(\S+)", _dumped(phone, chosen.package))
    return Check("whatsapp", "ok", f"{chosen.package} {found[1] if found else 'of an unknown version'}")


def _photos(phone: Phone, package: str) -> Check:
    """Over adb WhatsApp reads the file by its own right, so "selected photos only" isn't enough."""
    granted = set(re.findall(r"(android\.permission\.\w+): granted=true", _dumped(phone, package)))
    fix = "on the phone: Settings, Apps, WhatsApp, Permissions, Photos and videos: Always allow all"
    if granted.intersection(ALL_PHOTOS):
        return Check("photos", "ok", "WhatsApp may read all photos")
    if SOME_PHOTOS in granted:
        return Check("photos", "warn", "WhatsApp may read selected photos only", fix)
    return Check("photos", "unknown", "the phone doesn't tell whether WhatsApp may read photos")


def _screen(phone: Phone, chosen: PhoneSettings) -> Check:
    facts = examine(phone, chosen.package)
    reason = why_not_now(phone, facts)
    if reason:
        return replace(_failed("screen", TryAgain(reason)), status="warn")
    if facts.screen == "unknown":
        return Check("screen", "unknown", "the phone doesn't tell whether it is locked")
    return Check("screen", "ok", "on and unlocked")


def _dumped(phone: Phone, package: str) -> str:
    return phone.ask(("dumpsys", "package", package))[0].text


@contextmanager
def _picture_on(phone: Phone, chosen: PhoneSettings) -> Iterator[tuple[list[Check], str]]:
    """A test picture in the gallery while the block lasts, how long it took to be there, and by which way."""
    target = place_for(f"storyrelay-test-{fresh_name()[:12]}.jpg", MIME, chosen.folder)
    sdk = examine(phone, chosen.package).sdk
    with TemporaryDirectory() as folder:
        begun = monotonic_s()
        try:
            uri = lay(phone, _picture(Path(folder)), target, sdk, chosen)
            told = f"a picture was there in {monotonic_s() - begun:.1f} s as {uri.rpartition('/')[0]}/…"
            yield [Check("gallery", "ok", told), *_scanned(phone, target, sdk)], uri
        finally:
            take_away(phone, sdk, [target])
            if indexed(phone, target):
                raise TryAgain("the gallery keeps a row of a removed picture. Next: delete it in the gallery")


def _scanned(phone: Phone, target: str, sdk: int) -> Iterator[Check]:
    """Whether an Android before 11 knows the newer way too, which nobody has told so far."""
    if sdk < SDK_OF_ANDROID_11:
        (reply,) = phone.ask(scan_by_method(target))
        status: Result = "ok" if "content://" in reply.text else "unknown"
        yield Check("scan_file", status, reply.text or "no answer")


def _picture(folder: Path) -> Path:
    from PIL import Image, ImageDraw  # only for this

    picture = Image.new("RGB", PICTURE, "#224466")
    ImageDraw.Draw(picture).text((80, 900), CAPTION, fill="white", font_size=56)
    picture.save(folder / "test.jpg", quality=80)
    return folder / "test.jpg"


def _intent(kind: str, uri: str, chosen: PhoneSettings) -> Intent:
    return share_to_status(uri) if kind == "status" else send(uri, MIME, Texts(CAPTION), chosen.package)


def _taken(phone: Phone, name: str, intent: Intent) -> Check:
    """Whether WhatsApp says that it takes an intent, told by the package manager without opening anything."""
    (reply,) = phone.ask(who_takes(intent))
    takers = [line for line in reply.lines if "/" in line and not line.startswith("priority")]
    if takers:
        return Check(name, "ok", f"{intent.action} is taken by {', '.join(takers)}")
    fix = f"leave `{name}` out of `channels`, or report it"
    return Check(name, "warn", f"{intent.action} is taken by nothing: {reply.text or 'no answer'}", fix)


def _opened(phone: Phone, intent: Intent) -> Check:
    (reply,) = phone.ask(am_start(intent))
    failed = "Status: ok" not in reply.lines
    return Check("opened", "warn" if failed else "ok", " | ".join(reply.lines))
