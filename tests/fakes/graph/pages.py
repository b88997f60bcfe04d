"""Stories of a Facebook page: photos and videos that are uploaded, published, and listed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from fakes.graph.checks import check_page_photo
from fakes.graph.errors import Problem, Refused, as_json, invalid, unknown_object
from fakes.graph.fetching import fetch
from fakes.graph.forms import Form
from fakes.graph.model import Draft, Page, Story, Token
from fakes.graph.paging import paged
from fakes.graph.tokens import need, own_page
from fakes.graph.world import LIFETIME, World
from fakes.servers.wire import Answer

UPLOADS = "https://rupload.facebook.com/video-upload"
FEED = "a photo was published in the page's feed"
USED = "The photo or video was already used in a post"


def page_of(world: World, token: Token, page_id: str, *permissions: str) -> Page:
    page = own_page(world, token, page_id)
    need(token, "pages_read_engagement", *permissions)
    return page


def add_photo(world: World, token: Token, page_id: str, form: Form) -> Answer:
    """A photo of the page; it stands in the feed unless `published` is false."""
    page = page_of(world, token, page_id, "pages_manage_posts")
    body = form.files.get("source")
    if body is None:
        if not form.get("url"):
            raise Refused(Problem(324, "(#324) Requires upload file"))
        body = fetch(world, form.get("url"))
    check_page_photo(body)
    draft = world.received(world.new_draft("page photo", page.id, kind="photo"), body, None)
    if form.get("published").lower() in ("false", "0"):
        return as_json({"id": draft.id})
    world.offences.append(FEED)
    post = f"{page.id}_{world.new_id('page')}"
    world.put(replace(draft, story=post))
    return as_json({"id": draft.id, "post_id": post})


def unused(world: World, page: Page, draft_id: str, use: str) -> Draft:
    """The draft of that id, which isn't in any post. Raises Refused."""
    draft = world.drafts.get(draft_id)
    if draft is None or draft.owner != page.id or draft.use != use:
        raise unknown_object(draft_id, "post")
    if draft.story is not None:
        raise Refused(Problem(100, "Invalid parameter", title=USED, words=USED))
    return draft


def publish_photo(world: World, token: Token, page_id: str, form: Form) -> Answer:
    page = page_of(world, token, page_id, "pages_manage_posts")
    if not form.get("photo_id"):
        raise invalid("The parameter photo_id is required")
    draft = unused(world, page, form.get("photo_id"), "page photo")
    return posted(world, world.publish(draft, world.new_id("page")))


def posted(world: World, story: Story) -> Answer:
    """The post's id is a number in the documentation, though a text in its listings, and in reports."""
    return as_json({"success": True, "post_id": story.id if world.settings.as_reported else int(story.id)})


def video_story(world: World, token: Token, page_id: str, form: Form) -> Answer:
    """Begin an upload, or publish what was uploaded, at once or when it is processed."""
    page = page_of(world, token, page_id, "pages_manage_posts")
    match form.get("upload_phase"):
        case "start":
            draft = world.new_draft("page video", page.id, kind="video")
            url = f"{UPLOADS}/{form.get('version')}/{draft.id}"
            return as_json({"video_id": draft.id, "upload_url": url})
        case "finish":
            return finish(world, page, form)
        case "":
            raise invalid("The parameter upload_phase is required")
        case other:
            raise invalid(f"Param upload_phase must be one of {{START, FINISH}} - got {other}")


def finish(world: World, page: Page, form: Form) -> Answer:
    if not form.get("video_id"):
        raise invalid("The parameter video_id is required")
    draft = unused(world, page, form.get("video_id"), "page video")
    if draft.ready_at is None or world.clock.now() >= draft.created_at + LIFETIME:
        words = "There was a problem uploading your video file. Please try again with another file."
        title = "Video Upload Is Missing"
        raise Refused(Problem(6000, words, 1363130, title=title, words=words))
    return posted(world, world.publish(draft, world.new_id("page")))


def stories(world: World, token: Token, page_id: str, form: Form) -> Answer:
    """Stories of the page, the newest first, archived ones too, in pages.

    With the archive off it is empty, also of live ones: the documentation only says that archived ones are
    missing then, but a client must be prepared for the worst.
    """
    page = page_of(world, token, page_id)
    now = world.clock.now()
    listed = [it for it in world.published(page.id) if it.listed_at <= now]
    entries = [entry(world, it) for it in reversed(listed) if world.settings.archive_on]
    wanted = statuses(form)
    since, until = float(form.get("since") or 0), float(form.get("until") or "inf")
    fitting = [it for it in entries if not wanted or it["status"].upper() in wanted]
    in_time = [it for it in fitting if since <= int(it["creation_time"]) <= until]
    return paged(world, token, f"{page.id}/stories", form, in_time)


def statuses(form: Form) -> list[str]:
    """`PUBLISHED`, or a list of them as JSON."""
    told = form.get("status") or form.get("status[]") or form.get("status[0]")
    return list(json.loads(told)) if told.startswith("[") else [told] if told else []


def entry(world: World, story: Story) -> dict[str, Any]:
    """One of a listing; reports have its status in small letters, and an address of two parts."""
    status = "PUBLISHED" if world.clock.now() < story.published_at + LIFETIME else "ARCHIVED"
    where = f"{story.owner}/{story.id}" if world.settings.as_reported else story.id
    return {
        "post_id": story.id,
        "status": status.lower() if world.settings.as_reported else status,
        "creation_time": str(int(story.published_at.timestamp())),
        "media_type": story.kind,
        "media_id": story.draft,
        "url": f"https://facebook.com/stories/{where}",
    }
