"""The few things that the program may ever tell a phone, word by word; whatever else was told is found."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

_FILE = r"(?:Movies|Pictures)/[A-Za-z0-9_-]{1,40}/storyrelay-(?:\d+|test)-[0-9a-f]{12}\.(?:jpg|mp4)"
_OURS, _INDEXED = f"/sdcard/{_FILE}", f"/storage/emulated/0/{_FILE}"
_WHATSAPP = r"com\.whatsapp(?:\.w4b)?"
_TABLE = r"content://media/external/(?:images|video)/media"
_STREAM = ("--eu", r"android\.intent\.extra\.STREAM", rf"{_TABLE}/\d+")
_READ = "--grant-read-uri-permission"
_SEND = (
    *("-a", r"android\.intent\.action\.SEND", "-d", rf"{_TABLE}/\d+", "-t", "(?:image|video)/[a-z0-9]+"),
    *_STREAM,
)
_STATUS = (
    *("-a", r"android\.intent\.action\.VIEW", "-d", r"https://wa\.me/status", *_STREAM),
    *("--es", "share_type", "SHARE_TO_STATUS", "--es", "source_app_package_name", r"com\.android\.shell"),
    *(_READ, "--grant-prefix-uri-permission", "-p", r"com\.whatsapp"),
)
_INTENTS = (
    (*_SEND, _READ, "-p", _WHATSAPP),
    (*_SEND, "--es", r"android\.intent\.extra\.TEXT", ".*", _READ, "-p", _WHATSAPP),
    _STATUS,
)
_SCANNER = r"android\.intent\.action\.MEDIA_SCANNER_SCAN_FILE"
_ABOUT = r"ro\.(?:build\.version\.(?:sdk|release)|serialno|product\.(?:manufacturer|model))"

PROGRAMS: tuple[tuple[str, ...], ...] = (
    ("getprop", _ABOUT),
    ("pm", "list", "packages", _WHATSAPP),
    ("dumpsys", "power"),
    ("dumpsys", "window", "policy"),
    ("dumpsys", "package", _WHATSAPP),
    ("stat", "-f", "-c", "%a %S", "/sdcard"),
    ("stat", "-c", "%s", _OURS),
    ("rm", "-f", _OURS),
    ("content", "call", "--uri", "content://media", "--method", "scan_file", "--arg", _INDEXED),
    (
        *("content", "query", "--uri", _TABLE, "--projection", "_id"),
        *("--where", r"_display_name='storyrelay-(?:\d+|test)-[0-9a-f]{12}\.(?:jpg|mp4)'"),
    ),
    ("am", "broadcast", "-a", _SCANNER, "-d", f"file://{_INDEXED}"),
    *(("am", "start", "-W", *intent) for intent in _INTENTS),
    *(("cmd", "package", "query-activities", "--brief", *intent) for intent in _INTENTS),
)
SERVICES = re.compile(
    rb"shell(?:,v2(?:,TERM=[\w-]+)?(?:,raw)?)?:(?:\w.*)"
    rb"|sync:"
    rb"|reverse:(?:forward:(?:norebind:)?tcp:\d+;tcp:\d+|list-forward|killforward:tcp:\d+|killforward-all)",
    re.DOTALL,
)
"""What adb itself asks of a phone for `shell`, `push` and `reverse`; no root, no reboot, no other port."""


_NAMES = frozenset(program[0] for program in PROGRAMS)


def unexpected(services: Sequence[bytes], calls: Sequence[Sequence[str]]) -> Iterator[str]:
    """What was told besides."""
    for service in services:
        head, _, script = service.decode(errors="replace").partition(":")
        if not SERVICES.fullmatch(service) or (
            head.startswith("shell") and not _NAMES.issuperset(_named(script))
        ):
            yield f"{head}:{script}"
    yield from (" ".join(call) for call in calls if not any(_is(call, allowed) for allowed in PROGRAMS))


def _named(script: str) -> Iterator[str]:
    """The programs that a script calls, whether the stand-in has them or not: ours come one after a mark."""
    begins = True
    for word in shlex.split(script):
        if begins:
            yield word
        begins = word.startswith("__rc_") and word.endswith("=$?;")


def _is(call: Sequence[str], allowed: Sequence[str]) -> bool:
    return len(call) == len(allowed) and all(
        re.fullmatch(pattern, word, re.DOTALL) for pattern, word in zip(allowed, call, strict=True)
    )
