"""The endpoints that take media in and make them stories, and those that take them away."""

from __future__ import annotations

import json
import re
from typing import Any

from fakes.instagram.listing import story_item
from fakes.instagram.model import Kind, Story, Upload
from fakes.instagram.world import World
from fakes.servers.wire import Answer, Reply, Request, as_json, refusal

UPLOAD_ID = re.compile(r"^(\d+)_")
NO_SIZE = (1080, 1920)


def upload_state(world: World, user: str, request: Request) -> Reply:
    """How much of a video is there already: nothing, always."""
    return as_json({"offset": 0})


def upload_photo(world: World, user: str, request: Request) -> Reply:
    return take_in(world, user, request, "photo")


def upload_video(world: World, user: str, request: Request) -> Reply:
    return take_in(world, user, request, "video")


def take_in(world: World, user: str, request: Request, kind: Kind) -> Answer:
    """Keep the bytes, which must be as many as were announced."""
    params = json.loads(request.headers.get("x-instagram-rupload-params", "{}"))
    upload_id = str(params.get("upload_id", ""))
    if not upload_id or str(len(request.body)) != request.headers.get("x-entity-length"):
        return refusal(400, "bad upload")
    world.keep_upload(user, upload_id, kind, params, request.body)
    return as_json({"upload_id": upload_id, "xsharing_nonces": {}})


def configure(world: World, user: str, request: Request) -> Reply:
    """Make an upload a story: the only request that publishes."""
    form = request.form
    kind: Kind = "video" if request.query.get("video") == "1" else "photo"
    upload = world.upload(user, str(form.get("upload_id", "")), kind)
    if upload is None:
        lost = {"media": {"upload_id": form.get("upload_id")}, "error_title": "bad image input"}
        return refusal(400, "media_needs_reupload", **lost)
    story = world.publish(story_of(upload, world.pk_of(user), form))
    return as_json({"media": story_item(story), "upload_id": story.upload_id})


def story_of(upload: Upload, user_pk: str, form: dict[str, Any]) -> Story:
    """The story that an upload and a form make; its number and times come later."""
    unknown = upload.received_at
    length = form.get("length") or float(upload.params.get("upload_media_duration_ms", 0)) / 1000
    return Story(
        pk="",
        user=upload.user,
        user_pk=user_pk,
        kind=upload.kind,
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        taken_at=unknown,
        listed_at=unknown,
        upload_id=upload.upload_id,
        size=size_in(form),
        duration_s=None if upload.kind == "photo" else float(length),
        form=form,
    )


def size_in(form: dict[str, Any]) -> tuple[int, int]:
    """Width and height, if the form tells them."""
    told = form.get("media_transformation_info") or "{}"
    info = json.loads(told) if isinstance(told, str) else dict(told)
    width, height = int(float(info.get("width", 0))), int(float(info.get("height", 0)))
    return (width, height) if width > 0 and height > 0 else NO_SIZE


def validate_link(world: World, user: str, request: Request) -> Reply:
    """Only web addresses may be linked."""
    if str(request.form.get("url", "")).startswith(("https://", "http://")):
        return as_json({})
    return refusal(400, "Please enter a valid URL.")


def delete(world: World, user: str, request: Request) -> Reply:
    pk = request.endpoint.split("/")[1].split("_")[0]
    story = world.stories.get(pk)
    if story is None or story.user != user or story.deleted:
        return refusal(400, "Media not found or unavailable")
    world.delete(pk)
    return as_json({"did_delete": True})
