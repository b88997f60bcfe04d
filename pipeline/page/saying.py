"""What the person says on the page, on its way into the ledger; each saying counts once."""

from __future__ import annotations

import json
import re
from asyncio import timeout
from typing import Any

from starlette.requests import ClientDisconnect, Request

from pipeline.ledger.answers import Answer, Verb, pending
from pipeline.model import WAITING_FOR_SEND, Delivery, State
from pipeline.page.guard import MOST_BODY_BYTES, TOO_LARGE, Refused
from pipeline.page.media import NOT_FOUND
from pipeline.page.shelf import ENDED_BY_A_PERSON, VERBS, story_of
from pipeline.page.site import Site
from pipeline.run import answer

BAD = 400
CONFLICT = 409
TOO_SLOW = 408
BODY_S = 10.0
ACCEPTED = 202
DONE = 200
EVENT = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused."""
    try:
        async with timeout(BODY_S):
            content = await _content_of(request)
    except TimeoutError:
        raise Refused(TOO_SLOW, "slow") from None
    except ClientDisconnect:
        raise Refused(BAD, "body") from None
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused(BAD, "body")
    return said


async def _content_of(request: Request) -> bytes:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BODY_BYTES:
            raise Refused(TOO_LARGE, "large")
    return content


def word_of(body: dict[str, Any], field: str, form: re.Pattern[str] = EVENT) -> str:
    """One field of it. Raises Refused."""
    value = body.get(field)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Refused(BAD, "body")
    return value


def verb_of(text: str) -> Verb:
    """What is said. Raises Refused."""
    if text not in VERBS:
        raise Refused(NOT_FOUND, "unknown")
    return text


def say(site: Site, said: Answer) -> int:
    """Carry it out, or leave it to the run that is under way; the status that tells. Raises Refused."""
    story = story_of(site, said.delivery)
    if story is None:
        raise Refused(NOT_FOUND, "unknown")
    if not _is_asked(story.delivery, said):
        return CONFLICT
    with site.turn:
        (outcome,) = answer(site.settings, [said])
    if outcome is None:
        return ACCEPTED
    return DONE if isinstance(outcome, Delivery) else CONFLICT


def _is_asked(delivery: Delivery, said: Answer) -> bool:
    """What is planned, in doubt or parked is no matter of the page; but a retry may be told twice."""
    asked = WAITING_FOR_SEND | ENDED_BY_A_PERSON
    return delivery.state in asked or (said.verb == "retry" and delivery.state is State.PLANNED)


def carry_out_what_was_left(site: Site) -> None:
    """What was said while a run held the lock, as soon as it doesn't; the run may have done it itself."""
    if pending(site.settings.state):
        with site.turn:
            answer(site.settings, [])
