"""What can be asked of the page: its routes, each a few lines over the part that knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pipeline.errors import EnvironmentFault, StoryrelayError
from pipeline.handoff.paired import Paired
from pipeline.ledger.answers import Answer
from pipeline.page.guard import Guard, Refused, cookie_name, key_of, origin_asked, token_of
from pipeline.page.look import asset_of, on_its_way, packed_asset, page_in
from pipeline.page.media import GONE, media_of, number_of, poster_file
from pipeline.page.pairing import Patience, called_by
from pipeline.page.saying import body_of, say, verb_of, word_of
from pipeline.page.shelf import board_as_json, board_of
from pipeline.page.site import Site
from pipeline.page.speech import spoken

SECRET = re.compile(r"[A-Za-z0-9_-]{20,100}", re.ASCII)
A_YEAR_S = 365 * 24 * 3600
TOO_MANY = 429
FORBIDDEN = 403
UNAVAILABLE = 503


def app_of(site: Site) -> Guard:
    """The whole page as one ASGI app."""
    routes = [
        Route("/", _page),
        Route("/healthz", _health),
        Route("/manifest.webmanifest", _manifest),
        Route("/static/{name}", _static),
        Route("/api/stories", _stories),
        Route("/api/pair", _pair, methods=["POST"]),
        Route("/api/deliveries/{delivery}/{verb}", _say, methods=["POST"]),
        Route("/media/{delivery}/{name}", _media),
        Route("/poster/{delivery}", _poster),
    ]
    handlers: Any = {
        Refused: _refused,
        HTTPException: _http,
        EnvironmentFault: _unavailable,
        StoryrelayError: _unavailable,
        Exception: _bug,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False  # what isn't there isn't there
    app.state.site = site
    app.state.patience = Patience(site.clock)
    return Guard(app, site)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


async def _page(request: Request) -> Response:
    language = spoken(request.headers.get("accept-language", ""))
    headers = {"content-language": language, "vary": "accept-language, cookie"}
    site = _site(request)
    key = key_of(request.headers, origin_asked(request.headers, site.origins))
    phone = await run_in_threadpool(site.phones.known, key) if key else None
    board = await run_in_threadpool(_first_board, site, key, phone) if phone else None
    links = {"link": on_its_way(board)} if board and board["ready"] else {}
    return Response(page_in(language, board), media_type="text/html", headers=headers | links)


async def _health(_request: Request) -> Response:
    return JSONResponse({"ok": True})


async def _manifest(request: Request) -> Response:
    language = spoken(request.headers.get("accept-language", ""))
    return Response(asset_of("manifest.webmanifest", language)[0], media_type="application/manifest+json")


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    content, kind = asset_of(name)
    headers = {"vary": "accept-encoding"}
    if kind.startswith("text/") and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = packed_asset(name), headers | {"content-encoding": "gzip"}
    return Response(content, media_type=kind, headers=headers)


async def _stories(request: Request) -> Response:
    return await _board(request, 200)


async def _board(request: Request, status: int) -> Response:
    board = await run_in_threadpool(_told, _site(request), request.state.key, request.state.phone)
    return JSONResponse(board, status)


def _told(site: Site, key: str, phone: Paired) -> dict[str, Any]:
    return board_as_json(board_of(site)) | {"token": token_of(key), "phone": phone.name}


def _first_board(site: Site, key: str, phone: Paired) -> dict[str, Any]:
    """What comes with the page itself, and saves a wait: what is ready, if it can be read."""
    try:
        return _told(site, key, phone) | {"later": [], "done": []}
    except StoryrelayError:
        return {}


async def _say(request: Request) -> Response:
    verb = verb_of(request.path_params["verb"])
    number = number_of(request.path_params["delivery"])
    event = word_of(await body_of(request), "event")
    said = Answer(verb, number, _site(request).clock(), said=event)
    return await _board(request, await run_in_threadpool(say, _site(request), said))


async def _media(request: Request) -> Response:
    number, name = number_of(request.path_params["delivery"]), request.path_params["name"]
    rendition = await run_in_threadpool(media_of, _site(request), number, name)
    return await _file(rendition.path, rendition.mime)


async def _poster(request: Request) -> Response:
    number = number_of(request.path_params["delivery"])
    poster = await run_in_threadpool(poster_file, _site(request), number)
    return await _file(poster, "image/jpeg")


async def _file(path: Path, mime: str) -> Response:
    try:
        found = await run_in_threadpool(path.stat)
    except OSError:  # a run has just taken it away
        raise Refused(GONE, "gone") from None
    return FileResponse(path, media_type=mime, stat_result=found)


async def _pair(request: Request) -> Response:
    site, caller = _site(request), request.client.host if request.client else ""
    if not request.app.state.patience.lasts(caller):
        raise Refused(TOO_MANY, "slowly")
    secret = word_of(await body_of(request), "secret", SECRET)
    name = called_by(request.headers.get("user-agent", ""))
    key = await run_in_threadpool(site.phones.pair, secret, name, site.clock())
    if key is None:
        raise Refused(FORBIDDEN, "secret")
    answer = JSONResponse({"paired": True})
    origin = origin_asked(request.headers, site.origins)
    answer.set_cookie(
        cookie_name(origin),
        key,
        max_age=A_YEAR_S,
        secure=origin.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
    return answer


def _refused(_request: Request, refused: Refused) -> Response:
    return JSONResponse({"error": refused.error}, refused.status)


def _http(_request: Request, fault: HTTPException) -> Response:
    return JSONResponse({"error": "unknown"}, fault.status_code, headers=fault.headers)


def _unavailable(_request: Request, _fault: Exception) -> Response:
    return JSONResponse({"error": "unavailable"}, UNAVAILABLE)


def _bug(_request: Request, _fault: Exception) -> Response:
    return JSONResponse({"error": "bug"}, 500)
