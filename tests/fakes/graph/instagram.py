"""Stories on Instagram: containers, their publication, the quota, and what is live."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, assert_never
from urllib.parse import urlencode

from fakes.graph.checks import check_image, container_error
from fakes.graph.errors import Problem, Refused, as_json, invalid, media, unknown_object
from fakes.graph.fetching import fetch
from fakes.graph.forms import Form
from fakes.graph.model import Account, Draft, Token
from fakes.graph.nodes import chosen, story_node
from fakes.graph.tokens import account_for, need
from fakes.graph.world import LIFETIME, World
from fakes.servers.wire import Answer

CONTAINERS_A_DAY = 400
MOST_TAGS = 20
UPLOADS = "https://rupload.facebook.com/ig-api-upload"
OF_STORIES = ("user_tags", "media_type", "upload_type", "image_url", "video_url")


def account_of(world: World, token: Token, account_id: str, *permissions: str) -> Account:
    account = account_for(world, token, account_id)
    if account is None:
        raise unknown_object(account_id)
    need(token, "instagram_basic", *permissions)
    return account


def create(world: World, token: Token, account_id: str, form: Form) -> Answer:
    """A container of a photo or video that is fetched, or of a video that is uploaded afterwards."""
    account = account_of(world, token, account_id, "instagram_content_publish")
    if form.get("media_type") != "STORIES":
        raise media(100, 2207023, f"The media type {form.get('media_type')} is unknown.")
    told: dict[str, Any] = {name: form.get(name) for name in OF_STORIES if form.get(name)}
    told |= {"user_tags": tags_in(form)} if form.get("user_tags") else {}
    since = world.clock.now() - LIFETIME
    mine = [it for it in world.drafts.values() if it.owner == account.id and it.created_at >= since]
    if len(mine) >= CONTAINERS_A_DAY:
        raise Refused(Problem(9, "(#9) Application request limit reached for containers", status=403))
    if form.get("upload_type") == "resumable":
        draft = world.new_draft("container", account.id, kind="video", form=told)
        return as_json({"id": draft.id, "uri": f"{UPLOADS}/{form.get('version')}/{draft.id}"})
    if form.get("image_url"):
        body = fetch(world, form.get("image_url"))
        check_image(body)
        draft = world.new_draft("container", account.id, kind="photo", form=told)
        return as_json({"id": world.received(draft, body, None).id})
    if form.get("video_url"):
        return as_json({"id": fetched_video(world, account, told).id})
    raise invalid("The parameter image_url is required")


def fetched_video(world: World, account: Account, told: dict[str, Any]) -> Draft:
    """Its container; a video that can't be fetched is an error of the container only."""
    draft = world.new_draft("container", account.id, kind="video", form=told)
    try:
        body = fetch(world, told["video_url"])
    except Refused as refused:
        failed = replace(draft, error=str(refused.problem.subcode))
        world.put(failed)
        return failed
    return world.received(draft, body, container_error(body))


def tags_in(form: Form) -> list[dict[str, Any]]:
    """The people to tag: `[{"username": …, "x": 0.5, "y": 0.5}]`, where x and y may be missing."""
    try:
        tags = json.loads(form.get("user_tags"))
        fine = all(isinstance(tag["username"], str) for tag in tags)
        inside = all(0 <= float(tag.get(axis, 0)) <= 1 for tag in tags for axis in "xy")
    except (ValueError, KeyError, TypeError, AttributeError):
        fine = inside = False
        tags = []
    if not (fine and inside):
        raise invalid("Param user_tags must be an array of objects with username, and x and y of 0 to 1")
    if len(tags) > MOST_TAGS:
        raise media(100, 2207040, f"Cannot use more than {MOST_TAGS} tags per created media.")
    return list(tags)


def publish(world: World, token: Token, account_id: str, form: Form) -> Answer:
    """Make a container a story: the only request that publishes."""
    account = account_of(world, token, account_id, "instagram_content_publish")
    creation_id = form.get("creation_id")
    if not creation_id:
        raise invalid("The parameter creation_id is required")
    draft = world.drafts.get(creation_id)
    if draft is None or draft.owner != account.id:
        words = f"The media builder with creation id = {creation_id} does not exist or has been expired."
        raise media(24, 2207008, words)
    match world.status(draft):
        case "PUBLISHED":
            return again(world, draft)
        case "EXPIRED":
            words = "The media you are trying to access has expired. Please try to upload again."
            raise media(-2, 2207020, words)
        case "IN_PROGRESS" | "ERROR":
            raise not_ready()
        case "FINISHED":
            if world.quota_used(account.id) >= world.settings.quota_total:
                words = "You reached maximum number of posts that is allowed to be published by Content"
                raise media(9, 2207042, f"{words} Publishing API.")
            return as_json({"id": world.publish(draft, world.new_id("media")).id})
        case status:
            assert_never(status)


def not_ready() -> Refused:
    return media(9007, 2207027, "The media is not ready for publishing, please wait for a moment")


def again(world: World, draft: Draft) -> Answer:
    """Published a second time: the documentation doesn't say what comes, but nothing is posted twice."""
    match world.settings.second_publish:
        case "not found":
            raise media(24, 2207006, f"The media with {draft.id} cannot be found")
        case "not ready":
            raise not_ready()
        case "same id":
            return as_json({"id": draft.story})
        case other:
            assert_never(other)


def limit(world: World, token: Token, account_id: str, form: Form) -> Answer:
    """How much of the quota is used; without `fields` only the number."""
    account = account_of(world, token, account_id, "instagram_content_publish")
    since = datetime.fromtimestamp(int(form.get("since")), UTC) if form.get("since") else None
    config = {"quota_total": world.settings.quota_total, "quota_duration": 86_400}
    used = world.quota_used(account.id, since)
    whole: dict[str, Any] = {"id": None, "quota_usage": used, "config": config}
    asked = form.get("fields") or "quota_usage"
    return as_json({"data": [chosen(whole, Form({"fields": asked}), "IGContentPublishingLimit")]})


def stories(world: World, token: Token, account_id: str, form: Form) -> Answer:
    """What is live, the newest first, in pages."""
    account = account_of(world, token, account_id)
    newest = list(reversed(world.live(account.id)))
    size = min(int(form.get("limit") or world.settings.page_size), world.settings.page_size)
    start = place(form.get("after")) + 1 if form.get("after") else 0
    page = newest[start : start + size]
    told: dict[str, Any] = {"data": [chosen(story_node(world, it), form, "ShadowIGMedia") for it in page]}
    if page:
        cursors = {"before": cursor(start), "after": cursor(start + len(page) - 1)}
        told["paging"] = {"cursors": cursors}
        if start + size < len(newest):
            told["paging"]["next"] = next_page(account, token, form, cursors["after"])
    return as_json(told)


def next_page(account: Account, token: Token, form: Form, after: str) -> str:
    """The next page's address, which holds the token, as the real one does."""
    asked = {"access_token": token.value, "fields": form.get("fields") or "id", "limit": form.get("limit")}
    query = urlencode({key: value for key, value in {**asked, "after": after}.items() if value})
    return f"https://graph.facebook.com/{form.get('version')}/{account.id}/stories?{query}"


def cursor(index: int) -> str:
    return base64.b64encode(f"story:{index}".encode()).decode()


def place(text: str) -> int:
    try:
        return int(base64.b64decode(text).decode().removeprefix("story:"))
    except ValueError:
        raise invalid("Invalid cursors values") from None
