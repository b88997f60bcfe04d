"""A link as it was pasted, cleaned of what came along, and taken apart without losing anything of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2066\u2067\u2068\u2069\ufeff"
)
"""Zero-width and direction marks: `str.strip` leaves them on."""
QUOTES = {'"': '"', "'": "'", "`": "`", "<": ">", "“": "”", "„": "“", "‘": "’", "«": "»", "(": ")", "[": "]"}  # noqa: RUF001 - as people's keyboards make them

_PLAIN_SPACE = " \t\r\n\f\v"
_WEB_SCHEME = re.compile(r"(https?)(?::[/\\]{0,3}|[/\\]{2})", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?:[/\\]{2})?", re.IGNORECASE)
_SHIMS = {
    "l.instagram.com": "u",
    "l.facebook.com": "u",
    "lm.facebook.com": "u",
    "l.messenger.com": "u",
    "l.wl.co": "u",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A link in pieces: `rest` is everything after the host, `host` in small letters without port."""

    scheme: str
    authority: str
    host: str
    rest: str


def cleaned(text: str) -> tuple[str, bool]:
    """The text without quotes and invisible characters around it, and whether there were any."""
    text = text.encode("utf-8", "replace").decode()  # half a character can't be part of an address
    bare = text.strip(_PLAIN_SPACE)
    shorter = bare
    while (unwrapped := _unwrapped(shorter)) != shorter:
        shorter = unwrapped
    return shorter, shorter != bare


def _unwrapped(text: str) -> str:
    text = text.strip().strip(INVISIBLE).strip()
    closing = QUOTES.get(text[:1])
    if closing is None or _begins_a_number(text):
        return text
    return text[1:].removesuffix(closing)


def _begins_a_number(text: str) -> bool:
    """`(11) 98765-4321` and `(+55) …` keep their brackets."""
    return bool(re.match(r"\(\+?\d{1,5}\)", text))


def address_of(text: str) -> Address:
    """The pieces of a cleaned link; "" is the scheme of one that has none.

    `urlsplit` isn't used: it drops line breaks silently, and a raw # or & of a text.
    """
    web = _WEB_SCHEME.match(text)
    other = None if web else _SCHEME.match(text)
    begun = web or other
    scheme = begun.group(1).lower() if begun else ""
    after = text[begun.end() :] if begun else text.removeprefix("//")
    authority = re.match(r"[^/\\?#&]*", after).group()  # type: ignore[union-attr]  # matches always
    host = authority.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    return Address(scheme, authority, host, after[len(authority) :])


def unwrapped_shim(address: Address) -> str | None:
    """The address inside one of a network's own redirects; None when it isn't one."""
    name = _SHIMS.get(address.host)
    inside = re.search(rf"[?&]{name}=([^&#]+)", address.rest) if name else None
    return unquote(inside.group(1), errors="replace") if inside else None
