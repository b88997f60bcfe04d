"""Which request is answered by whom, and who may ask."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie

from fakes.instagram import challenge, login, publishing, reading
from fakes.instagram.faults import REPLIES, Fault
from fakes.instagram.world import World
from fakes.servers.wire import Reply, Request, refusal

Handler = Callable[[World, str, Request], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint; an open one needs no session."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    open: bool = False


def route(method: str, pattern: str, handler: Handler) -> Route:
    return Route(method, re.compile(pattern), handler)


def open_route(method: str, pattern: str, handler: Handler) -> Route:
    return Route(method, re.compile(pattern), handler, open=True)


BLOKS = r"bloks/(?:async_action|apps)/com\.bloks\.www\."
ROUTES = (
    open_route("POST", r"graphql_www", login.register_device),
    open_route("POST", BLOKS + r"bloks\.caa\.login\.process_client_data_and_redirect/", login.open_login),
    open_route("POST", r"attestation/create_android_keystore/", login.attest),
    open_route("POST", BLOKS + r"caa\.login\.oauth\.token\.fetch\.async/", login.screen),
    open_route("GET", r"qe/sync/", login.password_keys),
    open_route("POST", r"(?:qe|launcher)/sync/", reading.done),
    open_route("POST", BLOKS + r"bloks\.caa\.login\.async\.send_login_request/", login.send_login),
    open_route("POST", BLOKS + r"two_step_verification\.verify_code\.async/", login.verify_totp),
    open_route("POST", BLOKS + r"two_step_verification\..*", login.screen),
    open_route("POST", BLOKS + r"ap\.two_step_verification\.entrypoint_async/", challenge.ap_entry),
    open_route("POST", BLOKS + r"ap\.two_step_verification\.code_entry/", challenge.ap_code),
    open_route("POST", BLOKS + r"ap\.two_step_verification\.code_entry_async/", challenge.ap_submit),
    open_route("POST", r"accounts/login/", login.older_login),
    open_route("GET", r"challenge/\d+/\w+/", challenge.challenge),
    open_route("POST", r"challenge/\d+/\w+/", challenge.challenge),
    open_route("GET", r"v/t51/.*", reading.picture),
    open_route("GET", r"o1/.*", reading.film),
    open_route("GET", r"web/search/topsearch/", reading.top_search),
    open_route("GET", r"graphql/query/", reading.website),
    open_route("POST", r"graphql/query/", reading.website),
    route("POST", r"accounts/logout/", login.log_out),
    route("GET", r"accounts/current_user/", reading.current_user),
    route("POST", r"feed/(?:reels_tray|timeline)/", reading.feed),
    route("GET", r"feed/user/\d+/story/", reading.stories_of),
    route("GET", r"media/[\d_]+/info/", reading.media_info),
    route("GET", r"media/[\d_]+/list_reel_media_viewer/", reading.viewers),
    route("POST", r"media/[\d_]+/delete/", publishing.delete),
    route("POST", r"media/validate_reel_url/", publishing.validate_link),
    route("POST", r"media/configure_to_story/", publishing.configure),
    route("POST", r"rupload_igphoto/.*", publishing.upload_photo),
    route("GET", r"rupload_igvideo/.*", publishing.upload_state),
    route("POST", r"rupload_igvideo/.*", publishing.upload_video),
    route("GET", r"users/[^/]+/usernameinfo/", reading.user_by_name),
    route("GET", r"users/\d+/info/", reading.user_by_pk),
    route("POST", r"users/\d+/info_stream/", reading.user_by_pk),
    route("GET", r"location_search/", reading.places_near),
    route("GET", r"locations/\d+/location_info/", reading.place_info),
)


def session_in(request: Request) -> str | None:
    """The session's id: in the token, or else in the cookies."""
    token = request.headers.get("authorization", "").rsplit(":", 1)[-1]
    if token:
        try:
            content = json.loads(base64.b64decode(token))
        except (binascii.Error, ValueError):
            return None
        return str(content.get("sessionid", ""))
    cookie = SimpleCookie(request.headers.get("cookie", "")).get("sessionid")
    return None if cookie is None else cookie.value


def user_in(world: World, request: Request) -> str | None:
    """Whose session the request shows, if it is alive."""
    session = session_in(request)
    return None if session is None else world.sessions.get(session)


def answer(world: World, request: Request) -> Reply:
    """Do what the request asks for."""
    matching = (it for it in ROUTES if it.method == request.method)
    chosen = next((it for it in matching if it.pattern.fullmatch(request.endpoint)), None)
    if chosen is None:
        return refusal(404, "no such endpoint in the stand-in")
    with world.lock:
        user = user_in(world, request)
        if user is None and not chosen.open:
            return REPLIES[Fault.LOGIN_REQUIRED]
        return chosen.handler(world, user or "", request)
