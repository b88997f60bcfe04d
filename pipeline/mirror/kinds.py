"""What each of instagrapi's error classes means for us, and the signs of it in a server's answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

TOO_MANY = 429


class Kind(Enum):
    """What a failure calls for."""

    AGAIN = auto()
    """Neither the story nor the account is at fault: later."""
    REST = auto()
    """The server asks for less: leave the account alone for hours."""
    PERSON = auto()
    """Only a person gets any further, and nothing else of this account will."""
    NEVER = auto()
    """This story isn't taken, however often it is tried."""
    MISSING = auto()
    """What was asked for isn't there."""
    NOT_YET = auto()
    """The server is still preparing the video; nothing is live."""


KINDS: Mapping[Kind, str] = {
    Kind.PERSON: """
        ChallengeError ChallengeRedirection ChallengeRequired ChallengeSelfieCaptcha ChallengeUnknownStep
        SelectContactPointRecoveryForm RecaptchaChallengeForm SubmitPhoneNumberForm
        LegacyForceSetNewPasswordForm CaptchaChallengeRequired TwoFactorRequired AccountSuspended
        LoginRequired ClientLoginRequired ClientUnauthorizedError ReloginAttemptExceeded BadPassword
        BadCredentials ResetPasswordError ProxyAddressIsBlocked ClientNeedsUpgradeError AccountEditError
        AccountContactPointRequired AgeEligibilityError EmailInvalidError EmailNotAvailableError
        EmailVerificationSendError""",
    Kind.REST: """
        PleaseWaitFewMinutes RateLimitError FeedbackRequired SignupSpamError SentryBlock
        ClientThrottledError""",
    Kind.NEVER: "VideoTooLongException ValidationError AlbumUnknownFormat",
    Kind.MISSING: """
        NotFoundError ClientNotFoundError UserNotFound UserError LocationNotFound LocationError
        HashtagNotFound HashtagError MediaNotFound MediaError MediaUnavailable StoryNotFound
        HighlightNotFound NoteNotFound TrackNotFound CollectionNotFound CollectionError
        DirectThreadNotFound DirectMessageNotFound CommentNotFound CommentUnavailable CommentsDisabled
        PrivateAccount InvalidTargetUser InvalidMediaId""",
    Kind.AGAIN: """
        ClientError ClientUnknownError WrongCursorError ClientStatusFail ClientErrorWithTitle
        GenericRequestError ClientGraphqlError ClientJSONDecodeError ClientConnectionError
        ClientBadRequestError ClientForbiddenError ClientRequestTimeout ClientIncompleteReadError
        PrivateError UnknownError DirectError DirectMessageRequestsDisabled VideoNotDownload VideoNotUpload
        VideoConfigureError VideoConfigureStoryError PhotoNotUpload PhotoConfigureError
        PhotoConfigureStoryError IGTVNotUpload IGTVConfigureError ClipNotUpload ClipConfigureError
        AlbumNotDownload AlbumConfigureError RelatedProfileRequired""",
}
OF_CLASS: Mapping[str, Kind] = {name: kind for kind, names in KINDS.items() for name in names.split()}

SIGNS: tuple[tuple[str, str], ...] = (
    ("transcode not finished", "NotFinished"),
    ("/suspended/", "AccountSuspended"),
    ("challenge_required", "ChallengeRequired"),
    ("checkpoint_required", "ChallengeRequired"),
    ("consent_required", "ChallengeRequired"),
    ("two_factor_required", "TwoFactorRequired"),
    ("login_required", "LoginRequired"),
    ("feedback_required", "FeedbackRequired"),
    ("please wait a few minutes", "PleaseWaitFewMinutes"),
    ("rate_limit_error", "RateLimitError"),
    ("sentry_block", "SentryBlock"),
    ("needs_upgrade", "ClientNeedsUpgradeError"),
    ("videotoolongexception", "VideoTooLongException"),
    ("media_needs_reupload", "MediaNeedsReupload"),
)
"""What may stand in an answer, and the class it means: uploads hide it in classes of their own."""

OURS = {"NotFinished": Kind.NOT_YET, "MediaNeedsReupload": Kind.NEVER}


def named(failure: Exception) -> str:
    """The class that a failure really is, by its answer first and its own class second."""
    answer = answer_of(failure)
    told = " ".join(str(answer.get(key, "")) for key in ("message", "error_type", "error_title"))
    challenge = answer.get("challenge")
    told += f" {challenge.get('url', '')}" if isinstance(challenge, dict) else ""
    told = f"{told} {getattr(failure, 'message', '')}".lower()
    for sign, name in SIGNS:
        if sign in told:
            return name
    if status_of(failure) == TOO_MANY:
        return "ClientThrottledError"
    known = (kind.__name__ for kind in type(failure).__mro__ if kind.__name__ in OF_CLASS)
    return next(known, type(failure).__name__)


def kind_of(failure: Exception) -> Kind | None:
    """What a failure of the client calls for; None for one that isn't the client's."""
    name = named(failure)
    return OURS.get(name) or OF_CLASS.get(name)


def answer_of(failure: Exception) -> Mapping[str, Any]:
    """What the server answered, as far as it was JSON; the client hangs some answers on its errors."""
    response = getattr(failure, "response", None)
    if response is None:
        return dict(getattr(failure, "__dict__", {}))
    try:
        plain = response.json()
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}


def status_of(failure: Exception) -> int | None:
    """The HTTP status of the answer, where there was one."""
    status = getattr(getattr(failure, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def refused(failure: Exception) -> bool:
    """Whether the server itself said that it did nothing, in an answer that can be read."""
    return answer_of(failure).get("status") == "fail"
