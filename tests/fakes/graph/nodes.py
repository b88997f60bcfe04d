"""Objects as the API shows them, with the fields that were asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fakes.graph.errors import invalid, unknown_object
from fakes.graph.forms import Form
from fakes.graph.model import PERSON, Account, Draft, Page, Story, Token
from fakes.graph.tokens import account_for, page_for
from fakes.graph.world import LIFETIME, World
from fakes.servers.wire import Answer

CDN = "scontent.cdninstagram.com"
TOP_LEVEL = re.compile(r"([\w.]+)(?:\{[^}]*\})?")
WORDS = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: The container was not published within 24 hours and has expired.",
}
Node = Mapping[str, Any]


def chosen(node: Node, form: Form, kind: str, default: tuple[str, ...] = ("id",)) -> dict[str, Any]:
    """The fields that were asked for; the id is always among them, and what there isn't is left out."""
    asked = TOP_LEVEL.findall(form.get("fields")) or list(default)
    for name in asked:
        if name not in node:
            raise invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    return {name: node[name] for name in dict.fromkeys([*asked, "id"]) if node[name] is not None}


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"


def account_node(account: Account) -> Node:
    return {"id": account.id, "username": account.username, "name": account.username.title()}


def page_node(world: World, page: Page) -> Node:
    linked = next((it for it in world.cast.accounts if it.page == page.id), None)
    token = next((it.value for it in world.tokens.values() if it.owner == page.id), None)
    connected = None if linked is None else {"id": linked.id}
    tasks = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]
    node: dict[str, Any] = {"id": page.id, "name": page.name, "category": "Bakery", "tasks": tasks}
    return {**node, "access_token": token, "instagram_business_account": connected}


def container_node(world: World, draft: Draft) -> Node:
    status = world.status(draft)
    words = WORDS.get(status, f"Error: Media upload has failed with error code {draft.error}")
    node: dict[str, Any] = {"id": draft.id, "status_code": status, "status": words, "video_status": None}
    return {**node, "video_status": video_status(world, draft)} if draft.kind == "video" else node


def video_status(world: World, draft: Draft) -> Node:
    """The phases of a resumable upload to Instagram."""
    whole = draft.size_bytes is not None and draft.got_bytes == draft.size_bytes
    up = "complete" if whole else "in_progress" if draft.got_bytes else "not_started"
    uploading = {"status": up, "bytes_transferred": draft.got_bytes}
    return {"uploading_phase": uploading, "processing_phase": {"status": processing(world, draft)}}


def processing(world: World, draft: Draft) -> str:
    if draft.ready_at is None:
        return "not_started"
    if world.clock.now() < draft.ready_at:
        return "in_progress"
    return "error" if draft.error else "complete"


def story_node(world: World, story: Story) -> Node:
    """A story on Instagram."""
    account = world.account(story.owner)
    username = account.username if account else ""
    video = story.kind == "video"
    where = f"https://{CDN}/v/t51/{story.id}"
    return {
        "id": story.id,
        "ig_id": f"3{story.id}",
        "media_type": "VIDEO" if video else "IMAGE",
        "media_product_type": "STORY",
        "timestamp": stamp(story.published_at),
        "permalink": f"https://www.instagram.com/stories/{username}/3{story.id}",
        "username": username,
        "owner": {"id": story.owner},
        "media_url": f"https://{CDN}/o1/{story.id}.mp4" if video else f"{where}.jpg",
        "thumbnail_url": f"{where}_thumb.jpg" if video else None,
    }


def page_video_node(world: World, draft: Draft) -> Node:
    """A page's video, by the names of the stories' documentation (`bytes_transfered` is written so there)."""
    whole = draft.size_bytes is not None and draft.got_bytes == draft.size_bytes
    phase = processing(world, draft)
    up = "complete" if whole else "in_progress" if draft.got_bytes else "not_started"
    status: dict[str, Any] = {
        "video_status": overall(world, draft, phase),
        "uploading_phase": {"status": up, "bytes_transfered": draft.got_bytes},
        "processing_phase": {"status": phase},
        "publishing_phase": publishing(world, draft),
    }
    if phase == "error":
        said = "error" if world.settings.as_reported else "not_started"
        status["processing_phase"] = {"status": said, "error": {"message": draft.error}}
    return {"id": draft.id, "status": status, "published": bool(draft.story)}


def overall(world: World, draft: Draft, phase: str) -> str:
    """One word for all phases. With an error in its processing it goes on as `processing`, as documented."""
    if world.status(draft) == "EXPIRED":
        return "expired"
    if phase == "error" and world.settings.as_reported:
        return "error"
    published = publishing(world, draft)["status"] == "complete"
    return "ready" if published or phase == "complete" else "processing"


def publishing(world: World, draft: Draft) -> dict[str, Any]:
    story = world.stories.get(draft.story or "")
    if story is None or not story.live:
        return {"status": "not_started", "publish_status": "not_published"}
    if world.clock.now() < story.published_at:
        return {"status": "in_progress", "publish_status": "not_published"}
    at = int(story.published_at.timestamp())
    return {"status": "complete", "publish_status": "published", "publish_time": at}


def node(world: World, token: Token, object_id: str, form: Form) -> dict[str, Any]:
    """Whatever has that id, if the token reaches it. Raises Refused."""
    account, page = account_for(world, token, object_id), page_for(world, token, object_id)
    draft, story = world.drafts.get(object_id), world.stories.get(object_id)
    if account is not None:
        return chosen(account_node(account), form, "ShadowIGUser")
    if page is not None:
        return chosen(page_node(world, page), form, "Page", ("id", "name"))
    if object_id == token.owner == PERSON:
        return chosen({"id": PERSON, "name": "A Person"}, form, "User", ("id", "name"))
    if draft is not None and reaches(world, token, draft.owner):
        return draft_node(world, draft, form)
    if story is not None and shown(world, story) and reaches(world, token, story.owner):
        return chosen(story_node(world, story), form, "ShadowIGMedia")
    raise unknown_object(object_id)


def shown(world: World, story: Story) -> bool:
    """Stories on Instagram can be read for a day."""
    return story.network == "instagram" and world.clock.now() < story.published_at + LIFETIME


def reaches(world: World, token: Token, owner: str) -> bool:
    return account_for(world, token, owner) is not None or page_for(world, token, owner) is not None


def draft_node(world: World, draft: Draft, form: Form) -> dict[str, Any]:
    match draft.use:
        case "container":
            return chosen(container_node(world, draft), form, "ShadowIGMediaBuilder")
        case "page video":
            return chosen(page_video_node(world, draft), form, "Video")
        case "page photo":
            return chosen({"id": draft.id, "published": bool(draft.story)}, form, "Photo")


def cdn(world: World, path: str) -> Answer:
    """The bytes of a story, or the small picture of a video."""
    from fakes.servers.pictures import thumbnail

    name = path.rsplit("/", 1)[1].rsplit(".", 1)[0]
    story = world.stories.get(name.removesuffix("_thumb"))
    if story is None:
        return Answer(404, b"")
    file = world.media(story.sha256)
    if name.endswith("_thumb"):
        return Answer(200, thumbnail(file, story.kind, 480), (("content-type", "image/jpeg"),))
    kind = "video/mp4" if story.kind == "video" else "image/jpeg"
    return Answer(200, file.read_bytes(), (("content-type", kind),))
