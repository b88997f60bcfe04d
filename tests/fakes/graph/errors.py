"""Refusals as the Graph API writes them, with the codes and words of its documentation.

Sources: graph-api/guides/error-handling, graph-api/overview/rate-limiting,
instagram-platform/instagram-graph-api/reference/error-codes, video-api/guides/reels-publishing (uploads).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from fakes.servers.wire import Answer

JSON = ("content-type", "application/json; charset=UTF-8")
REGAIN_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Problem:
    """A code, and what comes with it."""

    code: int
    message: str
    subcode: int | None = None
    status: int = 400
    title: str | None = None
    words: str | None = None
    type: str = "OAuthException"
    transient: bool = False


class Refused(Exception):
    """The request isn't carried out."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class UploadRefused(Exception):
    """An upload isn't taken, in the uploads' own form; `kind` is its type there."""

    def __init__(self, kind: str, words: str, status: int = 400, *, retriable: bool = False) -> None:
        super().__init__(words)
        self.status = status
        self.body = {"debug_info": {"retriable": retriable, "type": kind, "message": words}}


def as_json(content: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    return Answer(status, json.dumps(content).encode(), (JSON, *headers))


def trace() -> str:
    """Another `fbtrace_id` each time."""
    return "A" + secrets.token_urlsafe(15)


def refusal(problem: Problem, *headers: tuple[str, str]) -> Answer:
    """The answer of an endpoint on graph.facebook.com."""
    error: dict[str, Any] = {"message": problem.message, "type": problem.type, "code": problem.code}
    if problem.subcode is not None:
        error["error_subcode"] = problem.subcode
    if problem.transient or problem.words:
        error["is_transient"] = problem.transient
    if problem.words:
        error |= {"error_user_title": problem.title or problem.words, "error_user_msg": problem.words}
    if problem.code == 190:
        challenge = f'OAuth "Facebook Platform" "invalid_token" "{problem.message}"'
        headers = (("www-authenticate", challenge), *headers)
    return as_json({"error": {**error, "fbtrace_id": trace()}}, problem.status, *headers)


def invalid(words: str, subcode: int | None = None) -> Refused:
    """A parameter that can't be."""
    return Refused(Problem(100, f"(#100) {words}", subcode))


def unknown_object(object_id: str, method: str = "get") -> Refused:
    """Nothing of that id, or not for this token: the API doesn't tell which."""
    words = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api"
    )
    return Refused(Problem(100, words, 33, type="GraphMethodException"))


def no_permission(needed: str) -> Refused:
    words = f"(#10) Application does not have permission for this action ({needed})"
    return Refused(Problem(10, words, status=403))


def media(code: int, subcode: int, words: str) -> Refused:
    """One of Instagram's publishing errors; the documentation gives the words for the person only."""
    message, title = REPORTED.get(subcode, (words, words))
    return Refused(Problem(code, message, subcode, title=title, words=words))


REPORTED = {
    2207006: ("The requested resource does not exist", "Media Not Found"),
    2207052: (
        "Only photo or video can be accepted as media type.",
        "Media download has failed. The media URI doesn't meet our requirements.",
    ),
}
"""Message and title, as people quote them in their reports."""
NOT_READY = Problem(
    9007,
    "Media ID is not available",
    2207027,
    title="Cannot Publish",
    words="The media is not ready for publishing, please wait for a moment",
)


def usage(percent: int, owner: str | None = None, kind: str = "instagram") -> tuple[tuple[str, str], ...]:
    """The headers on how much of the rate limit is used, and in how many minutes there is room again."""
    counts = {"call_count": percent, "total_cputime": percent, "total_time": percent}
    headers = [("x-app-usage", json.dumps(counts))]
    if owner:
        regain = REGAIN_MINUTES if percent >= 100 else 0
        case = {"type": kind, **counts, "estimated_time_to_regain_access": regain}
        headers.append(("x-business-use-case-usage", json.dumps({owner: [case]})))
    return tuple(headers)
