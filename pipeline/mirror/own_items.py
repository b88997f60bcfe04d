"""What the server tells of one's own story: where its best rendition is, and its words for a sidecar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from pipeline.mirror.odd import OddAnswerError, at
from pipeline.plan.links import examine
from pipeline.plan.own_stories import LIFETIME, Found

KINDS: Mapping[int, Literal["photo", "video"]] = {1: "photo", 2: "video"}
PERSON = re.compile(r"[A-Za-z0-9._]{1,30}")
TOPIC = re.compile(r"[^\s,@#]{1,100}")
FRIENDS = "besties"

# Where a story's questions stand: the list, the part of its entries, the words for people.
_ASKS = (
    ("story_polls", "poll_sticker"),
    ("story_quizs", "quiz_sticker"),
    ("story_questions", "question_sticker"),
    ("story_sliders", "slider_sticker"),
    ("story_countdowns", "countdown_sticker"),
)


def found_in(item: Any) -> Found:
    """The story itself. Raises OddAnswerError for what has no number or no time."""
    number = str(at(item, "pk"))
    if not number.isdecimal():
        raise OddAnswerError("a story")
    try:
        taken_at = datetime.fromtimestamp(int(at(item, "taken_at")), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise OddAnswerError("the time of a story") from None
    ends_at = taken_at + LIFETIME
    return Found(
        number, KINDS.get(item.get("media_type")), taken_at, ends_at, item.get("audience") == FRIENDS
    )


def best_of(item: Mapping[str, Any]) -> str | None:
    """Where the largest video, or the largest picture, can be fetched; of equals the one named first."""
    video = _entries(item, "video_versions")
    photo = _entries(_part(item, "image_versions2"), "candidates")
    offered = video if item.get("media_type") == 2 else photo  # noqa: PLR2004 - a video
    usable = [one for one in offered if str(one.get("url") or "").startswith("https://")]
    return str(max(usable, key=_pixels)["url"]) if usable else None


def sidecar_of(item: Mapping[str, Any], ends_at: datetime) -> dict[str, object]:
    """Its words by a sidecar's keys; what has no key there is kept as text.

    They stand beside the story only: its picture is as it was posted, with all that was written on it.
    """
    link, more_links = _links(item)
    topics = [str(_part(one, "hashtag").get("name") or "") for one in _entries(item, "story_hashtags")]
    lines = [_words(_part(item, "caption").get("text")), *_asked(item), *_music(item), *more_links]
    lines += [f"#{topic}" for topic in topics if topic and not TOPIC.fullmatch(topic)]
    people = [_part(one, "user").get("username") for one in _entries(item, "reel_mentions")]
    keys: dict[str, object] = {
        "caption": "\n".join(filter(None, lines)),
        "link": link,
        "mentions": _once(name for name in map(str, people) if PERSON.fullmatch(name)),
        "hashtags": _once(topic for topic in topics if TOPIC.fullmatch(topic)),
        "location": _place(item),
    }
    said: dict[str, object] = {key: value for key, value in keys.items() if value}
    return {**said, "caption_as": "text", "not_after": ends_at}


def _links(item: Mapping[str, Any]) -> tuple[str | None, list[str]]:
    """The first link that can be one here, out of Instagram's own redirect, and the others as text."""
    told = [_part(one, "story_link").get("url") for one in _entries(item, "story_link_stickers")]
    told += [link.get("webUri") for cta in _entries(item, "story_cta") for link in _entries(cta, "links")]
    first, others = None, []
    for url in _once(_words(one) for one in told):
        found = examine(url)
        if first is None and found.link:
            first = found.link
        else:
            others.append(found.link or url)
    return first, others


def _asked(item: Mapping[str, Any]) -> Iterator[str]:
    """Polls and the like can only be tapped in Instagram; their words go on."""
    for where, part in _ASKS:
        for one in _entries(item, where):
            sticker = _part(one, part) or one
            question = _words(sticker.get("question") or sticker.get("text"))
            answers = [_words(tally.get("text")) for tally in _entries(sticker, "tallies")]
            told = " / ".join(filter(None, answers))
            yield f"{question} ({told})" if question and told else question or told


def _music(item: Mapping[str, Any]) -> Iterator[str]:
    for one in _entries(item, "story_music_stickers"):
        song = _part(one, "music_asset_info")
        told = " – ".join(filter(None, (_words(song.get("display_artist")), _words(song.get("title")))))
        if told:
            yield f"♪ {told}"


def _place(item: Mapping[str, Any]) -> str:
    names = (_words(_part(one, "location").get("name")) for one in _entries(item, "story_locations"))
    return next(filter(None, names), "")


def _pixels(one: Mapping[str, Any]) -> int:
    width, height = one.get("width"), one.get("height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0


def _entries(item: Any, key: str) -> list[Mapping[str, Any]]:
    """The entries of a list that look as they should; none where there is no list."""
    found = item.get(key) if isinstance(item, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _part(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = item.get(key)
    return found if isinstance(found, Mapping) else {}


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _once(words: Any) -> list[str]:
    return list(dict.fromkeys(filter(None, words)))
