"""From whatever the client raises to the answer that counts: whether it may be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from requests import RequestException

from pipeline.errors import DeliveryError, NeedsPerson, OutcomeUnknown, Rejected, StoryrelayError, TryAgain
from pipeline.mirror.kinds import Kind, answer_of, kind_of, named, refused, status_of
from pipeline.mirror.line import Line
from pipeline.mirror.telling import UNREACHABLE, cause_of, short

REFUSALS = frozenset({400, 405, 406, 409, 410, 411, 413, 415, 416, 422})
"""Answers to an upload that stay the same however often it is tried."""

WORDS = {
    "ChallengeRequired": "Instagram wants to know that it's you: open its app, confirm there",
    "AccountSuspended": "Instagram has suspended the account: open its app and see what it says",
    "LoginRequired": "Instagram has ended the session",
    "TwoFactorRequired": "Instagram wants a code",
    "ClientNeedsUpgradeError": "Instagram wants a newer client: pip install -U instagrapi",
    "ProxyAddressIsBlocked": "Instagram refuses this internet address: use another proxy",
    "BadPassword": "Instagram refuses the password, or distrusts this device or address: try its app",
}

AT_LOGIN = {
    **WORDS,
    "ChallengeRequired": "Instagram wants to know that it's you: confirm in its app, on a device it knows",
    "TwoFactorRequired": "Instagram wants the code of your authenticator: be at a terminal, or set `totp`",
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Says what a failure means for one account."""

    line: Line

    def before(self, failure: Exception, *, uploading: bool = False) -> StoryrelayError:
        """A failure while nothing can be live yet."""
        if isinstance(failure, StoryrelayError):
            return failure
        kind = kind_of(failure)
        if kind is Kind.NEVER or (uploading and status_of(failure) in REFUSALS and kind is Kind.AGAIN):
            return Rejected(f"Instagram doesn't take this story: {self._told(failure)}")
        if kind in (Kind.REST, Kind.PERSON):
            return self._block(kind, failure)
        if isinstance(failure, (ValueError, AssertionError)) and not isinstance(failure, RequestException):
            return Rejected(f"this story can't be put in Instagram's form ({type(failure).__name__})")
        reason = f"{self._told(failure)}; nothing was published"
        return TryAgain(reason, rest_until=self._pause(failure))

    def reading(self, failure: Exception) -> StoryrelayError:
        """A failure of what only reads."""
        if isinstance(failure, StoryrelayError):
            return failure
        kind = kind_of(failure)
        if kind in (Kind.REST, Kind.PERSON):
            return self._block(kind, failure)
        return TryAgain(self._told(failure), rest_until=self._pause(failure))

    def publishing(self, failure: Exception) -> StoryrelayError:
        """A failure of the request that publishes: only a clear answer says that nothing is live."""
        if isinstance(failure, StoryrelayError):
            return failure
        kind = kind_of(failure)
        if kind is Kind.NOT_YET:
            return TryAgain("Instagram is still preparing the video; nothing was published")
        if kind in (Kind.REST, Kind.PERSON, Kind.NEVER) and refused(failure):
            return self._block(kind, failure)
        rest_until = self._rest() if kind is Kind.REST else self._pause(failure)
        return OutcomeUnknown(f"{self._told(failure)}; it may be live all the same", rest_until=rest_until)

    def at_login(self, failure: Exception) -> StoryrelayError:
        """A failure of a login that a person asked for."""
        if isinstance(failure, StoryrelayError):
            return failure
        if kind_of(failure) is Kind.REST:
            return TryAgain(f"Instagram asks for less: {self._told(failure)}", rest_until=self._rest())
        if _no_answer(failure):
            return TryAgain(f"{self._told(failure)}; nobody was logged in")
        words = AT_LOGIN.get(_family(failure), f"Instagram didn't let you in: {self._told(failure)}")
        return NeedsPerson(f"{words}. Next: storyrelay session login {self.line.name}")

    def _block(self, kind: Kind, failure: Exception) -> DeliveryError:
        if kind is Kind.NEVER:
            return Rejected(f"Instagram doesn't take this story: {self._told(failure)}")
        if kind is Kind.REST:
            return TryAgain(f"Instagram asks for less: {self._told(failure)}", rest_until=self._rest())
        words = WORDS.get(_family(failure), f"Instagram wants something of you ({named(failure)})")
        return NeedsPerson(f"{words}. Next: storyrelay session login {self.line.name}", everything=True)

    def _rest(self) -> datetime:
        return self.line.clock() + timedelta(hours=self.line.account.pace.rest_hours)

    def _pause(self, failure: Exception) -> datetime | None:
        return self.line.clock() + UNREACHABLE if _no_answer(failure) else None

    def _told(self, failure: Exception) -> str:
        if _no_answer(failure):
            return f"Instagram can't be reached or doesn't answer ({cause_of(failure, self.line.name)})"
        answer = answer_of(failure)
        said = str(answer.get("feedback_message") or answer.get("message") or "")
        status = status_of(failure)
        name = named(failure) if status is None else f"{named(failure)}, HTTP {status}"
        return f'Instagram said "{short(said)}" ({name})' if said else f"Instagram's answer is odd ({name})"


def no_session(line: Line) -> NeedsPerson:
    """Nobody is logged in."""
    reason = f"@{line.account.username} isn't logged in. Next: storyrelay session login {line.name}"
    return NeedsPerson(reason, everything=True)


def _no_answer(failure: Exception) -> bool:
    silent = type(failure).__name__ in (
        "ClientConnectionError",
        "ClientRequestTimeout",
        "ClientIncompleteReadError",
    )
    return silent or (isinstance(failure, RequestException) and status_of(failure) is None)


def _family(failure: Exception) -> str:
    name = named(failure)
    kin = {"ClientLoginRequired": "LoginRequired", "ClientUnauthorizedError": "LoginRequired"}
    ancestors = {kind.__name__ for kind in type(failure).__mro__}
    captcha = "ChallengeError" in ancestors or "Captcha" in name
    return "ChallengeRequired" if captcha else kin.get(name, name)
