"""What can go wrong, on any endpoint, so many times, with or without the story being live."""

from __future__ import annotations

from enum import Enum, auto

from fakes.graph.errors import NOT_READY, Problem, as_json, refusal, usage
from fakes.servers.faults import FaultPlan
from fakes.servers.wire import Answer, Drop, Hang, Reply


class Fault(Enum):
    """AFTER ones do the work first and then fail; the others, and BEFORE ones, don't do it at all."""

    DROP_BEFORE = auto()
    DROP_AFTER = auto()
    HANG_BEFORE = auto()
    HANG_AFTER = auto()
    CUT_SHORT_AFTER = auto()
    ERROR_500_BEFORE = auto()
    ERROR_500_AFTER = auto()
    ERROR_503_BEFORE = auto()
    ERROR_503_AFTER = auto()
    ODD_JSON = auto()
    ODD_JSON_AFTER = auto()
    EMPTY_JSON = auto()
    EMPTY_JSON_AFTER = auto()
    HTTP_429 = auto()
    APP_LIMIT_4 = auto()
    USER_LIMIT_17 = auto()
    PAGE_LIMIT_32 = auto()
    CALL_LIMIT_613 = auto()
    INSTAGRAM_LIMIT_80002 = auto()
    PAGE_LIMIT_80001 = auto()
    UNKNOWN_1_BEFORE = auto()
    UNKNOWN_1_AFTER = auto()
    TEMPORARY_2_BEFORE = auto()
    TEMPORARY_2_AFTER = auto()
    SERVER_ERROR_2207001_BEFORE = auto()
    SERVER_ERROR_2207001_AFTER = auto()
    BUILDER_GONE_2207008_BEFORE = auto()
    BUILDER_GONE_2207008_AFTER = auto()
    NOT_READY_2207027 = auto()
    SLOW_FETCH_2207003 = auto()
    NOT_CREATED_2207032 = auto()
    UPLOAD_FAILED_2207053 = auto()
    SPAM_2207051_BEFORE = auto()
    SPAM_2207051_AFTER = auto()
    """Reported in 2026 by several: the action is said to be blocked, and the post is live all the same."""
    RESTRICTED_2207050 = auto()
    POLICY_368 = auto()
    TOKEN_EXPIRED_190 = auto()
    TOKEN_REVOKED_190 = auto()
    CHECKPOINT_190 = auto()
    NO_PERMISSION_10 = auto()
    NO_PERMISSION_200 = auto()
    OBJECT_GONE_100 = auto()
    HALF_UPLOAD = auto()
    """Half of the body arrives, and is kept, before the connection dies."""
    PROCESSING_ERROR = auto()
    """All goes well, but what came of this request fails later, while it is processed."""

    @property
    def commits(self) -> bool:
        """Whether the work is done all the same."""
        return self.name.endswith("_AFTER")


PERSON = frozenset(
    {
        Fault.SPAM_2207051_BEFORE,
        Fault.RESTRICTED_2207050,
        Fault.POLICY_368,
        Fault.TOKEN_EXPIRED_190,
        Fault.TOKEN_REVOKED_190,
        Fault.CHECKPOINT_190,
        Fault.NO_PERMISSION_10,
        Fault.NO_PERMISSION_200,
    }
)
"""After these nothing goes on before a person has acted."""
LIMITS = frozenset(
    {
        Fault.HTTP_429,
        Fault.APP_LIMIT_4,
        Fault.USER_LIMIT_17,
        Fault.PAGE_LIMIT_32,
        Fault.CALL_LIMIT_613,
        Fault.INSTAGRAM_LIMIT_80002,
        Fault.PAGE_LIMIT_80001,
    }
)
"""Nothing was done; later the same request may be made again."""
HTML = (("content-type", "text/html; charset=utf-8"),)
OOPS = b"<html>Sorry, something went wrong.</html>"
BUSY = b"<html>Service Unavailable</html>"
EMPTY = as_json({})
ODD = Answer(200, b"<html>Down for maintenance</html>", HTML)
TOO_MANY = "There have been too many calls"
GONE = "The media builder with creation id = 0 does not exist or has been expired."
SPAM = "We restrict certain activity to protect our community. Tell us if you think we made a mistake."
SESSION = "Error validating access token: "
EXPIRED = SESSION + "Session has expired on Thursday, 26-Nov-26 10:00:00 PST."
CHANGED = (
    SESSION + "The session has been invalidated because the user changed their password or Facebook has "
    "changed the session for security reasons."
)
CHECKPOINTED = SESSION + "You cannot access the app till you log in to www.facebook.com."
ABUSIVE = "The action attempted has been deemed abusive or is otherwise disallowed"


def limited(problem: Problem, owner: str = "0", kind: str = "instagram") -> Reply:
    return refusal(problem, *usage(100, owner, kind))


def publishing(code: int, subcode: int, words: str, message: str | None = None) -> Reply:
    return refusal(Problem(code, message or words, subcode, title=words, words=words))


UNKNOWN = refusal(Problem(1, "An unknown error occurred", status=500))
TEMPORARY = refusal(
    Problem(2, "(#2) Service temporarily unavailable", status=500, transient=True),
)
BLOCKED = refusal(
    Problem(4, "Application request limit reached", 2207051, 403, title="action is blocked", words=SPAM)
)
SERVER = refusal(Problem(-1, "Fatal", 2207001, transient=True))
REPLIES: dict[Fault, Reply] = {
    Fault.DROP_BEFORE: Drop(),
    Fault.DROP_AFTER: Drop(),
    Fault.HANG_BEFORE: Hang(),
    Fault.HANG_AFTER: Hang(),
    Fault.HALF_UPLOAD: Drop(),
    Fault.ERROR_500_BEFORE: Answer(500, OOPS, HTML),
    Fault.ERROR_500_AFTER: Answer(500, OOPS, HTML),
    Fault.ERROR_503_BEFORE: Answer(503, BUSY, HTML),
    Fault.ERROR_503_AFTER: Answer(503, BUSY, HTML),
    Fault.ODD_JSON: ODD,
    Fault.ODD_JSON_AFTER: ODD,
    Fault.EMPTY_JSON: EMPTY,
    Fault.EMPTY_JSON_AFTER: EMPTY,
    Fault.HTTP_429: Answer(429, b"", HTML),
    Fault.APP_LIMIT_4: limited(
        Problem(4, "(#4) Application request limit reached", status=403, transient=True)
    ),
    Fault.USER_LIMIT_17: limited(Problem(17, "(#17) User request limit reached", transient=True)),
    Fault.PAGE_LIMIT_32: limited(Problem(32, "(#32) Page request limit reached", status=403), kind="pages"),
    Fault.CALL_LIMIT_613: limited(Problem(613, "(#613) Calls to this api have exceeded the rate limit.")),
    Fault.INSTAGRAM_LIMIT_80002: limited(
        Problem(80002, f"(#80002) {TOO_MANY} to this Instagram account. Wait a bit and try again.")
    ),
    Fault.PAGE_LIMIT_80001: limited(
        Problem(80001, f"(#80001) {TOO_MANY} from this Page account. Wait a bit and try again."), kind="pages"
    ),
    Fault.UNKNOWN_1_BEFORE: UNKNOWN,
    Fault.UNKNOWN_1_AFTER: UNKNOWN,
    Fault.TEMPORARY_2_BEFORE: TEMPORARY,
    Fault.TEMPORARY_2_AFTER: TEMPORARY,
    Fault.SERVER_ERROR_2207001_BEFORE: SERVER,
    Fault.SERVER_ERROR_2207001_AFTER: SERVER,
    Fault.BUILDER_GONE_2207008_BEFORE: publishing(24, 2207008, GONE),
    Fault.BUILDER_GONE_2207008_AFTER: publishing(24, 2207008, GONE),
    Fault.NOT_READY_2207027: refusal(NOT_READY),
    Fault.SLOW_FETCH_2207003: publishing(-2, 2207003, "It takes too long to download the media."),
    Fault.NOT_CREATED_2207032: publishing(-1, 2207032, "Create media fail, please try to re-create media"),
    Fault.UPLOAD_FAILED_2207053: publishing(-1, 2207053, "unknown upload error"),
    Fault.SPAM_2207051_BEFORE: BLOCKED,
    Fault.SPAM_2207051_AFTER: BLOCKED,
    Fault.RESTRICTED_2207050: publishing(25, 2207050, "The Instagram account is restricted."),
    Fault.POLICY_368: refusal(Problem(368, ABUSIVE, title="Action Blocked", words=ABUSIVE)),
    Fault.TOKEN_EXPIRED_190: refusal(Problem(190, EXPIRED, 463, status=401)),
    Fault.TOKEN_REVOKED_190: refusal(Problem(190, CHANGED, 460)),
    Fault.CHECKPOINT_190: refusal(Problem(190, CHECKPOINTED, 459)),
    Fault.NO_PERMISSION_10: refusal(
        Problem(10, "(#10) Application does not have permission for this action", status=403)
    ),
    Fault.NO_PERMISSION_200: refusal(Problem(200, "(#200) Permissions error", status=403)),
    Fault.OBJECT_GONE_100: refusal(
        Problem(100, "Unsupported get request. Object with ID '0' does not exist", 33)
    ),
}


class Faults(FaultPlan[Fault]):
    """The faults that are still to come, by shell patterns of method and endpoint: `POST */media_publish`.

    The endpoint is the path without its version: `GET 17841405822304914/stories`, `POST video-upload/*`.
    """
