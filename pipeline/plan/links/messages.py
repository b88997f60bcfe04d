"""The text that a link brings along, however it was encoded, and the parameters around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from pipeline.plan.links.codes import Finding, finding

_TEXT = re.compile(r"(?P<sign>[?&])(?:amp;)?(?P<name>text)=", re.IGNORECASE)
_PHONE = re.compile(r"(?P<sign>[?&])(?:amp;)?(?P<name>phone)=(?P<value>[^&#]*)", re.IGNORECASE)
_TRAILING = re.compile(
    r"&(?:amp;)?(?P<name>type|app_absent|phone|lang|source|data|context|fbclid|gclid|igsh|igshid|utm_\w+)"
    r"=(?P<value>[^&\s]*)$",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_MUST_BE_ENCODED = re.compile(r"[^A-Za-z0-9\-._~!$'()*,;:@/?+=%]|%(?![0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What follows the number or `send` in a link; `phone` and `text` are None where not given."""

    phone: str | None
    text: str | None
    findings: tuple[Finding, ...]


def encoded(text: str) -> str:
    """As a parameter: %20 for a space, because some apps show a + as it is."""
    return quote(text, safe="", errors="replace")


def parameters_in(rest: str) -> Parameters:
    """Reads `?phone=…&text=…` and what is nearly that.

    Everything after the last `text=` is the text, or a raw # or & would cut it off; only parameters that
    are surely no text are taken off its end.
    """
    text = next(reversed(list(_TEXT.finditer(rest))), None)
    before = rest[: text.start()] if text else rest
    phone = _PHONE.search(before)
    findings = [*_separator_findings(before, text), *_case_findings(text, phone)]
    if text is None:
        return Parameters(phone.group("value") if phone else None, None, tuple(findings))
    raw, late_phone = _without_trailing(rest[text.end() :])
    decoded, more = _decoded(raw)
    number = phone.group("value") if phone else late_phone
    return Parameters(number, decoded or None, (*findings, *more))


def _separator_findings(before: str, text: re.Match[str] | None) -> list[Finding]:
    signs = re.sub(r"[^?&]", "", before) + (text.group("sign") if text else "")
    found = []
    if signs.startswith("&"):
        found.append(finding("W_AMP_INSTEAD_OF_Q"))
    if signs.count("?") > 1:
        found.append(finding("W_DOUBLE_QUESTION"))
    return found


def _case_findings(*found: re.Match[str] | None) -> list[Finding]:
    return [finding("W_PARAM_CASE") for one in found if one and not one.group("name").islower()][:1]


def _without_trailing(raw: str) -> tuple[str, str | None]:
    phone = None
    while trailing := _TRAILING.search(raw):
        raw = raw[: trailing.start()]
        if trailing.group("name").lower() == "phone":
            phone = trailing.group("value")
    return raw, phone


def _decoded(raw: str) -> tuple[str, list[Finding]]:
    found = []
    if _MUST_BE_ENCODED.search(raw):
        found.append(finding("W_TEXT_NOT_ENCODED"))
    elif "+" in raw:
        raw = raw.replace("+", " ")  # how forms encode a space; in a raw text it is a plus
    text, utf8 = _unescaped(raw)
    while _ESCAPE.search(text):
        text, again_utf8 = _unescaped(text)
        utf8 = utf8 and again_utf8
        if not any(one.code == "W_DOUBLE_ENCODED" for one in found):
            found.append(finding("W_DOUBLE_ENCODED"))
    if not utf8:
        found.append(finding("W_TEXT_NOT_UTF8"))
    return text, found


def _unescaped(text: str) -> tuple[str, bool]:
    """Decoded once, and whether all of it was UTF-8; other bytes are read as Windows would."""
    decoded = unquote_to_bytes(text).decode("utf-8", "surrogateescape")
    if decoded.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in decoded):
        return decoded, True
    repaired = [
        sign.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        if "\udc80" <= sign <= "\udcff"
        else sign
        for sign in decoded
    ]
    return "".join(repaired), False
