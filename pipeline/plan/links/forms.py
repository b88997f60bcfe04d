"""The forms in which a link to WhatsApp comes, each to the one that works everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.plan.links.cleaning import Address
from pipeline.plan.links.codes import Finding, finding
from pipeline.plan.links.messages import encoded, parameters_in
from pipeline.plan.links.numbers import number_in

OPAQUE = {
    "message": r"[A-Za-z0-9_-]+",
    "qr": r"[A-Za-z0-9_-]+",
    "c": r"[0-9]{7,15}",
    "catalog": r"[0-9]{7,15}",
    "p": r"[0-9]+/[0-9]{7,15}",
}
"""Valid links of wa.me whose target only WhatsApp knows: short links, catalogues, products."""
CHANNEL = re.compile(r"/channel/([A-Za-z0-9_-]+)")
GROUP = re.compile(r"/(?:invite/)?([A-Za-z0-9_-]{18,26})")  # 22 today; no published rule
SHORT_HOSTS = frozenset({"wa.me", "www.wa.me"})
HOSTS = {
    "api.whatsapp.com": "W_LEGACY_API_HOST",
    "whatsapp.com": "W_LEGACY_API_HOST",
    "www.whatsapp.com": "W_LEGACY_API_HOST",
    "web.whatsapp.com": "W_WEB_HOST_DESKTOP_ONLY",
}
PAGES = frozenset({"whatsapp.com", "www.whatsapp.com"})
"""Hosts with ordinary web pages beside their links."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a link to WhatsApp comes to; `link` None when it can't work."""

    link: str | None
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    text: str | None = None


def chat_link(number: str | None, text: str | None) -> str:
    """The form to prefer everywhere. `number` is digits with the country code."""
    return f"https://wa.me/{number or ''}" + (f"?text={encoded(text)}" if text else "")


def form_of(address: Address, region: str | None) -> Form | None:
    """What a web address of WhatsApp, or one that is meant to be, comes to; None when it is another page."""
    if address.host in SHORT_HOSTS:
        return _short(address, region)
    if address.host == "chat.whatsapp.com":
        return _group(address)
    if address.host in HOSTS:
        return _long(address, region)
    if _looks_meant(address):
        return Form(None, (finding("E_NOT_WHATSAPP", address.authority + address.rest),))
    return None


def app_form(address: Address, region: str | None) -> Form:
    """What an address comes to that opens an app: only `whatsapp://send` has a web address."""
    if address.scheme == "intent":
        return Form(None, (finding("E_INTENT_SCHEME"),))
    if address.scheme == "whatsapp" and address.host == "send":
        return _chat("", address.rest, region, finding("W_APP_SCHEME"))
    return Form(None, (finding("E_APP_SCHEME_NOT_CONVERTIBLE", address.scheme),))


def _short(address: Address, region: str | None) -> Form:
    path, rest = _path_and_rest(address)
    kind, _, inside = path.partition("/")
    if kind in OPAQUE:
        return _opaque(kind, inside.rstrip("/"))
    return _chat("" if kind == "send" else path, rest, region)


def _long(address: Address, region: str | None) -> Form | None:
    channel = CHANNEL.match(address.rest)
    if channel and address.host in PAGES:
        return Form(f"https://whatsapp.com/channel/{channel.group(1)}", (finding("W_CANNOT_VERIFY"),))
    path, rest = _path_and_rest(address)
    kind, _, inside = path.partition("/")
    warning = finding(HOSTS[address.host])
    if kind in OPAQUE:
        kept = _opaque(kind, inside.rstrip("/"))
        return Form(kept.link, (warning, *kept.findings))
    if kind == "send" or re.search(r"[?&](?:phone|text)=", rest, re.IGNORECASE):
        return _chat(inside, rest, region, warning)
    if address.host in PAGES:
        return None
    return Form(None, (warning, finding("E_NO_NUMBER_NO_TEXT")))


def _path_and_rest(address: Address) -> tuple[str, str]:
    path = re.match(r"[^?&#]*", address.rest).group()  # type: ignore[union-attr]  # matches always
    return path.strip("/\\"), address.rest[len(path) :]


def _chat(path: str, rest: str, region: str | None, *before: Finding) -> Form:
    """A chat with the number of `phone=` or of the path, and the text of `text=`."""
    parameters = parameters_in(rest)
    written = unquote(parameters.phone or path, errors="replace").strip().strip("/")
    text = parameters.text
    findings = [*before, *parameters.findings]
    if not written:
        code = "W_NO_RECIPIENT" if text else "E_NO_NUMBER_NO_TEXT"
        return Form(chat_link(None, text) if text else None, (*findings, finding(code)), None, text)
    number = number_in(written, region)
    link = chat_link(number.digits, text) if number.digits else None
    return Form(link, (*findings, *number.findings), number.digits, text)


def _opaque(kind: str, code: str) -> Form:
    if not re.fullmatch(OPAQUE[kind], code):
        return Form(None, (finding("E_NOT_WHATSAPP", f"wa.me/{kind}/{code}"),))
    return Form(f"https://wa.me/{kind}/{code}", (finding("W_CANNOT_VERIFY"),))


def _group(address: Address) -> Form:
    path = _path_and_rest(address)[0]
    code = GROUP.fullmatch(f"/{path}")
    if code is None:
        return Form(None, (finding("E_GROUP_CODE", path),))
    return Form(f"https://chat.whatsapp.com/{code.group(1)}", (finding("W_GROUP_INVITE"),))


def _looks_meant(address: Address) -> bool:
    """A misspelt host with a number or `phone=` behind it: a tap would go to a stranger's page."""
    near = re.search(r"^(www\.)?wa\.[a-z]{2,3}$|^wa\.me\.|wh?at?s+\.?ap", address.host)
    numbered = re.match(r"/\+?[\d\s().-]{7,}([/?&#]|$)|.*[?&]phone=", address.rest, re.DOTALL)
    return bool(near and numbered)
