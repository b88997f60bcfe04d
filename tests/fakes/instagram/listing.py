"""Stories and people as Instagram's JSON shows them."""

from __future__ import annotations

import json
from typing import Any

from fakes.instagram.model import Story, Venue

CDN = "scontent.cdninstagram.com"
WIDTHS = (480, 1080)


def person(pk: str, username: str) -> dict[str, Any]:
    """An account, in short and at length: the client takes what it needs."""
    return {
        "pk": pk,
        "pk_id": pk,
        "username": username,
        "full_name": username.title(),
        "is_private": False,
        "is_verified": False,
        "is_business": False,
        "profile_pic_url": f"https://{CDN}/v/t51/{pk}.jpg",
        "media_count": 0,
        "follower_count": 0,
        "following_count": 0,
        "biography": "",
        "external_url": "",
    }


def story_item(story: Story) -> dict[str, Any]:
    """A story, in listings and as the answer to its publication."""
    return {
        "pk": story.pk,
        "id": story.id,
        "code": story.code,
        "taken_at": int(story.taken_at.timestamp()),
        "device_timestamp": story.device_timestamp,
        "expiring_at": int(story.taken_at.timestamp()) + 86_400,
        "media_type": story.media_type,
        "product_type": "story",
        "user": person(story.user_pk, story.user),
        "image_versions2": {"candidates": [candidate(story, width) for width in WIDTHS]},
        "original_width": story.size[0],
        "original_height": story.size[1],
        "audience": story.form.get("audience"),
        **video_part(story),
        **sticker_part(story),
        **story.form.get("told", {}),
    }


def candidate(story: Story, width: int) -> dict[str, Any]:
    height = max(1, round(story.size[1] * width / story.size[0]))
    return {"width": width, "height": height, "url": f"https://{CDN}/v/t51/{story.pk}_{width}.jpg"}


def video_part(story: Story) -> dict[str, Any]:
    if story.kind == "photo":
        return {}
    width, height = story.size
    version = {"type": 101, "width": width, "height": height, "url": f"https://{CDN}/o1/{story.pk}.mp4"}
    return {"video_versions": [version], "video_duration": story.duration_s, "has_audio": True}


def sticker_part(story: Story) -> dict[str, Any]:
    """What of the stickers a listing tells."""
    part: dict[str, Any] = {"reel_mentions": [], "story_hashtags": [], "story_link_stickers": []}
    for model in story.tap_models:
        where = {key: model[key] for key in ("x", "y", "width", "height", "rotation")}
        match model["type"]:
            case "mention":
                mentioned = {"pk": model["user_id"], "username": f"user_{model['user_id']}"}
                part["reel_mentions"].append({**where, "user": mentioned})
            case "hashtag":
                hashtag = {"id": "1", "name": model["tag_name"], "media_count": 1}
                part["story_hashtags"].append({**where, "hashtag": hashtag})
            case "story_link":
                link = {"url": model["url"], "link_type": "web", "display_url": model["url"]}
                part["story_link_stickers"].append({**where, "z": 0, "story_link": link})
    return part


def venue_item(place: Venue) -> dict[str, Any]:
    """A place, by all the names that the client knows its parts by."""
    return {
        "pk": place.pk,
        "location_id": place.pk,
        "name": place.name,
        "external_id": str(place.pk),
        "facebook_places_id": place.pk,
        "external_id_source": "facebook_places",
        "external_source": "facebook_places",
        "lat": place.lat,
        "lng": place.lng,
        "address": "",
    }


def quoted(content: object) -> str:
    """JSON inside JSON, as Instagram likes it."""
    return json.dumps(json.dumps(content))
