"""Stories as the phone's own app puts them up: what listings tell of their stickers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

PLACE = {"x": 0.5, "y": 0.4, "z": 0, "width": 0.4, "height": 0.1, "rotation": 0.0}


def mention(username: str) -> dict[str, Any]:
    user = {"pk": "17", "username": username, "full_name": username.title(), "is_private": False}
    return {**PLACE, "display_type": "mention_username", "is_sticker": 1, "user": user}


def hashtag(name: str) -> dict[str, Any]:
    return {**PLACE, "hashtag": {"id": "9", "name": name, "media_count": 3}}


def link(url: str, *, wrapped: bool = True) -> dict[str, Any]:
    """The app's listings lead through Instagram's own redirect."""
    led = f"https://l.instagram.com/?u={quote(url, safe='')}&e=AT0x" if wrapped else url
    return {**PLACE, "id": "story_link_1", "story_link": {"link_type": "web", "url": led, "link_title": ""}}


def location(name: str, pk: int = 213_385_402) -> dict[str, Any]:
    return {**PLACE, "location": {"pk": pk, "name": name, "lat": 37.1, "lng": -8.7}}


def poll(question: str, answers: Sequence[str]) -> dict[str, Any]:
    tallies = [{"text": answer, "font_size": 28.0, "count": 0} for answer in answers]
    return {**PLACE, "poll_sticker": {"poll_id": "5", "question": question, "tallies": tallies}}


def song(title: str, artist: str) -> dict[str, Any]:
    return {**PLACE, "music_asset_info": {"title": title, "display_artist": artist, "is_explicit": False}}


def told(**lists: Any) -> dict[str, Any]:
    """By the names that listings use: told(reel_mentions=[mention("friend")])."""
    return lists
