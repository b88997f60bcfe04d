"""Uploads of videos, which may be interrupted and go on where they stopped."""

from __future__ import annotations

import json
from dataclasses import replace

from fakes.graph.checks import container_error, page_video_error
from fakes.graph.errors import Refused, UploadRefused, as_json
from fakes.graph.fetching import fetch
from fakes.graph.forms import Form
from fakes.graph.model import Draft
from fakes.graph.nodes import reaches
from fakes.graph.tokens import token_of
from fakes.graph.world import LIFETIME, World
from fakes.servers.wire import Answer, Request

UNAUTHORIZED = json.dumps({"success": False, "error": {"message": "unauthorized user request"}})
OFFSET = "Request starting offset is invalid"
USES = {"ig-api-upload": "container", "video-upload": "page video"}


def failed(words: str = "Request processing failed") -> UploadRefused:
    return UploadRefused("ProcessingFailedError", words)


def upload(world: World, request: Request) -> Answer:
    """Take in bytes for the draft that the address ends with. Raises UploadRefused."""
    door, *_, draft_id = request.endpoint.strip("/").split("/")
    draft = allowed(world, request, draft_id)
    now = world.clock.now()
    if draft.use != USES.get(door) or draft.story is not None or now >= draft.created_at + LIFETIME:
        raise failed()
    body = sent(world, request, draft)
    check = container_error if draft.use == "container" else page_video_error
    world.received(draft, body, check(body))
    told: dict[str, object] = {"success": True}
    return as_json({**told, "message": "Upload successful."} if draft.use == "container" else told)


def allowed(world: World, request: Request, draft_id: str) -> Draft:
    """The draft, if the token in the header may upload for it."""
    try:
        token = token_of(world, request, Form({}))
    except Refused:
        raise failed(UNAUTHORIZED) from None
    draft = world.drafts.get(draft_id)
    if draft is None or not reaches(world, token, draft.owner):
        raise failed(UNAUTHORIZED)
    return draft


def sent(world: World, request: Request, draft: Draft) -> bytes:
    """The whole file: what came before, and what comes now."""
    if url := request.headers.get("file_url"):
        try:
            return fetch(world, url)
        except Refused:
            raise failed() from None
    offset, size = number(request, "offset"), number(request, "file_size")
    if offset is None or offset not in (0, draft.got_bytes):
        raise UploadRefused("OffsetInvalidError", OFFSET, 412, retriable=True)
    before = world.media(draft.sha256).read_bytes()[:offset] if offset and draft.sha256 else b""
    body = before + request.body
    if size is None or len(body) != size:
        keep_part(world, draft, body, size)
        words = "Partial request (did not match length of file)"
        raise UploadRefused("PartialRequestError", words, retriable=True)
    return body


def keep_part(world: World, draft: Draft, body: bytes, size: int | None) -> None:
    """What is here already needn't come again."""
    if size is not None and len(body) < size:
        part = replace(draft, sha256=world.keep(body), got_bytes=len(body), size_bytes=size)
        world.put(replace(part, ready_at=None, error=None))


def number(request: Request, name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isdigit() else None
