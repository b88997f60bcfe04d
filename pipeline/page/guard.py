"""Who may ask for what: every request passes here first, and every answer gets its headers here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import EnvironmentFault
from pipeline.handoff.paired import Paired
from pipeline.page.site import Site

PRIVATE = ("/api/", "/media/", "/poster/")
PAIRING = "/api/pair"
TOKEN = "x-storyrelay-token"  # noqa: S105 - the name of a header
MOST_BODY_BYTES = 4096
MISDIRECTED = 421
UNPAIRED = 401
FORBIDDEN = 403
TOO_LARGE = 413
NOT_JSON = 415
UNAVAILABLE = 503

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "web-share=(self), clipboard-write=(self), camera=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Refused(Exception):
    """Why a request isn't answered: a status and one word, nothing about what is here."""

    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.error = error
        super().__init__(error)


@dataclass(frozen=True, slots=True)
class Guard:
    """The outermost layer."""

    app: ASGIApp
    site: Site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await self._check(scope)
        except Refused as refused:
            answer = JSONResponse({"error": refused.error}, refused.status)
            await answer(scope, receive, send_safely)
            return
        await self.app(scope, receive, send_safely)

    async def _check(self, scope: Scope) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        origin = origin_asked(headers, self.site.origins)
        changing = scope["method"] not in ("GET", "HEAD")
        if changing:
            check_same_origin(headers, origin)
            check_body(headers)
        if not path.startswith(PRIVATE):
            return
        check_fetched_by_the_page(headers)
        if path == PAIRING:
            return
        key = key_of(headers, origin)
        scope.setdefault("state", {})["phone"] = await self._phone(key)
        scope["state"]["key"] = key
        if changing and not compare_digest(headers.get(TOKEN, "").encode(), token_of(key).encode()):
            raise Refused(FORBIDDEN, "token")

    async def _phone(self, key: str) -> Paired:
        try:
            phone = await run_in_threadpool(self.site.phones.known, key) if key else None
        except EnvironmentFault:
            raise Refused(UNAVAILABLE, "unavailable") from None
        if phone is None:
            raise Refused(UNPAIRED, "unpaired")
        with suppress(EnvironmentFault):  # a full disk locks nobody out
            await run_in_threadpool(self.site.phones.saw, phone, self.site.clock())
        return phone


def origin_asked(headers: Headers, origins: Mapping[str, str]) -> str:
    """The origin of the one Host that was asked for; no foreign name that leads here (DNS rebinding)."""
    hosts = headers.getlist("host")
    origin = origins.get(hosts[0].lower()) if len(hosts) == 1 else None
    if origin is None:
        raise Refused(MISDIRECTED, "host")
    return origin


def check_same_origin(headers: Headers, origin: str) -> None:
    """Only our own page may change anything; every browser names the origin of a POST."""
    if headers.getlist("origin") != [origin] or headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused(FORBIDDEN, "origin")


def check_fetched_by_the_page(headers: Headers) -> None:
    """No other site may embed what is private, whatever it can make of it. Old browsers don't tell."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Refused(FORBIDDEN, "origin")


def check_body(headers: Headers) -> None:
    """What is said is short, and JSON, which no plain form can send."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(NOT_JSON, "json")
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY_BYTES:
        raise Refused(TOO_LARGE, "large")


def cookie_name(origin: str) -> str:
    """Over TLS a browser holds the cookie to this very host; on http://localhost some refuse that name."""
    return "__Host-storyrelay" if origin.startswith("https:") else "storyrelay"


def key_of(headers: Headers, origin: str) -> str:
    """The key in the cookie, or nothing. A browser sends the cookies of every port of localhost along."""
    return cookie_parser(headers.get("cookie", "")).get(cookie_name(origin), "")


def token_of(key: str) -> str:
    """What our page must say beside the cookie, which a browser sends along by itself."""
    return hashlib.sha256(b"token:" + key.encode(errors="replace")).hexdigest()
