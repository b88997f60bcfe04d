"""Which request is answered by whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

from fakes.graph import instagram, nodes, pages, tokens, uploads
from fakes.graph.errors import Problem, Refused, UploadRefused, as_json, refusal, usage
from fakes.graph.forms import Form, form_of
from fakes.graph.model import Token
from fakes.graph.world import World
from fakes.servers.wire import Answer, Reply, Request

GRAPH = "graph.facebook.com"
UPLOADS = "rupload.facebook.com"
CDNS = (nodes.CDN, "scontent.xx.fbcdn.net")
HOSTS = (GRAPH, UPLOADS, *CDNS)
VERSION = re.compile(r"^/(v\d+\.\d+)/")
NEWEST = "v25.0"
USED_PERCENT = 3

Handler = Callable[[World, Token, str, Form], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """An edge of an object; one that fetches from the web doesn't keep the others waiting."""

    method: str
    edge: str
    handler: Handler
    fetches: bool = False


def node(world: World, token: Token, object_id: str, form: Form) -> Answer:
    return as_json(nodes.node(world, token, object_id, form))


def stories(world: World, token: Token, object_id: str, form: Form) -> Answer:
    """Accounts and pages have an edge of that name, with little in common."""
    if world.page(object_id):
        return pages.stories(world, token, object_id, form)
    return instagram.stories(world, token, object_id, form)


def accounts(world: World, token: Token, object_id: str, form: Form) -> Answer:
    """The person's pages, each with its own token."""
    mine = [it for it in world.cast.pages if tokens.page_for(world, token, it.id)]
    shown = ("access_token", "category", "id", "name", "tasks")
    return as_json({"data": [nodes.chosen(nodes.page_node(world, it), form, "Page", shown) for it in mine]})


ROUTES = (
    Route("GET", "", node),
    Route("GET", "stories", stories),
    Route("GET", "accounts", accounts),
    Route("POST", "media", instagram.create, fetches=True),
    Route("POST", "media_publish", instagram.publish),
    Route("GET", "content_publishing_limit", instagram.limit),
    Route("POST", "photos", pages.add_photo, fetches=True),
    Route("POST", "photo_stories", pages.publish_photo),
    Route("POST", "video_stories", pages.video_story),
)


def answer(world: World, request: Request) -> Reply:
    """Do what the request asks for."""
    host = request.host.split(":")[0]
    if host in CDNS:
        return nodes.cdn(world, request.path)
    if "access_token" in request.query:
        world.offences.append(f"{request.method} {request.endpoint}: a token in the URL")
    if host == UPLOADS:
        return taken(world, request)
    return graph(world, request)


def taken(world: World, request: Request) -> Answer:
    if request.method != "POST":
        return as_json({"debug_info": {"retriable": False, "type": "NotFound", "message": ""}}, 404)
    try:
        return uploads.upload(world, request)
    except UploadRefused as refused:
        return as_json(refused.body, refused.status)


def graph(world: World, request: Request) -> Answer:
    """An answer of the Graph API, with the headers that all of them have."""
    found = VERSION.match(request.path)
    version = found[1] if found else NEWEST
    form = form_of(request)
    form = replace(form, fields={**form.fields, "version": version})
    # any request may be a POST that says by `method` what it is, as the JavaScript SDK does: not documented
    method = form.get("method").upper() if request.method == "POST" and form.get("method") else request.method
    headers = (("facebook-api-version", version), *usage(USED_PERCENT))
    try:
        done = asked(world, request, method, form)
    except Refused as refused:
        done = refusal(refused.problem)
    return replace(done, headers=(*done.headers, *headers))


def asked(world: World, request: Request, method: str, form: Form) -> Answer:
    parts = request.endpoint.strip("/").split("/")
    token = tokens.token_of(world, request, form)
    if parts == ["debug_token"] and method == "GET":
        return tokens.debug_token(world, form)
    object_id = token.owner if parts[0] == "me" else parts[0]
    edge = "/".join(parts[1:])
    route = next((it for it in ROUTES if (it.method, it.edge) == (method, edge)), None)
    if route is not None:
        with nullcontext() if route.fetches else world.lock:
            return route.handler(world, token, object_id, form)
    raise Refused(Problem(2500, f"Unknown path components: /{edge}"))
