"""Stories on Instagram: containers, their publication, the quota, and what is live."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, assert_never

from fakes.graph.checks import check_image, container_error
from fakes.graph.errors import NOT_READY, Problem, Refused, as_json, invalid, media, unknown_object
from fakes.graph.fetching import fetch
from fakes.graph.forms import Form
from fakes.graph.model import Account, Draft, Token
from fakes.graph.nodes import chosen, story_node
from fakes.graph.paging import paged
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
    """The people to tag: `[{"username": …, "x": 0.5, "y": 0.5}]`, where x and y may be missing.

    Who is called `nobody…` can't be tagged.
    """
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
    strangers = [tag["username"] for tag in tags if tag["username"].startswith("nobody")]
    if strangers:
        words = f"Cannot tag users: {', '.join(strangers)}"
        raise Refused(Problem(110, "Invalid user id", 2207018, title="Cannot Tag", words=words))
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
            raise Refused(NOT_READY)
        case "FINISHED":
            if world.quota_used(account.id) >= world.settings.quota_total:
                words = "You reached maximum number of posts that is allowed to be published by Content"
                raise media(9, 2207042, f"{words} Publishing API.")
            return as_json({"id": world.publish(draft, world.new_id("media")).id})
        case status:
            assert_never(status)


def again(world: World, draft: Draft) -> Answer:
    """Published a second time: the documentation doesn't say what comes, but nothing is posted twice."""
    match world.settings.second_publish:
        case "not found":
            raise media(24, 2207006, f"The media with {draft.id} cannot be found")
        case "not ready":
            raise Refused(NOT_READY)
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
    newest = reversed(world.live(account.id))
    shown = [chosen(story_node(world, it), form, "ShadowIGMedia") for it in newest]
    return paged(world, token, f"{account.id}/stories", form, shown)
