"""The files of stories, by the number of their delivery alone: no part of a path ever comes from outside."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.model import Rendition
from pipeline.page.guard import Refused
from pipeline.page.poster import poster_of
from pipeline.page.shelf import ENDED_BY_A_PERSON, Story, is_over, media_name, story_of, waits
from pipeline.page.site import Site

NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
NOT_FOUND = 404
GONE = 410


def number_of(text: str) -> int:
    """The number of a delivery. Raises Refused."""
    if not NUMBER.fullmatch(text):
        raise Refused(NOT_FOUND, "unknown")
    return int(text)


def media_of(site: Site, number: int, name: str) -> Rendition:
    """What a person may share now. Raises Refused."""
    story, rendition = _found(site, number)
    if not waits(story.delivery, site.clock()):
        raise Refused(GONE, "gone")
    if name != media_name(number, rendition):
        raise Refused(NOT_FOUND, "unknown")
    return rendition


def poster_file(site: Site, number: int) -> Path:
    """The poster of what waits, or ended a short while ago. Raises Refused."""
    story, rendition = _found(site, number)
    at = site.clock()
    if story.key is None or not (waits(story.delivery, at) or is_over(story.delivery, at) or _ended(story)):
        raise Refused(GONE, "gone")
    return poster_of(site, story.key, rendition)


def _found(site: Site, number: int) -> tuple[Story, Rendition]:
    story = story_of(site, number)
    if story is None:
        raise Refused(NOT_FOUND, "unknown")
    if story.rendition is None:
        raise Refused(GONE, "gone")
    return story, story.rendition


def _ended(story: Story) -> bool:
    return story.delivery.state in ENDED_BY_A_PERSON
