"""What can go wrong, on any endpoint, so many times, with or without the story being live."""

from __future__ import annotations

from enum import Enum, auto

from fakes.servers.faults import FaultPlan
from fakes.servers.wire import Answer, Drop, Hang, Reply, refusal


class Fault(Enum):
    """AFTER ones do the work first and then fail; the others, and BEFORE ones, don't do it at all."""

    RATE_LIMIT_429 = auto()
    RATE_LIMIT_ERROR = auto()
    PLEASE_WAIT = auto()
    FEEDBACK_REQUIRED = auto()
    SENTRY_BLOCK = auto()
    CHALLENGE = auto()
    CHALLENGE_BY_HAND = auto()
    SUSPENDED = auto()
    LOGIN_REQUIRED = auto()
    NEEDS_UPGRADE = auto()
    ERROR_500_BEFORE = auto()
    ERROR_500_AFTER = auto()
    ERROR_408_AFTER = auto()
    DROP_BEFORE = auto()
    DROP_AFTER = auto()
    CUT_SHORT_AFTER = auto()
    HANG_BEFORE = auto()
    HANG_AFTER = auto()
    ODD_JSON = auto()
    ODD_JSON_AFTER = auto()
    EMPTY_JSON = auto()
    EMPTY_JSON_AFTER = auto()
    NOT_FINISHED = auto()

    @property
    def commits(self) -> bool:
        """Whether the work is done all the same."""
        return self.name.endswith("_AFTER")


PERSON = frozenset(
    {
        Fault.CHALLENGE,
        Fault.CHALLENGE_BY_HAND,
        Fault.SUSPENDED,
        Fault.LOGIN_REQUIRED,
        Fault.NEEDS_UPGRADE,
    }
)
"""After these nothing goes on before a person has acted."""
CHALLENGES = {Fault.CHALLENGE: False, Fault.CHALLENGE_BY_HAND: True}
HTML = (("content-type", "text/html; charset=utf-8"),)
WAIT = "Please wait a few minutes before you try again."
FEEDBACK = {
    "spam": True,
    "feedback_title": "Try Again Later",
    "feedback_message": "We limit how often you can do certain things on Instagram.",
    "feedback_url": "repute/report_problem/instagram_scraping/",
    "feedback_action": "report_problem",
}
LOGGED_OUT = {
    "error_title": "You've Been Logged Out",
    "error_body": "Please log back in.",
    "logout_reason": 8,
}
SUSPENSION = {
    "challenge": {"url": "https://www.instagram.com/accounts/suspended/", "api_path": "/suspended/"}
}
EMPTY = Answer(200, b'{"status": "ok"}', (("content-type", "application/json"),))
REPLIES: dict[Fault, Reply] = {
    Fault.RATE_LIMIT_429: refusal(429, "Too many requests"),
    Fault.RATE_LIMIT_ERROR: refusal(400, "Too many requests.", error_type="rate_limit_error"),
    Fault.PLEASE_WAIT: refusal(401, WAIT, require_login=True, igweb_rollout=True),
    Fault.FEEDBACK_REQUIRED: refusal(400, "feedback_required", **FEEDBACK),
    Fault.SENTRY_BLOCK: refusal(400, "Sorry, there was a problem.", error_type="sentry_block"),
    Fault.SUSPENDED: refusal(400, "challenge_required", **SUSPENSION),
    Fault.LOGIN_REQUIRED: refusal(403, "login_required", **LOGGED_OUT),
    Fault.NEEDS_UPGRADE: refusal(400, "Please update your app.", error_type="needs_upgrade"),
    Fault.ERROR_500_BEFORE: Answer(500, b"<html>Oops, an error occurred.</html>", HTML),
    Fault.ERROR_500_AFTER: Answer(500, b"<html>Oops, an error occurred.</html>", HTML),
    Fault.ERROR_408_AFTER: refusal(408, "Request timed out"),
    Fault.DROP_BEFORE: Drop(),
    Fault.DROP_AFTER: Drop(),
    Fault.HANG_BEFORE: Hang(),
    Fault.HANG_AFTER: Hang(),
    Fault.ODD_JSON: Answer(200, b"<html>Down for maintenance</html>", HTML),
    Fault.ODD_JSON_AFTER: Answer(200, b"<html>Down for maintenance</html>", HTML),
    Fault.EMPTY_JSON: EMPTY,
    Fault.EMPTY_JSON_AFTER: EMPTY,
    Fault.NOT_FINISHED: refusal(202, "Transcode not finished yet."),
}


class Faults(FaultPlan[Fault]):
    """The faults that are still to come, in the order they were added."""

    def add(
        self, pattern: str, fault: Fault, times: int | None = 1, after: int = 0, chance: float = 1.0
    ) -> None:
        """Let requests fail whose endpoint begins with that, as `feed/user/*/story`, without `/api/v1/`."""
        super().add(f"{pattern}*", fault, times, after, chance)
